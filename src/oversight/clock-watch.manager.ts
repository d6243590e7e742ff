import type { StreamClockRow } from '../../projections/accountability/rows';
import type { NoticeRow } from '../../projections/public-notices/rows';
import { ExpireNotice } from '../disclosure/notice-commands';
import { noticeDecider } from '../disclosure/notice';
import type { Decider } from '../kernel/decider';
import { dateInChina, type Clock, type LocalDate } from '../kernel/time';
import { command, programActor, type Give } from '../ledger/deciding/reaction';
import { MAX_PAGE_ROWS, type ReadModel } from '../ledger/projecting/read-model';
import { NoteMissedClock } from '../clocks/stream-clocks';

const NAME = 'clock-watch';
const DAY_MS = 86_400_000;

/**
 * Looks at the legal clocks that run out and the publicity periods that end, and has them recorded. It decides nothing: a
 * clock that was stopped meanwhile, or was noted already, is refused or passed over by its own record. So looking twice, or
 * from an old row, does no harm; and a program that was away for a week catches up in one look.
 */
export class ClockWatch {
  constructor(
    private readonly readModel: ReadModel,
    private readonly deciders: ReadonlyMap<string, Decider<unknown>>,
    private readonly give: Give,
    private readonly clock: Clock,
  ) {}

  /** One look. Returns how many commands were given. */
  async look(): Promise<number> {
    const today = dateInChina(this.clock.now());
    return (await this.noteMissedClocks(today)) + (await this.expireNotices(today));
  }

  private async noteMissedClocks(today: LocalDate): Promise<number> {
    let given = 0;
    let cursor: string | undefined;
    do {
      const { rows, next } = await this.readModel.list<StreamClockRow>('accountability', 'clock', {
        where: { state: 'running', missed: 0, due: { to: dayBefore(today) } },
        orderBy: { column: 'due', direction: 'asc' },
        limit: MAX_PAGE_ROWS,
        cursor,
      });
      for (const { stream, clock, item, dueOn } of rows) {
        const at = stream.indexOf('-');
        const decider = this.deciders.get(stream.slice(0, at));
        if (!decider) continue;
        const missed = command(NoteMissedClock, { clock, ...(item && { item }) });
        await this.give(decider, stream.slice(at + 1), missed, this.context(`${clock}|${item}|${dueOn}`));
        given++;
      }
      cursor = next;
    } while (cursor);
    return given;
  }

  private async expireNotices(today: LocalDate): Promise<number> {
    let given = 0;
    let cursor: string | undefined;
    do {
      const { rows, next } = await this.readModel.list<NoticeRow>('public-notices', 'notice', {
        where: { public: 1, expires: { to: dayBefore(today) } },
        orderBy: { column: 'expires', direction: 'asc' },
        limit: MAX_PAGE_ROWS,
        cursor,
      });
      for (const { id, channels } of rows) {
        for (const { channel, publishedOn, publicUntil, expiredOn } of channels) {
          if (!publishedOn || expiredOn || !publicUntil || publicUntil >= today) continue;
          await this.give(
            noticeDecider,
            id,
            command(ExpireNotice, { channel }),
            this.context(`${channel}|${publicUntil}`),
          );
          given++;
        }
      }
      cursor = next;
    } while (cursor);
    return given;
  }

  private context(what: string) {
    const key = `${NAME}:${what}`;
    return { actor: programActor(NAME), correlationId: key.slice(0, 64), idempotencyKey: key };
  }
}

const dayBefore = (date: LocalDate): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
