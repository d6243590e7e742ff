import { NoticePublishedLate } from '../../src/disclosure/notice-events';
import { ClockMissed } from '../../src/clocks/clock-events';
import type { RecordedEvent } from '../../src/kernel/event';
import {
  ClueDismissed,
  ClueRaised,
  CompensationPaid,
  MatterAppealDecided,
  MatterAppealed,
  MatterClosed,
  MatterDetermined,
  MatterInvestigationOpened,
  MatterMeasureImposed,
  RecoveryOrdered,
  RecoveryPaid,
} from '../../src/oversight/accountability-events';
import { clockAfter, clockKey } from '../clock-row';
import { change, foldBy, idOf, on } from '../fold';
import type { Projection, Rows } from '../projection';
import type { AnswerRow, BodyTallyRow, MatterRow, RecoveryRow, StreamClockRow } from './rows';

/** What is answered for, by the id of the event that says it was missed. */
type MissedRow = Omit<AnswerRow, 'officerId' | 'role'>;

const matters = foldBy(
  on(ClueRaised, (rows, d, e) => {
    rows.put<MatterRow>('matter', idOf(e), {
      id: idOf(e),
      ground: d.ground,
      origin: d.origin,
      raisedBy: e.metadata.actor.kind === 'system' ? 'ledger' : 'person',
      bodyId: d.bodyId,
      officerIds: d.officerIds,
      chain: d.chain,
      summary: d.summary,
      status: 'clue',
      investigators: [],
      findings: [],
      measures: [],
      appeals: [],
      compensationYuan: 0,
      recoveries: [],
      recoveryOutstandingYuan: 0,
      raisedAt: e.metadata.recordedAt,
      events: [],
      position: e.position,
    });
    tally(rows, d.bodyId, 'mattersRaised', 1);
    if (e.metadata.actor.kind !== 'system') return;
    tally(rows, d.bodyId, 'mattersByLedger', 1);
    for (const { officerId, role } of d.chain) answer(rows, d.origin.eventId ?? '', officerId, role);
  }),
  on(ClueDismissed, (rows, _, e) => matter(rows, e, () => ({ status: 'dismissed' }))),
  on(MatterInvestigationOpened, (rows, d, e) =>
    matter(rows, e, () => ({ status: 'investigating', investigators: d.investigatorIds })),
  ),
  on(MatterDetermined, (rows, d, e) =>
    matter(rows, e, () => ({
      status: 'determined',
      consequence: d.consequence,
      unitResponsible: d.unitResponsible,
      findings: d.findings,
    })),
  ),
  on(MatterMeasureImposed, (rows, d, e) =>
    matter(rows, e, (m) => ({ measures: [...m.measures, { ...d, eventId: e.id }] })),
  ),
  on(MatterAppealed, (rows, d, e) =>
    matter(rows, e, (m) => ({
      status: 'appealed',
      appeals: [...m.appeals, { officerId: d.officerId, appealedOn: d.appealedOn }],
    })),
  ),
  on(MatterAppealDecided, (rows, d, e) =>
    matter(rows, e, (m) => {
      const appeals = m.appeals.map((a) =>
        a.officerId === d.officerId && !a.outcome ? { ...a, outcome: d.outcome } : a,
      );
      const status = appeals.some((a) => !a.outcome) ? 'appealed' : 'determined';
      if (d.outcome === 'upheld') return { status, appeals };
      return {
        status,
        appeals,
        findings: [...m.findings.filter((f) => f.officerId !== d.officerId), ...(d.finding ? [d.finding] : [])],
        measures: m.measures.filter((x) => x.officerId !== d.officerId),
      };
    }),
  ),
  on(CompensationPaid, (rows, d, e) =>
    matter(rows, e, (m) => ({
      // Compensation settled later opens a closed matter again (L08).
      status: m.status === 'closed' ? 'determined' : m.status,
      compensationYuan: toCent(m.compensationYuan + d.amountYuan),
    })),
  ),
  on(RecoveryOrdered, (rows, d, e) => recover(rows, e, d.officerId, d.amountYuan, 0)),
  on(RecoveryPaid, (rows, d, e) => recover(rows, e, d.officerId, 0, d.amountYuan)),
  on(MatterClosed, (rows, d, e) => matter(rows, e, () => ({ status: 'closed', closedOutcome: d.outcome }))),
);

const board = foldBy(
  on(NoticePublishedLate, (rows, _, e) => {
    const clock = rows.get<{ bodyId: string }>('notice', e.stream);
    if (clock) tally(rows, clock.bodyId, 'noticesLate', 1);
  }),
  on(ClockMissed, (rows, d, e) => {
    if (d.bindsParty) return;
    tally(rows, d.bodyId, 'clocksMissed', 1);
    rows.put<MissedRow>('missed', e.id, {
      bodyId: d.bodyId,
      stream: e.stream,
      clock: d.clock,
      item: d.item,
      zh: d.zh,
      en: d.en,
      dueOn: d.dueOn,
      basis: d.basis,
      eventId: e.id,
      position: e.position,
    });
    for (const officerId of d.responsibleOfficers) answer(rows, e.id, officerId, 'officer');
  }),
);

/** Matters, every legal clock and who answers for the missed ones along the chain (责任追究, L01-L08). */
export const accountability: Projection = {
  name: 'accountability',
  version: 2,
  tables: {
    matter: {
      columns: {
        status: (r: MatterRow) => r.status,
        ground: (r: MatterRow) => r.ground,
        body: (r: MatterRow) => r.bodyId,
        raised: (r: MatterRow) => r.raisedAt,
        recovery: (r: MatterRow) => (r.recoveryOutstandingYuan > 0 ? 1 : 0),
      },
      numbers: ['recovery'],
    },
    clock: {
      columns: {
        due: (r: StreamClockRow) => r.dueOn,
        state: (r: StreamClockRow) => r.state,
        missed: (r: StreamClockRow) => (r.missed ? 1 : 0),
        body: (r: StreamClockRow) => r.bodyId,
        stream: (r: StreamClockRow) => r.stream,
      },
      numbers: ['missed'],
    },
    answer: {
      columns: {
        officer: (r: AnswerRow) => r.officerId,
        body: (r: AnswerRow) => r.bodyId,
        due: (r: AnswerRow) => r.dueOn,
      },
    },
    body: { columns: { body: (r: BodyTallyRow) => r.bodyId } },
    missed: {},
    notice: {},
  },
  apply(event, rows) {
    clock(rows, event);
    board(event, rows);
    if (!event.stream.startsWith('matter-')) return;
    matters(event, rows);
    change<MatterRow>(rows, 'matter', idOf(event), (m) => ({
      ...m,
      position: event.position,
      revision: event.revision,
      events: [
        ...m.events,
        {
          eventId: event.id,
          type: event.type,
          position: event.position,
          occurredAt: event.metadata.occurredAt,
          recordedAt: event.metadata.recordedAt,
          account: event.metadata.actor.account,
        },
      ],
    }));
  },
};

function clock(rows: Rows, event: RecordedEvent): void {
  if (!event.type.startsWith('Clock')) return;
  const keyIn = (key: string): string => `${event.stream}|${key}`;
  const row = clockAfter(event, (key) => rows.get<StreamClockRow>('clock', keyIn(key)));
  if (!row) return;
  const before = rows.get<StreamClockRow>('clock', keyIn(clockKey(row)));
  rows.put<StreamClockRow>('clock', keyIn(clockKey(row)), {
    ...row,
    stream: event.stream,
    startedBy: before && event.type !== 'ClockStarted' ? before.startedBy : event.id,
    missedEventId: event.type === 'ClockMissed' ? event.id : before?.missedEventId,
  });
  if (event.stream.startsWith('notice-') && event.type === 'ClockStarted') {
    rows.put('notice', event.stream, { bodyId: row.bodyId });
  }
}

/** Whoever answers in two capacities answers in the one nearest to the act. */
function answer(rows: Rows, eventId: string, officerId: string, role: string): void {
  const missed = rows.get<MissedRow>('missed', eventId);
  const key = `${officerId}|${eventId}`;
  if (missed && !rows.get('answer', key)) rows.put<AnswerRow>('answer', key, { ...missed, officerId, role });
}

/** Changes a matter; one that is closed, or opened again, moves its body's number of closed matters. */
function matter(rows: Rows, e: RecordedEvent, next: (m: Readonly<MatterRow>) => Partial<MatterRow>): void {
  const before = rows.get<MatterRow>('matter', idOf(e));
  if (!before) return;
  const after = { ...before, ...next(before) };
  rows.put<MatterRow>('matter', idOf(e), after);
  const closed = Number(after.status === 'closed') - Number(before.status === 'closed');
  if (closed !== 0) tally(rows, before.bodyId, 'mattersClosed', closed);
}

/** Sums of yuan are not exact beyond the cent. */
const toCent = (yuan: number): number => Math.round(yuan * 100) / 100;

function recover(rows: Rows, e: RecordedEvent, officerId: string, orderedYuan: number, paidYuan: number): void {
  const before = rows.get<MatterRow>('matter', idOf(e));
  if (!before) return;
  const known = before.recoveries.find((r) => r.officerId === officerId);
  const row: RecoveryRow = {
    officerId,
    orderedYuan: toCent((known?.orderedYuan ?? 0) + orderedYuan),
    paidYuan: toCent((known?.paidYuan ?? 0) + paidYuan),
  };
  matter(rows, e, (m) => ({
    recoveries: [...m.recoveries.filter((r) => r.officerId !== officerId), row],
    recoveryOutstandingYuan: toCent(m.recoveryOutstandingYuan + orderedYuan - paidYuan),
  }));
  tally(rows, before.bodyId, 'recoveryOutstandingYuan', orderedYuan - paidYuan);
}

function tally(rows: Rows, bodyId: string, what: Exclude<keyof BodyTallyRow, 'bodyId'>, by: number): void {
  const before = rows.get<BodyTallyRow>('body', bodyId) ?? {
    bodyId,
    clocksMissed: 0,
    noticesLate: 0,
    mattersRaised: 0,
    mattersByLedger: 0,
    mattersClosed: 0,
    recoveryOutstandingYuan: 0,
  };
  rows.put<BodyTallyRow>('body', bodyId, { ...before, [what]: toCent(before[what] + by) });
}
