import type { StreamClockRow } from '../../projections/accountability/rows';
import type { NoticeRow } from '../../projections/public-notices/rows';
import { ExpireNotice } from '../disclosure/notice-commands';
import { noticeDecider } from '../disclosure/notice';
import type { Decider } from '../kernel/decider';
import { Failure } from '../kernel/errors';
import { dateInChina, type Clock, type LocalDate } from '../kernel/time';
import type { Logger } from '../ledger/projecting/logger';
import { command, programActor, type Give } from '../ledger/deciding/reaction';
import { MAX_PAGE_ROWS, type ReadModel, type RowFilter } from '../ledger/projecting/read-model';
import { NoteMissedClock } from '../clocks/missed-clock';

const NAME = 'clock-watch';
const DAY_MS = 86_400_000;

interface Duty {
  readonly decider: Decider<unknown>;
  readonly id: string;
  readonly command: object;
  /** The same duty has the same key, so that it is recorded once. */
  readonly key: string;
}

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
    private readonly logger: Logger,
  ) {}

  /** One look. Returns how many commands were carried out; one that is refused is told in the log and holds up no other. */
  async look(): Promise<number> {
    const today = dateInChina(this.clock.now());
    let carriedOut = 0;
    for await (const duty of this.duties(today)) if (await this.carryOut(duty)) carriedOut++;
    return carriedOut;
  }

  private async *duties(today: LocalDate): AsyncGenerator<Duty> {
    const upTo = { to: dayBefore(today) };
    const running = { state: 'running', missed: 0, due: upTo };
    for await (const row of this.rows<StreamClockRow>('accountability', 'clock', running, 'due')) {
      const { stream, clock, item, dueOn } = row;
      const at = stream.indexOf('-');
      const decider = this.deciders.get(stream.slice(0, at));
      if (!decider) continue;
      const missed = command(NoteMissedClock, { clock, ...(item && { item }) });
      yield { decider, id: stream.slice(at + 1), command: missed, key: `${clock}|${item}|${dueOn}` };
    }
    const ended = { public: 1, expires: upTo };
    for await (const { id, channels } of this.rows<NoticeRow>('public-notices', 'notice', ended, 'expires')) {
      for (const { channel, publishedOn, publicUntil, expiredOn } of channels) {
        if (!publishedOn || expiredOn || !publicUntil || publicUntil >= today) continue;
        const expire = command(ExpireNotice, { channel });
        yield { decider: noticeDecider, id, command: expire, key: `${channel}|${publicUntil}` };
      }
    }
  }

  private async *rows<T extends object>(
    projection: string,
    table: string,
    where: RowFilter['where'],
    column: string,
  ): AsyncGenerator<T> {
    const orderBy = { column, direction: 'asc' } as const;
    let cursor: string | undefined;
    do {
      const page = await this.readModel.list<T>(projection, table, { where, orderBy, limit: MAX_PAGE_ROWS, cursor });
      yield* page.rows;
      cursor = page.next;
    } while (cursor);
  }

  private async carryOut({ decider, id, command: given, key }: Duty): Promise<boolean> {
    const idempotencyKey = `${NAME}:${key}`;
    const context = { actor: programActor(NAME), correlationId: idempotencyKey.slice(0, 64), idempotencyKey };
    try {
      await this.give(decider, id, given, context);
      return true;
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === 'unavailable') throw error;
      this.logger.error({ stream: `${decider.category}-${id}`, code: error.code }, 'a duty could not be recorded');
      return false;
    }
  }
}

const dayBefore = (date: LocalDate): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
