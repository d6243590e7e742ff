import { ownBody, rule, type Circumstances, type Decider } from '../kernel/decider';
import { Failure, require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import type { LocalDate } from '../kernel/time';
import { addCalendarDays, calendarDaysBetween, workingDaysBetween } from '../law/calendar';
import type { ClockStarted } from '../clocks/clock-events';
import { startedByLaw } from '../clocks/clocks';
import { missedClockRule, stopAll, stopClock } from '../clocks/stream-clocks';
import { channelDuties, publicityClass, publicUntil } from './channels';
import { withholdingGrounds, type WithholdingCode } from './disclosure-rules';
import * as command from './notice-commands';
import * as E from './notice-events';
import { evolveNotice, initialNotice, type NoticeState, type NoticeStatus } from './notice-state';
import { checkPublishable } from './redaction';

export type { NoticeState, NoticeStatus } from './notice-state';

const DISCLOSURE = ['disclosure'];
const WITHDRAWAL = 'disclosure.withdrawal';

/** A duty of those who publish (公示管理), not of the officers of the case. */
const startDuty = (id: string, from: LocalDate, bodyId: string, item: string): ClockStarted =>
  startedByLaw({ clock: id, item, from, bodyId, post: 'disclosure', officers: [] });

const statusNames: Readonly<Record<NoticeStatus, { zh: string; en: string }>> = {
  none: { zh: '尚未起草', en: 'not drafted' },
  draft: { zh: '草稿', en: 'a draft' },
  reviewed: { zh: '已审核', en: 'reviewed' },
  withheld: { zh: '不予公示', en: 'withheld' },
  published: { zh: '已公示', en: 'published' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  expired: { zh: '公示期满', en: 'expired' },
};

/** The life of a notice is draft, reviewed, published, then corrected or withdrawn, and expired (I04). */
function mustBe(state: NoticeState, ...allowed: NoticeStatus[]): void {
  const { zh, en } = statusNames[state.status];
  require_(allowed.includes(state.status), 'notice.wrong_state', {
    zh: `公示信息当前状态为“${zh}”，不能进行此操作。`,
    en: `The notice is ${en}, which does not allow this.`,
    basis: 'I04',
  });
}

function mustStand(state: NoticeState): void {
  require_(!state.withdrawal, 'notice.withdrawal_required', {
    zh: '决定已被变更、撤销、确认违法或者无效，公示信息应当撤回。',
    en: 'The decision no longer stands; its notice has to be withdrawn.',
    basis: '行政处罚法第48条第2款',
  });
}

const sum = (penalties: readonly command.PublishedPenalty[], kinds: readonly string[]): number | undefined => {
  const amounts = penalties.flatMap((p) => (kinds.includes(p.kind) ? (p.amountYuan ?? []) : []));
  // In cents, so that a sum of decimals is a decimal.
  return amounts.length === 0 ? undefined : amounts.reduce((total, a) => total + Math.round(a * 100), 0) / 100;
};

function draft(c: command.DraftNotice, { today }: Circumstances): object[] {
  require_(c.decidedOn <= today, 'notice.decided_in_future', {
    zh: '决定日期不能晚于今天。',
    en: 'The decision cannot lie in the future.',
    basis: 'I04',
    field: 'decidedOn',
  });
  const publicity = { ...c, ...(c.effectiveUntil && { restrictedUntil: c.effectiveUntil }) };
  const channels = channelDuties(publicity);
  const { penalties, simpleProcedure: _simple, partyElsewhere: _elsewhere, ...text } = contentOf(c);
  return [
    event(E.NoticeDrafted, {
      ...text,
      // A person's identifier is not published, masked or not (内蒙古办法 10).
      partyUscc: c.partyKind === 'natural_person' ? undefined : c.partyUscc,
      penaltyKinds: [...new Set(penalties.map((p) => p.kind))],
      fineYuan: sum(penalties, ['fine']),
      confiscatedYuan: sum(penalties, ['confiscate_gains', 'confiscate_property']),
      publicityClass: publicityClass(publicity),
      channels,
    }),
    ...channels.flatMap(({ channel, parameter }) =>
      parameter === undefined ? [] : [startDuty(parameter, c.decidedOn, c.bodyId, channel)],
    ),
  ];
}

function approve(state: NoticeState): object[] {
  checkPublishable({ ...state.text, licence: state.licence }, state.partyKind);
  return [event(E.NoticeApproved, { version: state.version })];
}

function withheld(state: NoticeState, ground: WithholdingCode, on: LocalDate, note?: string): object[] {
  const { basis } = withholdingGrounds.find((g) => g.code === ground) ?? { basis: 'I08' };
  return [event(E.NoticeWithheld, { reason: ground, basis, note }), ...stopAll(state.clocks, on)];
}

/** A corrected or reworded text: something must change, and what changes must be fit to publish where it is public already. */
function changed(state: NoticeState, wording: command.NoticeWording): Partial<E.NoticeText> {
  const next = Object.fromEntries(
    Object.entries(wording).filter(([field, value]) => value !== state.text[field as keyof E.NoticeText]),
  ) as Partial<E.NoticeText>;
  require_(Object.keys(next).length > 0, 'notice.nothing_changed', {
    zh: '没有任何内容变更。',
    en: 'Nothing is changed.',
    basis: 'I05',
    field: 'wording',
  });
  return next;
}

function publish(c: command.PublishNotice, state: NoticeState, circumstances: Circumstances): object[] {
  mustBe(state, 'reviewed', 'published');
  mustStand(state);
  const duty = state.channels.find((d) => d.channel === c.channel);
  if (duty && !duty.required) {
    throw new Failure('refused', 'notice.channel_exempt', {
      zh: '依法不在此渠道公示。',
      en: 'The law keeps this decision off this channel.',
      basis: duty.basis,
      field: 'channel',
    });
  }
  const on = c.publishedOn ?? circumstances.occurredOn;
  require_(state.decidedOn <= on && on <= circumstances.today, 'notice.published_on', {
    zh: '公示日期不得早于决定日期，也不得晚于今天。',
    en: 'A notice is published between the day of the decision and today.',
    basis: 'I04',
    field: 'publishedOn',
  });
  if (state.publications[c.channel]) return [];
  return [
    event(E.NoticePublished, {
      channel: c.channel,
      version: state.version,
      publishedOn: on,
      url: c.url,
      publicUntil: duty && publicUntil(duty, state.decidedOn, on),
    }),
    ...(duty?.parameter === undefined ? [] : stopClock(state.clocks, duty.parameter, on, c.channel)),
    ...late(duty, on),
  ];
}

function late(duty: E.ChannelDuty | undefined, on: LocalDate): object[] {
  if (!duty?.dueOn || !duty.dayKind || on <= duty.dueOn) return [];
  const { channel, dueOn, dayKind, basis } = duty;
  const days = dayKind === 'working' ? workingDaysBetween(dueOn, on) : calendarDaysBetween(dueOn, on);
  return [event(E.NoticePublishedLate, { channel, dueOn, publishedOn: on, daysLate: days, dayKind, basis })];
}

function requireWithdrawal(c: command.RequireWithdrawal, state: NoticeState, { occurredOn }: Circumstances): object[] {
  // Not every decision has a notice, and one that is down already, or never went up, is no reason for the program to stop.
  if (state.withdrawal || ['none', 'withheld', 'withdrawn', 'expired'].includes(state.status)) return [];
  if (state.status !== 'published') return withheld(state, 'decision_fallen', occurredOn);
  const duty = startDuty(WITHDRAWAL, c.since, state.bodyId, '');
  return [
    event(E.NoticeWithdrawalRequired, { cause: c.cause, since: c.since, dueOn: duty.dueOn, basis: duty.basis }),
    duty,
  ];
}

export const noticeDecider: Decider<NoticeState> = {
  category: 'notice',
  collection: 'notices',
  zh: '执法公示',
  en: 'Notices',
  initialState: initialNotice,
  bodyOf: ownBody,
  evolve: evolveNotice,
  rules: [
    rule({
      command: command.DraftNotice,
      may: ['disclosure', 'system', 'import'],
      basis: 'I04、行政处罚法48',
      zh: '起草公示信息',
      en: 'Draft a notice',
      decide(c, state, circumstances) {
        if (state.status === 'none') return draft(c, circumstances);
        require_(state.source === c.source, 'notice.id_taken', {
          zh: '此公示编号已用于另一决定。',
          en: 'This id belongs to the notice of another decision.',
          basis: 'I04',
        });
        return []; // the process manager may ask again
      },
    }),
    rule({
      command: command.ReviseDraft,
      may: DISCLOSURE,
      basis: 'I05',
      zh: '修改草稿',
      en: 'Revise the draft',
      decide(c, state) {
        mustBe(state, 'draft');
        return [event(E.NoticeDraftRevised, changed(state, c.wording))];
      },
    }),
    rule({
      command: command.ReviewNotice,
      may: ['disclosure', 'head'],
      basis: 'I05、总局令45号16',
      zh: '审核公示信息',
      en: 'Review a notice',
      decide(c, state, { actor }) {
        mustBe(state, 'draft');
        require_(!state.writers.includes(actor.account), 'notice.reviewed_by_writer', {
          zh: '起草、修改公示信息的人员不得审核。',
          en: 'Whoever worded the notice does not review it.',
          basis: 'I05',
        });
        if (c.outcome === 'approve') return approve(state);
        require_(c.reason, 'notice.return_without_reason', {
          zh: '退回须说明理由。',
          en: 'A notice is returned with a reason.',
          basis: 'I05',
          field: 'reason',
        });
        return [event(E.NoticeReturned, { reason: c.reason })];
      },
    }),
    rule({
      command: command.WithholdNotice,
      may: ['disclosure', 'head'],
      basis: 'I08',
      zh: '不予公示',
      en: 'Withhold a notice',
      decide(c, state, { occurredOn }) {
        mustBe(state, 'draft', 'reviewed');
        return withheld(state, c.ground, occurredOn, c.note);
      },
    }),
    rule({
      command: command.PublishNotice,
      may: ['disclosure', 'system', 'import'],
      basis: 'I04、国办发〔2018〕118号',
      zh: '发布公示',
      en: 'Publish a notice',
      decide: publish,
    }),
    rule({
      command: command.CorrectNotice,
      may: DISCLOSURE,
      basis: 'I05、总局令45号12',
      zh: '更正公示',
      en: 'Correct a notice',
      decide(c, state, { occurredOn }) {
        mustBe(state, 'published');
        mustStand(state);
        const next = changed(state, c.wording);
        checkPublishable(next, state.partyKind);
        return [
          event(E.NoticeCorrected, {
            version: state.version + 1,
            reason: c.reason,
            correctedOn: occurredOn,
            ...next,
          }),
        ];
      },
    }),
    rule({
      command: command.RequireWithdrawal,
      may: ['system'],
      basis: '行政处罚法48(2)',
      zh: '登记应当撤回',
      en: 'Require withdrawal',
      decide: requireWithdrawal,
    }),
    rule({
      command: command.WithdrawNotice,
      may: ['disclosure', 'head'],
      basis: '行政处罚法48(2)、总局令45号11、14',
      zh: '撤回公示',
      en: 'Withdraw a notice',
      decide(c, state, { occurredOn }) {
        mustBe(state, 'published');
        require_(c.cause !== 'early_stop' || !state.grave, 'notice.no_early_stop', {
          zh: '受到较为严重行政处罚的，不得提前停止公示。',
          en: 'A grave penalty is shown for its whole period.',
          basis: '市场监督管理行政处罚信息公示规定第14条第3款',
          field: 'cause',
        });
        return [
          event(E.NoticeWithdrawn, { withdrawnOn: occurredOn, cause: c.cause, reason: c.reason }),
          ...stopAll(state.clocks, occurredOn),
        ];
      },
    }),
    rule({
      command: command.ExpireNotice,
      may: ['system'],
      basis: 'I04、总局令45号13',
      zh: '公示期满',
      en: 'End the publicity period',
      decide(c, state, { today }) {
        const shown = state.publications[c.channel];
        if (!shown || shown.expired || state.status === 'withdrawn') return [];
        require_(shown.publicUntil && shown.publicUntil < today, 'notice.period_running', {
          zh: '公示期尚未届满。',
          en: 'The publicity period has not ended.',
          basis: 'I04、市场监督管理行政处罚信息公示规定第13条',
        });
        return [event(E.NoticeExpired, { channel: c.channel, expiredOn: addCalendarDays(shown.publicUntil, 1) })];
      },
    }),
    missedClockRule<NoticeState>(),
  ],
};
