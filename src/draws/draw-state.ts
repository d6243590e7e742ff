import { clockRows, type Clocks } from '../clocks/stream-clocks';
import { evolveBy, when } from '../kernel/decider';
import { dateInChina, type LocalDate } from '../kernel/time';
import * as E from './draw-events';

/** How far the inspection of one party has come. */
export interface Inspection {
  readonly result: string;
  readonly conductedOn: LocalDate;
  readonly publishedOn?: LocalDate;
}

/** A random draw 随机抽查 (B16) as decisions see it. */
export interface DrawState {
  readonly stage: 'none' | 'announced' | 'held' | 'voided';
  readonly bodyId: string;
  /** Where the announcement stands in the ledger, from 1. */
  readonly position: number;
  readonly announced?: Readonly<E.DrawAnnounced>;
  readonly held?: Readonly<E.DrawHeld> & { readonly on: LocalDate };
  /** By the party's id. */
  readonly inspections: Readonly<Record<string, Inspection>>;
  readonly clocks: Clocks;
}

export const initialDraw: DrawState = { stage: 'none', bodyId: '', position: 0, inspections: {}, clocks: {} };

const inspected = (s: DrawState, party: string, next: Partial<Inspection>): DrawState => ({
  ...s,
  inspections: { ...s.inspections, [party]: { ...s.inspections[party], ...next } },
});

export const evolveDraw = evolveBy<DrawState>(
  when(E.DrawAnnounced, (s, d, { position }) => ({
    ...s,
    stage: 'announced',
    bodyId: d.bodyId,
    position,
    announced: d,
  })),
  when(E.DrawHeld, (s, d, { metadata }) => ({
    ...s,
    stage: 'held',
    held: { ...d, on: dateInChina(metadata.occurredAt) },
  })),
  when(E.DrawVoided, (s) => ({ ...s, stage: 'voided' })),
  when(E.InspectionConducted, (s, { party, result, conductedOn }) => inspected(s, party, { result, conductedOn })),
  when(E.InspectionResultPublished, (s, { party, publishedOn }) => inspected(s, party, { publishedOn })),
  when(E.InspectionResultCorrected, (s, { party, result }) => inspected(s, party, { result })),
  ...clockRows<DrawState>(),
);
