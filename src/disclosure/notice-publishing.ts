import type { Circumstances } from '../kernel/decider';
import { refused, require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import type { LocalDate } from '../kernel/time';
import { addCalendarDays, calendarDaysBetween, workingDaysBetween } from '../law/calendar';
import { parameter } from '../law/parameters';
import { stopClock } from '../clocks/stream-clocks';
import { publicUntil } from './channels';
import type { PublishNotice } from './notice-commands';
import * as E from './notice-events';
import { mustBe, mustStand } from './notice-gates';
import type { NoticeState } from './notice-state';
import { checkPublishable } from './redaction';

export function publish(c: PublishNotice, state: NoticeState, circumstances: Circumstances): object[] {
  mustBe(state, 'reviewed', 'published');
  mustStand(state);
  const duty = state.channels.find((d) => d.channel === c.channel);
  if (duty && !duty.required) {
    throw refused('notice.channel_exempt', {
      zh: '依法不在此渠道公示。',
      en: 'The law keeps this decision off this channel.',
      basis: duty.basis,
      field: 'channel',
    });
  }
  const { on, countedOn } = dayOf(c, state, circumstances);
  if (state.publications[c.channel]) return [];
  checkPublishable({ ...state.text, licence: state.licence }, state);
  return [
    event(E.NoticePublished, {
      channel: c.channel,
      version: state.version,
      publishedOn: on,
      url: c.url,
      publicUntil: duty && publicUntil(duty, state.decidedOn, on),
    }),
    ...(duty?.parameter === undefined ? [] : stopClock(state.clocks, duty.parameter, countedOn, c.channel)),
    ...late(duty, countedOn),
  ];
}

/**
 * The day it was published, and the day that counts for its being in time. The own site is this portal, which shows it from today
 * and on no earlier day; what another channel shows may be entered some days afterwards. Only an import dates further back, and
 * as nobody vouches for such a day, the day it was recorded is counted.
 */
function dayOf(
  c: PublishNotice,
  { decidedOn }: NoticeState,
  { occurredOn, today, actor }: Circumstances,
): { on: LocalDate; countedOn: LocalDate } {
  const on = c.publishedOn ?? occurredOn;
  require_(decidedOn <= on && on <= today, 'notice.published_on', {
    zh: '公示日期不得早于决定日期，也不得晚于今天。',
    en: 'A notice is published between the day of the decision and today.',
    basis: 'I04',
    field: 'publishedOn',
  });
  const { value, basis } = parameter('disclosure.publication_backdating', today);
  const earliest = c.channel === 'agency_site' ? today : addCalendarDays(today, -value);
  require_(earliest <= on || actor.kind === 'import', 'notice.backdated', {
    zh: `本机关网站的公示日期为当日；其他渠道的公示日期可以补录，但不得早于 ${earliest}。`,
    en: `The own site publishes on the day itself; publication elsewhere may be entered afterwards, from ${earliest} on.`,
    basis,
    field: 'publishedOn',
  });
  return { on, countedOn: on < earliest ? today : on };
}

function late(duty: E.ChannelDuty | undefined, on: LocalDate): object[] {
  if (!duty?.dueOn || !duty.dayKind || on <= duty.dueOn) return [];
  const { channel, dueOn, dayKind, basis } = duty;
  const days = dayKind === 'working' ? workingDaysBetween(dueOn, on) : calendarDaysBetween(dueOn, on);
  return [event(E.NoticePublishedLate, { channel, dueOn, publishedOn: on, daysLate: days, dayKind, basis })];
}
