import { evolveBy, when } from '../kernel/decider';
import { isErased } from '../kernel/erased';
import type { LocalDate } from '../kernel/time';
import { penaltyKind } from '../law/penalty-kinds';
import { clockRows, type Clocks } from '../clocks/stream-clocks';
import * as E from './notice-events';

export type NoticeStatus = 'none' | 'draft' | 'reviewed' | 'withheld' | 'published' | 'withdrawn' | 'expired';

export interface Publication {
  readonly publishedOn: LocalDate;
  readonly publicUntil?: LocalDate;
  readonly expired: boolean;
}

/** A notice 公示信息 of one decision (I04) as decisions see it. */
export interface NoticeState {
  readonly status: NoticeStatus;
  readonly source: string;
  readonly bodyId: string;
  readonly decidedOn: LocalDate;
  readonly partyKind: E.PartyKind;
  /** The full name of a natural person, which no public text may hold; undefined where it is not known, or erased. */
  readonly partyName?: string;
  /** From 1; each correction of what is published is a new one. */
  readonly version: number;
  readonly text: E.NoticeText;
  readonly licence?: string;
  /** One of its penalties is grave, so that it is shown for the whole period (总局令45号 14). */
  readonly grave: boolean;
  /** The accounts that worded the draft; they do not review it. */
  readonly writers: readonly string[];
  readonly channels: readonly E.ChannelDuty[];
  readonly publications: Readonly<Partial<Record<E.Channel, Publication>>>;
  readonly withdrawal?: { readonly cause: E.WithdrawalCause; readonly dueOn: LocalDate };
  readonly clocks: Clocks;
}

const noText: E.NoticeText = {
  partyPublicName: '',
  violation: '',
  facts: '',
  basis: '',
  penaltyKinds: [],
  content: '',
};

export const initialNotice: NoticeState = {
  status: 'none',
  source: '',
  bodyId: '',
  decidedOn: '',
  partyKind: 'organisation',
  version: 1,
  text: noText,
  grave: false,
  writers: [],
  channels: [],
  publications: {},
  clocks: {},
};

/** The wording that an event sets, and no more of it. */
export function wordingOf(d: Readonly<Partial<E.NoticeText>>): Partial<E.NoticeText> {
  const { partyPublicName, violation, facts, basis, penaltyKinds, content, remarks } = d;
  const wording = { partyPublicName, violation, facts, basis, penaltyKinds, content, remarks };
  return Object.fromEntries(Object.entries(wording).filter(([, value]) => value !== undefined));
}

export const evolveNotice = evolveBy<NoticeState>(
  when(E.NoticeDrafted, (s, d, recorded) => ({
    ...s,
    status: 'draft',
    source: d.source,
    bodyId: d.bodyId,
    decidedOn: d.decidedOn,
    partyKind: d.partyKind,
    partyName: isErased(d.partyName) ? undefined : d.partyName,
    text: { ...noText, ...wordingOf(d) },
    licence: d.licence,
    grave: d.penaltyKinds.some((kind) => penaltyKind(kind)?.grave),
    writers: [recorded.metadata.actor.account],
    channels: d.channels,
  })),
  when(E.NoticeDraftRevised, (s, d, recorded) => ({
    ...s,
    text: { ...s.text, ...wordingOf(d) },
    writers: [...s.writers, recorded.metadata.actor.account],
  })),
  when(E.NoticeApproved, (s) => ({ ...s, status: 'reviewed' })),
  when(E.NoticeReturned, (s) => ({ ...s, status: 'draft' })),
  when(E.NoticeWithheld, (s) => ({ ...s, status: 'withheld' })),
  when(E.NoticePublished, (s, { channel, publishedOn, publicUntil }) => ({
    ...s,
    status: 'published',
    publications: { ...s.publications, [channel]: { publishedOn, publicUntil, expired: false } },
  })),
  when(E.NoticeCorrected, (s, d) => ({ ...s, version: d.version, text: { ...s.text, ...wordingOf(d) } })),
  when(E.NoticeWithdrawalRequired, (s, d) => ({ ...s, withdrawal: { cause: d.cause, dueOn: d.dueOn } })),
  when(E.NoticeWithdrawn, (s) => ({ ...s, status: 'withdrawn' })),
  when(E.NoticeExpired, (s, d) => {
    const publications = { ...s.publications };
    const ended = publications[d.channel];
    if (ended) publications[d.channel] = { ...ended, expired: true };
    const over = Object.values(publications).every((p) => p.expired);
    return { ...s, status: over ? 'expired' : s.status, publications };
  }),
  ...clockRows<NoticeState>(),
);
