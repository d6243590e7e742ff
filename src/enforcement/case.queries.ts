import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import diff from 'microdiff';
import { caseFileAfter } from '../../projections/case-file/details';
import { gaps, type Gap } from '../../projections/case-file/links';
import type { CaseFileRow, CaseRow, TimelineEntry } from '../../projections/case-file/rows';
import { timelineEntry } from '../../projections/case-file/timeline';
import { Failure } from '../kernel/errors';
import { isOfOtherBody, type Actor, type RecordedEvent } from '../kernel/event';
import { startOfDay, type LocalDate } from '../kernel/time';
import { EventStore, MAX_PAGE_EVENTS } from '../ledger/event-store';

/** A moment in a case's past: a position of the ledger, or the end of a day as it was recorded by then. */
export interface Moment {
  readonly position?: number;
  readonly date?: LocalDate;
}

/** The case as the ledger knew it at a moment. */
export class CaseAt {
  constructor(
    readonly id: string,
    readonly moment: Moment,
    readonly actor: Actor,
  ) {}
}

/** What changed in a case between two moments. */
export class CaseDifferences {
  constructor(
    readonly id: string,
    readonly from: Moment,
    readonly to: Moment,
    readonly actor: Actor,
  ) {}
}

/** Every event of a case as it was recorded, in pages by revision. */
export class CaseEvents {
  constructor(
    readonly id: string,
    readonly fromRevision: number,
    readonly limit: number,
    readonly actor: Actor,
  ) {}
}

/** One change: where, what stood there and what stands there now. */
export interface Difference {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A case in its whole: as it stands, its timeline, and the gaps of its record. */
export type CaseFile = CaseFileRow & { readonly timeline: readonly TimelineEntry[]; readonly gaps: readonly Gap[] };

const DAY_MS = 86_400_000;

/** The stream of a case id: imported acts of the past keep the name of their own stream. */
export const caseStream = (id: string): string => (id.startsWith('historical-') ? id : `case-${id}`);

/** The body whose case it is. An imported act is nobody's own, and was public in the file it came from. */
export const bodyOfCase = (file: CaseRow): string | undefined =>
  file.procedure === 'historical' ? undefined : file.bodyId;

@QueryHandler(CaseAt)
export class CaseAtHandler implements IQueryHandler<CaseAt, CaseFile> {
  constructor(private readonly store: EventStore) {}

  async execute({ id, moment, actor }: CaseAt): Promise<CaseFile> {
    const [file] = await filesAt(this.store, id, [moment]);
    return seen(file, actor);
  }
}

@QueryHandler(CaseDifferences)
export class CaseDifferencesHandler implements IQueryHandler<CaseDifferences, Difference[]> {
  constructor(private readonly store: EventStore) {}

  async execute({ id, from, to, actor }: CaseDifferences): Promise<Difference[]> {
    const [before, after] = await filesAt(this.store, id, [from, to]);
    seen(after ?? before, actor);
    return diff({ ...before }, { ...after }).map((d): Difference => {
      const path = d.path.join('.');
      if (d.type === 'CREATE') return { kind: 'added', path, after: d.value as unknown };
      if (d.type === 'REMOVE') return { kind: 'removed', path, before: d.oldValue as unknown };
      return { kind: 'changed', path, before: d.oldValue as unknown, after: d.value as unknown };
    });
  }
}

@QueryHandler(CaseEvents)
export class CaseEventsHandler implements IQueryHandler<CaseEvents, RecordedEvent[]> {
  constructor(private readonly store: EventStore) {}

  async execute({ id, fromRevision, limit, actor }: CaseEvents): Promise<RecordedEvent[]> {
    const [file] = await filesAt(this.store, id, [{}]);
    seen(file, actor);
    return this.store.readStream(caseStream(id), { direction: 'forwards', from: fromRevision, limit });
  }
}

/** The case folded from its own stream up to each moment; the same fold that makes the stored row. */
async function filesAt(
  store: EventStore,
  id: string,
  moments: readonly Moment[],
): Promise<Array<CaseFile | undefined>> {
  const rows: Array<CaseFileRow | undefined> = moments.map(() => undefined);
  const timelines: TimelineEntry[][] = moments.map(() => []);
  for (let from = 0; ; from += MAX_PAGE_EVENTS) {
    const page = await store.readStream(caseStream(id), { direction: 'forwards', from, limit: MAX_PAGE_EVENTS });
    for (const event of page) {
      moments.forEach((moment, i) => {
        if (!isBy(event, moment)) return;
        rows[i] = caseFileAfter(rows[i], event);
        timelines[i].push(timelineEntry(event));
      });
    }
    if (page.length < MAX_PAGE_EVENTS) break;
  }
  return rows.map((row, i) => row && { ...row, timeline: timelines[i], gaps: gaps(row, timelines[i]) });
}

function isBy(event: RecordedEvent, { position, date }: Moment): boolean {
  if (position !== undefined && event.position > position) return false;
  if (date === undefined) return true;
  return Date.parse(event.metadata.recordedAt) < Date.parse(startOfDay(date)) + DAY_MS;
}

/** @throws Failure `record.not_found`, also for a case of another body */
function seen(file: CaseFile | undefined, actor: Actor): CaseFile {
  if (!file || isOfOtherBody(bodyOfCase(file), actor)) {
    throw new Failure('not_found', 'record.not_found', {
      zh: '没有这个案件，或当时尚未立案。',
      en: 'There is no such case, or there was none yet.',
    });
  }
  return file;
}
