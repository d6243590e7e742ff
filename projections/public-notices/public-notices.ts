import {
  NoticeApproved,
  NoticeCorrected,
  NoticeDrafted,
  NoticeDraftRevised,
  NoticeExpired,
  NoticePublished,
  NoticePublishedLate,
  NoticeReturned,
  NoticeWithdrawalRequired,
  NoticeWithdrawn,
  NoticeWithheld,
  type NoticeCategory,
  type NoticeText,
} from '../../src/disclosure/notice-events';
import { ClockMissed } from '../../src/clocks/clock-events';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import type { RecordedEvent } from '../../src/kernel/event';
import { BodyDetailsChanged, BodyRegistered } from '../../src/registry/registry-events';
import { change, foldWithRevision, idOf, on } from '../fold';
import type { Projection, Rows } from '../projection';
import type { ChannelRow, DutyRow, LagRow, NoticeRow, ScopeRow, TallyRow, VersionRow } from './rows';

interface BodyName {
  readonly name: string;
  readonly uscc: string;
}

/**
 * Public notices (公示) from draft to expiry, the duties to publish that are still open, and how long publication took
 * (I04, I05, I06). A portal shows a row only when `public` is 1.
 */
export const publicNotices: Projection = {
  name: 'public-notices',
  version: 3,
  tables: {
    notice: {
      columns: {
        public: (r: NoticeRow) => (isShown(r) ? 1 : 0),
        status: (r: NoticeRow) => r.status,
        body: (r: NoticeRow) => r.bodyName,
        body_id: (r: NoticeRow) => r.bodyId,
        category: (r: NoticeRow) => r.category,
        document: (r: NoticeRow) => r.documentNumber,
        decided: (r: NoticeRow) => r.decidedOn,
        published: (r: NoticeRow) => r.publishedOn ?? null,
        source: (r: NoticeRow) => r.source,
        changed: (r: NoticeRow) => r.withdrawal?.withdrawnOn ?? r.text.since ?? r.publishedOn ?? r.decidedOn,
        expires: nextExpiry,
      },
      numbers: ['public'],
      broad: ['public', 'status', 'category'],
      lists: [
        ['category', 'decided'],
        ['body', 'decided'],
        ['body_id', 'decided'],
        ['body', 'changed'],
      ],
      search: (r: NoticeRow) => `${r.text.partyPublicName} ${r.documentNumber} ${r.text.violation} ${r.bodyName}`,
    },
    duty: {
      columns: {
        due: (r: DutyRow) => r.dueOn,
        body_id: (r: DutyRow) => r.bodyId,
        missed: (r: DutyRow) => (r.missed ? 1 : 0),
      },
      numbers: ['missed'],
    },
    lag: { columns: { scope: (r: LagRow) => r.scope, days: (r: LagRow) => r.lagDays }, numbers: ['days'] },
    scope: {},
    tally: {},
    body: {},
  },
  apply: foldWithRevision(
    { notice: 'notice' },
    on(BodyRegistered, (rows, d, e) => rows.put<BodyName>('body', idOf(e), { name: d.name, uscc: d.uscc })),
    on(BodyDetailsChanged, (rows, d, e) =>
      change<BodyName>(rows, 'body', idOf(e), (b) => ({ ...b, name: d.name ?? b.name })),
    ),

    on(NoticeDrafted, (rows, d, e) => {
      const body = rows.get<BodyName>('body', d.bodyId);
      rows.put<NoticeRow>('notice', idOf(e), {
        id: idOf(e),
        source: d.source,
        category: d.category,
        status: 'draft',
        bodyId: d.bodyId,
        bodyName: body?.name ?? d.bodyId,
        bodyUscc: body?.uscc,
        documentNumber: d.documentNumber,
        decidedOn: d.decidedOn,
        partyKind: d.partyKind,
        partyUscc: d.partyUscc,
        publicityClass: d.publicityClass,
        fineYuan: d.fineYuan,
        confiscatedYuan: d.confiscatedYuan,
        licence: d.licence,
        text: { version: 1, ...textOf(d) },
        superseded: [],
        channels: d.channels.map(({ channel, required, basis, dueOn }) => ({ channel, required, basis, dueOn })),
        position: e.position,
        recordedAt: e.metadata.recordedAt,
      });
      for (const { channel, required, dueOn } of d.channels) {
        if (!required || !dueOn) continue;
        const duty: DutyRow = { noticeId: idOf(e), bodyId: d.bodyId, channel, dueOn, missed: false };
        rows.put<DutyRow>('duty', `${idOf(e)}|${channel}`, duty);
      }
    }),
    on(NoticeDraftRevised, (rows, d, e) =>
      touch(rows, e, (n) => ({ ...n, status: 'draft', text: { ...n.text, ...present(d) } })),
    ),
    on(NoticeApproved, (rows, d, e) =>
      touch(rows, e, (n) => (d.version > 1 || n.publishedOn ? n : { ...n, status: 'reviewed' })),
    ),
    on(NoticeReturned, (rows, _, e) => touch(rows, e, (n) => ({ ...n, status: n.publishedOn ? n.status : 'draft' }))),
    on(NoticeWithheld, (rows, d, e) => {
      touch(rows, e, (n) => ({ ...n, status: 'withheld', withheld: { reason: d.reason, basis: d.basis } }));
      settleDuties(rows, e);
    }),

    on(NoticePublished, (rows, d, e) => {
      const before = rows.get<NoticeRow>('notice', idOf(e));
      if (!before) return;
      touch(rows, e, (n) => ({
        ...n,
        status: 'published',
        channels: onChannel(n, d.channel, { publishedOn: d.publishedOn, publicUntil: d.publicUntil, url: d.url }),
        ...(!n.publishedOn && { publishedOn: d.publishedOn, lagDays: daysBetween(n.decidedOn, d.publishedOn) }),
      }));
      rows.delete('duty', `${idOf(e)}|${d.channel}`);
      if (!before.publishedOn) countLag(rows, ['all', before.bodyName], daysBetween(before.decidedOn, d.publishedOn));
    }),
    on(NoticePublishedLate, (rows, d, e) =>
      touch(rows, e, (n) => ({ ...n, channels: onChannel(n, d.channel, { daysLate: d.daysLate }) })),
    ),
    on(NoticeCorrected, (rows, d, e) =>
      touch(rows, e, ({ text, superseded, ...n }) => ({
        ...n,
        superseded: [text, ...superseded].map((v) => (d.reasonKind === 'personal_data' ? hidden(v) : v)),
        text: { ...text, ...present(d), version: d.version, since: d.correctedOn, reason: d.reason },
      })),
    ),
    on(NoticeWithdrawalRequired, (rows, d, e) => {
      touch(rows, e, (n) => ({ ...n, withdrawal: { cause: d.cause, requiredSince: d.since, dueOn: d.dueOn } }));
      const notice = rows.get<NoticeRow>('notice', idOf(e));
      if (!notice) return;
      rows.put<DutyRow>('duty', `${idOf(e)}|withdrawal`, {
        noticeId: idOf(e),
        bodyId: notice.bodyId,
        channel: 'withdrawal',
        dueOn: d.dueOn,
        missed: false,
      });
    }),
    on(NoticeWithdrawn, (rows, d, e) => {
      touch(rows, e, (n) => ({
        ...n,
        // What was never public leaves nothing to tell the public.
        status: n.publishedOn ? 'withdrawn' : 'withheld',
        withdrawal: { ...n.withdrawal, cause: d.cause, withdrawnOn: d.withdrawnOn, reason: d.reason },
      }));
      settleDuties(rows, e);
    }),
    on(NoticeExpired, (rows, d, e) =>
      touch(rows, e, (n) => {
        const channels = onChannel(n, d.channel, { expiredOn: d.expiredOn });
        const shown = channels.some((c) => c.publishedOn && !c.expiredOn);
        return { ...n, channels, status: shown || n.status !== 'published' ? n.status : 'expired' };
      }),
    ),
    on(ClockMissed, (rows, d, e) => {
      if (!e.stream.startsWith('notice-')) return;
      const what = d.item || 'withdrawal';
      change<DutyRow>(rows, 'duty', `${idOf(e)}|${what}`, (duty) => ({ ...duty, missed: true }));
      touch(rows, e, (n) =>
        what === 'withdrawal'
          ? { ...n, ...(n.withdrawal && { withdrawal: { ...n.withdrawal, missed: true } }) }
          : { ...n, channels: onChannel(n, what, { missed: true }) },
      );
    }),

    on(HistoricalPenaltyImported, (rows, d, e) => {
      const lagDays = d.publishedOn ? daysBetween(d.decidedOn, d.publishedOn) : undefined;
      rows.put<NoticeRow>('notice', e.stream, {
        id: e.stream,
        source: e.stream,
        category: 'penalty',
        // Every imported act was public in the file it came from, dated or not.
        status: 'published',
        bodyId: '',
        bodyName: d.bodyName || d.jurisdiction,
        documentNumber: d.documentNumber,
        decidedOn: d.decidedOn,
        partyKind: d.partyKind,
        publicityClass: 'historical',
        text: {
          version: 1,
          partyPublicName: d.partyPublicName,
          violation: d.violation,
          facts: d.violation,
          basis: d.articles.map((a) => a.text).join('；'),
          penaltyKinds: d.kind === 'unspecified' ? [] : [d.kind],
          content: '',
        },
        superseded: [],
        channels: [],
        publishedOn: d.publishedOn,
        lagDays,
        historical: {
          sourceName: e.metadata.source?.name ?? '',
          fileSha256: e.metadata.source?.fileSha256 ?? '',
          row: e.metadata.source?.row ?? 0,
          articles: d.articles,
          aggravation: d.aggravation,
          campaign: d.campaign,
          amount: d.amount,
          currency: d.currency,
          repairs: d.repairs,
          gates: d.gates,
        },
        position: e.position,
        recordedAt: e.metadata.recordedAt,
      });
      tally(rows, 'penalty', 1);
      if (lagDays !== undefined) countLag(rows, ['all', d.bodyName || d.jurisdiction], lagDays);
    }),
    on(HistoricalOutcomeRecorded, (rows, d, e) =>
      change<NoticeRow>(rows, 'notice', e.stream, (n) => ({
        ...n,
        ...(n.historical && { historical: { ...n.historical, outcome: d } }),
        position: e.position,
      })),
    ),
  ),
};

/** The next day on which a channel's publicity period ends; null when none is running, as when it was withdrawn. */
function nextExpiry(row: NoticeRow): string | null {
  if (row.status !== 'published') return null;
  const ends = row.channels.flatMap((c) => (c.publishedOn && c.publicUntil && !c.expiredOn ? [c.publicUntil] : []));
  return ends.sort()[0] ?? null;
}

function touch(rows: Rows, e: RecordedEvent, next: (row: Readonly<NoticeRow>) => NoticeRow): void {
  change<NoticeRow>(rows, 'notice', idOf(e), (n) => {
    const changed = { ...next(n), position: e.position };
    tally(rows, n.category, Number(isShown(changed)) - Number(isShown(n)));
    return changed;
  });
}

const isShown = ({ status }: NoticeRow): boolean => status === 'published' || status === 'withdrawn';

/** Counting them anew for every page would take as long as there are notices. */
function tally(rows: Rows, category: NoticeCategory, more: number): void {
  if (more === 0) return;
  const { notices = 0 } = rows.get<TallyRow>('tally', category) ?? {};
  rows.put<TallyRow>('tally', category, { category, notices: notices + more });
}

function onChannel(notice: NoticeRow, channel: string, fields: Partial<ChannelRow>): ChannelRow[] {
  return notice.channels.map((c) => (c.channel === channel ? { ...c, ...fields } : c));
}

function settleDuties(rows: Rows, e: RecordedEvent): void {
  for (const { channel } of rows.get<NoticeRow>('notice', idOf(e))?.channels ?? []) {
    rows.delete('duty', `${idOf(e)}|${channel}`);
  }
  rows.delete('duty', `${idOf(e)}|withdrawal`);
}

const TEXT_FIELDS = ['partyPublicName', 'violation', 'facts', 'basis', 'penaltyKinds', 'content', 'remarks'] as const;

function textOf(d: NoticeText): NoticeText {
  const { partyPublicName, violation, facts, basis, penaltyKinds, content, remarks } = d;
  return { partyPublicName, violation, facts, basis, penaltyKinds, content, remarks };
}

function present(d: Partial<NoticeText>): Partial<VersionRow> {
  return Object.fromEntries(TEXT_FIELDS.filter((f) => d[f] !== undefined).map((f) => [f, d[f]]));
}

const HIDDEN = '隐去';

/** An earlier version of which no word may be read any more, as it showed personal data; the ledger keeps what it said. */
function hidden({ version, since, reason, penaltyKinds, remarks }: VersionRow): VersionRow {
  const texts = { partyPublicName: HIDDEN, violation: HIDDEN, facts: HIDDEN, basis: HIDDEN, content: HIDDEN };
  return {
    ...{ version, since, penaltyKinds, hidden: true, ...texts },
    ...(reason !== undefined && { reason: HIDDEN }),
    ...(remarks !== undefined && { remarks: HIDDEN }),
  };
}

/** Calendar days from one date to another. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

function countLag(rows: Rows, scopes: readonly string[], lagDays: number): void {
  for (const scope of scopes) {
    const key = `${scope}|${lagDays}`;
    const row = rows.get<LagRow>('lag', key);
    if (!row && !rows.get<ScopeRow>('scope', scope)) rows.put<ScopeRow>('scope', scope, { scope });
    rows.put<LagRow>('lag', key, { scope, lagDays, notices: (row?.notices ?? 0) + 1 });
  }
}
