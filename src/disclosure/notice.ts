import { ownBody, rule, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { addCalendarDays } from '../law/calendar';
import { missedClockRule } from '../clocks/stream-clocks';
import { penaltyCaseDecider } from '../enforcement/penalty-case';
import * as command from './notice-commands';
import { caseOf, draft } from './notice-drafting';
import * as E from './notice-events';
import { mustBe, mustStand } from './notice-gates';
import { publish } from './notice-publishing';
import { evolveNotice, initialNotice, type NoticeState } from './notice-state';
import { requireWithdrawal, withdraw, withheld } from './notice-withdrawal';
import { checkNames, checkPublishable } from './redaction';

export type { NoticeState, NoticeStatus } from './notice-state';

const DISCLOSURE = ['disclosure'];

function approve(state: NoticeState): object[] {
  checkPublishable({ ...state.text, licence: state.licence }, state);
  return [event(E.NoticeApproved, { version: state.version })];
}

/** What a wording changes. */
function changed(state: NoticeState, wording: command.NoticeWording, mayBeNothing = false): Partial<E.NoticeText> {
  const next = Object.fromEntries(
    Object.entries(wording).filter(([field, value]) => value !== state.text[field as keyof E.NoticeText]),
  ) as Partial<E.NoticeText>;
  require_(mayBeNothing || Object.keys(next).length > 0, 'notice.nothing_changed', {
    zh: '没有任何内容变更。',
    en: 'Nothing is changed.',
    basis: 'I05',
    field: 'wording',
  });
  return next;
}

export const noticeDecider: Decider<NoticeState> = {
  category: 'notice',
  collection: 'notices',
  zh: '执法公示',
  en: 'Notices',
  initialState: initialNotice,
  bodyOf: ownBody,
  evolve: evolveNotice,
  references: (given, _, actor) => {
    const caseId = given instanceof command.DraftNotice && actor.kind === 'person' ? caseOf(given.source) : undefined;
    return caseId === undefined ? [] : [[penaltyCaseDecider.category, caseId]];
  },
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
        const next = changed(state, c.wording);
        checkNames(next, state);
        return [event(E.NoticeDraftRevised, next)];
      },
    }),
    rule({
      command: command.ReviewNotice,
      may: ['disclosure', 'head'],
      basis: 'I05、总局令45号16',
      zh: '审核公示信息',
      en: 'Review a notice',
      decide(c, state, { actor }) {
        // What was approved may still be returned, as long as nobody has seen it.
        mustBe(state, 'draft', ...(c.outcome === 'return' ? (['reviewed'] as const) : []));
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
        const hides = c.reasonKind === 'personal_data';
        // An earlier version may have shown what the present one does not.
        const next = changed(state, c.wording, hides && state.version > 1);
        checkPublishable({ ...next, reason: c.reason }, state);
        // Whatever else still names somebody would stay public beside what is hidden.
        if (hides) checkPublishable({ ...state.text, ...next }, state);
        return [
          event(E.NoticeCorrected, {
            version: state.version + 1,
            reasonKind: c.reasonKind,
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
      decide: withdraw,
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
