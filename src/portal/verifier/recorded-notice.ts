import type { ChannelRow, VersionRow } from '../../../projections/public-notices/rows';
import type * as C from '../../clocks/clock-events';
import type * as N from '../../disclosure/notice-events';
import type * as H from '../../enforcement/historical/historical-events';
import type { Source } from '../../kernel/event';
import type { NoticeContent } from './shown-fields';

/** An event as far as its proof discloses it. */
export interface DisclosedEvent {
  readonly type: string;
  readonly stream: string;
  /** Place in the stream, from 0. */
  readonly revision: number;
  readonly recordedAt?: string;
  readonly source?: Source;
  readonly data: Readonly<Record<string, unknown>>;
}

type Fold = (notice: NoticeContent, event: DisclosedEvent) => NoticeContent;

/** What each kind of event makes of a notice; kinds that say nothing about its content are left out. */
const folds: Readonly<Record<string, Fold>> = {
  NoticeDrafted: (notice, { data, recordedAt }) => {
    const d = data as Partial<N.NoticeDrafted>;
    const { category, documentNumber, decidedOn, partyKind, partyUscc, fineYuan, confiscatedYuan, licence, bodyId } = d;
    return {
      ...notice,
      ...{ category, documentNumber, decidedOn, partyKind, partyUscc, fineYuan, confiscatedYuan, licence, bodyId },
      recordedAt,
      text: { version: 1, ...wordsOf(d) } as VersionRow,
      superseded: [],
      channels: (d.channels ?? []).map(({ channel, required, basis, dueOn }) => ({ channel, required, basis, dueOn })),
    };
  },
  NoticeDraftRevised: (notice, { data }) => ({ ...notice, text: { ...notice.text, ...wordsOf(data) } as VersionRow }),
  NoticePublished: (notice, { data }) => {
    const { channel, publishedOn, publicUntil, url } = data as Partial<N.NoticePublished>;
    const first = !notice.publishedOn && publishedOn;
    return {
      ...onChannel(notice, channel, { publishedOn, publicUntil, url }),
      status: 'published',
      ...(first && { publishedOn, lagDays: daysBetween(notice.decidedOn, publishedOn) }),
    };
  },
  NoticePublishedLate: (notice, { data }) => {
    const { channel, daysLate } = data as Partial<N.NoticePublishedLate>;
    return onChannel(notice, channel, { daysLate });
  },
  NoticeCorrected: (notice, { data }) => {
    const { version, reasonKind, reason, correctedOn } = data as Partial<N.NoticeCorrected>;
    const { text, superseded = [] } = notice;
    const before = text ? [text, ...superseded] : superseded;
    return {
      ...notice,
      superseded: reasonKind === 'personal_data' ? before.map((v) => ({ ...v, hidden: true })) : before,
      text: { ...text, ...wordsOf(data), version, since: correctedOn, reason } as VersionRow,
    };
  },
  NoticeWithdrawalRequired: (notice, { data }) => {
    const { cause = '', since, dueOn } = data as Partial<N.NoticeWithdrawalRequired>;
    return { ...notice, withdrawal: { cause, requiredSince: since, dueOn } };
  },
  // What else was said of it is public no longer (行政处罚法 48 II).
  NoticeWithdrawn: ({ id, documentNumber, decidedOn, bodyId, withdrawal }, { data }) => {
    const { cause = '', withdrawnOn, reason } = data as Partial<N.NoticeWithdrawn>;
    const which = { id, documentNumber, decidedOn, bodyId };
    return { ...which, status: 'withdrawn', withdrawal: { ...withdrawal, cause, withdrawnOn, reason } };
  },
  NoticeExpired: (notice, { data }) => {
    const { channel, expiredOn } = data as Partial<N.NoticeExpired>;
    return onChannel(notice, channel, { expiredOn });
  },
  ClockMissed: (notice, { data }) => {
    const { item } = data as Partial<C.ClockMissed>;
    return onChannel(notice, item, { missed: true });
  },
  HistoricalPenaltyImported: (_, { data, source, recordedAt, stream }) => {
    const d = data as Partial<H.HistoricalPenaltyImported>;
    const { documentNumber, decidedOn, publishedOn, partyKind, bodyName, jurisdiction } = d;
    const { articles = [], aggravation = [], campaign, amount, currency, repairs = [], gates = '', violation } = d;
    return {
      ...{ id: stream, category: 'penalty', status: 'published', documentNumber, decidedOn, publishedOn, partyKind },
      bodyName: bodyName || jurisdiction,
      recordedAt,
      lagDays: daysBetween(decidedOn, publishedOn),
      text: {
        ...{ version: 1, partyPublicName: d.partyPublicName, violation, facts: violation },
        basis: articles.map(({ text }) => text).join('；'),
        penaltyKinds: d.kind && d.kind !== 'unspecified' ? [d.kind] : [],
      } as VersionRow,
      historical: {
        ...{ sourceName: source?.name, fileSha256: source?.fileSha256, row: source?.row },
        ...{ articles, aggravation, campaign, amount, currency, repairs, gates },
      },
    };
  },
  HistoricalOutcomeRecorded: ({ historical, ...notice }, { data }) => ({
    ...notice,
    historical: { ...historical, outcome: data as unknown as H.HistoricalOutcomeRecorded },
  }),
};

/**
 * The notice that disclosed events amount to: the latest value of each field stands. The same reading of the ledger as the
 * read model's, made a second time so that the two can be compared. `events` are of one stream, in its order.
 */
export function recordedNotice(events: readonly DisclosedEvent[]): NoticeContent {
  const [first] = events;
  return events.reduce<NoticeContent>((notice, event) => folds[event.type]?.(notice, event) ?? notice, {
    id: first?.stream.replace(/^notice-/, ''),
  });
}

const WORDS = ['partyPublicName', 'violation', 'facts', 'basis', 'penaltyKinds', 'content', 'remarks'] as const;

function wordsOf(d: Readonly<Record<string, unknown>> | Partial<N.NoticeText>): Partial<N.NoticeText> {
  const of = d as Readonly<Record<string, unknown>>;
  return Object.fromEntries(WORDS.filter((name) => of[name] !== undefined).map((name) => [name, of[name]]));
}

function onChannel(notice: NoticeContent, name: string | undefined, fields: Partial<ChannelRow>): NoticeContent {
  const channels = notice.channels?.map((row) => (row.channel === name ? { ...row, ...fields } : row));
  return { ...notice, ...(channels && { channels }) };
}

/** Calendar days from one date to another. */
function daysBetween(from: string | undefined, to: string | undefined): number | undefined {
  return from && to ? Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) : undefined;
}
