import { NoticePublishedLate } from '../disclosure/notice-events';
import { ClockMissed } from '../clocks/clock-events';
import { is, type RecordedEvent } from '../kernel/event';
import { command, reactionTo, type Give } from '../ledger/deciding/reaction';
import type { ProcessManager } from '../ledger/projecting/process-manager';
import type { ReadModel } from '../ledger/projecting/read-model';
import type { NoticeRow } from '../../projections/public-notices/rows';
import { matterDecider } from './accountability';
import { RaiseClue } from './accountability-commands';
import { ORIGINS } from './accountability-lists';

const NAME = 'accountability-clues';

/** The ledger itself raises clues (L01): a statutory clock missed, a notice late or never published, a promise overrun. */
export function clueManager(give: Give, readModel: () => ReadModel): ProcessManager {
  return {
    name: NAME,
    async react(event) {
      const clue = await clueIn(event, readModel);
      if (clue) await give(matterDecider, `auto-${event.id}`, clue, reactionTo(event, NAME));
    },
  };
}

async function clueIn(event: RecordedEvent, readModel: () => ReadModel): Promise<RaiseClue | undefined> {
  if (is(event, ClockMissed)) {
    const { bindsParty, clock, item, zh, en, dueOn, basis, bodyId, responsibleOfficers } = event.data;
    if (bindsParty || !bodyId) return undefined;
    return clueOf(event, originOfClock(event.stream, clock), bodyId, responsibleOfficers, {
      zh: `${event.stream} 的期限“${zh}”${item && `（${item}）`}应于 ${dueOn} 前完成，逾期未办（${basis}）。`,
      en: `${en} of ${event.stream} was due on ${dueOn}.`,
    });
  }
  if (is(event, NoticePublishedLate)) {
    const { dueOn, publishedOn, channel, basis } = event.data;
    const id = event.stream.slice('notice-'.length);
    await readModel().waitFor('public-notices', event.position, 10_000);
    const notice = await readModel().get<NoticeRow>('public-notices', 'notice', id);
    // One matter for one delay: the clock that was missed before, if the program noticed, has raised it. A clock is not missed
    // once the notice is published, so that whenever this is asked, the answer is the same.
    if (!notice || notice.channels.some((c) => c.channel === channel && c.missed)) return undefined;
    return clueOf(event, 'notice_late', notice.bodyId, [], {
      zh: `${notice.documentNumber} 应于 ${dueOn} 前在 ${channel} 公示，实际 ${publishedOn} 公示（${basis}）。`,
      en: `The notice was due on ${dueOn} and published on ${publishedOn}.`,
    });
  }
  return undefined;
}

function originOfClock(stream: string, clock: string): string {
  if (clock === 'power.promised') return 'promised_limit_overrun';
  return stream.startsWith('notice-') ? 'notice_unpublished' : 'missed_clock';
}

function clueOf(
  { stream, id }: RecordedEvent,
  kind: string,
  bodyId: string,
  officerIds: readonly string[],
  summary: { zh: string; en: string },
): RaiseClue {
  return command(RaiseClue, {
    ground: ORIGINS[kind].ground ?? 'other',
    origin: { kind, stream, eventId: id },
    bodyId,
    officerIds: [...new Set(officerIds)],
    summary: `${summary.zh} ${summary.en}`,
  });
}
