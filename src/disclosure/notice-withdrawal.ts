import type { Circumstances } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import type { LocalDate } from '../kernel/time';
import { earlyStopConditions } from '../law/early-stop';
import { stopAll } from '../clocks/stream-clocks';
import { mayStopFrom, startDuty } from './channels';
import { withholdingGrounds, type WithholdingCode } from './disclosure-rules';
import type { RequireWithdrawal, WithdrawNotice } from './notice-commands';
import * as E from './notice-events';
import { mustBe } from './notice-gates';
import type { NoticeState } from './notice-state';
import { checkPublishable } from './redaction';

const WITHDRAWAL = 'disclosure.withdrawal';

export function notPublished(ground: WithholdingCode, note?: string): E.NoticeWithheld {
  const { basis } = withholdingGrounds.find((g) => g.code === ground) ?? { basis: 'I08' };
  return event(E.NoticeWithheld, { reason: ground, basis, note });
}

export const withheld = (state: NoticeState, ground: WithholdingCode, on: LocalDate, note?: string): object[] => [
  notPublished(ground, note),
  ...stopAll(state.clocks, on),
];

export function requireWithdrawal(c: RequireWithdrawal, state: NoticeState, { occurredOn }: Circumstances): object[] {
  // Not every decision has a notice, and one that is down already, or never went up, is no reason for the program to stop.
  if (state.withdrawal || ['none', 'withheld', 'withdrawn', 'expired'].includes(state.status)) return [];
  if (state.status !== 'published') return withheld(state, 'decision_fallen', occurredOn);
  const duty = startDuty(WITHDRAWAL, c.since, state.bodyId, '');
  return [
    event(E.NoticeWithdrawalRequired, { cause: c.cause, since: c.since, dueOn: duty.dueOn, basis: duty.basis }),
    duty,
  ];
}

export function withdraw(c: WithdrawNotice, state: NoticeState, { occurredOn }: Circumstances): object[] {
  mustBe(state, 'published');
  if (c.cause === 'early_stop') mayStopEarly(c, state, occurredOn);
  else if (c.cause !== 'never_publishable') {
    require_(state.withdrawal?.cause === c.cause, 'notice.decision_stands', {
      zh: '没有记录表明决定已被如此变更、撤销、确认违法或者无效，不能以此为由撤回。',
      en: 'No record says that the decision was changed, revoked or found unlawful or void in this way.',
      basis: '行政处罚法第48条第2款',
      field: 'cause',
    });
  }
  checkPublishable({ reason: c.reason }, state);
  return [
    event(E.NoticeWithdrawn, {
      withdrawnOn: occurredOn,
      cause: c.cause,
      reason: c.reason,
      conditions: c.cause === 'early_stop' ? c.conditions : undefined,
    }),
    ...stopAll(state.clocks, occurredOn),
  ];
}

/** 总局令45号 14: no grave penalty, every condition met, and shown long enough on each channel that still shows it. */
function mayStopEarly(c: WithdrawNotice, state: NoticeState, on: LocalDate): void {
  require_(!state.grave, 'notice.no_early_stop', {
    zh: '受到较为严重行政处罚的，不得提前停止公示。',
    en: 'A grave penalty is shown for its whole period.',
    basis: '市场监督管理行政处罚信息公示规定第14条第3款',
    field: 'cause',
  });
  const unmet = earlyStopConditions.find(({ code }) => !c.conditions?.includes(code));
  require_(!unmet, 'notice.early_stop_conditions', {
    zh: `提前停止公示须同时符合全部条件，尚缺：${unmet?.zh}。`,
    en: `All conditions of an early stop must be met; missing: ${unmet?.en}.`,
    basis: unmet?.basis ?? '',
    field: 'conditions',
  });
  for (const channel of E.CHANNELS) {
    const shown = state.publications[channel];
    if (!shown || shown.expired) continue;
    const { decidedOn } = state;
    const least = mayStopFrom(channel, { decidedOn, publishedOn: shown.publishedOn }, c.graveField ?? false, on);
    require_(!least || least.from <= on, 'notice.early_stop_too_soon', {
      zh: `公示未达到规定时限，${least?.from} 起方可提前停止公示。`,
      en: `It has not been shown long enough; an early stop is possible from ${least?.from}.`,
      basis: least?.basis ?? '',
      field: 'cause',
    });
  }
}
