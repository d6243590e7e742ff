import type { DrawRow } from '../../projections/draws/rows';
import { Failure, isRefusal } from '../kernel/errors';
import { systemClock, type Clock } from '../kernel/time';
import { command, programActor, type Give } from '../ledger/deciding/reaction';
import type { Logger } from '../ledger/projecting/logger';
import { MAX_PAGE_ROWS, type ReadModel } from '../ledger/projecting/read-model';
import type { LogStorage } from '../ledger/transparency/log-storage';
import { LogProver } from '../ledger/transparency/prover';
import type { PublishedCheckpoints } from '../ledger/transparency/published-checkpoints';
import type { Sealing } from '../ledger/transparency/sealing';
import { parseCheckpoint } from '../verification/checkpoint';
import { ineligible } from '../verification/draw';
import { parseNote } from '../verification/note';
import { parseVerifierKey, verifyNote } from '../verification/verifier-key';
import { drawDecider } from './draw';
import { HoldDraw } from './draw-commands';

const NAME = 'draw-watch';
const PAGE_NOTES = 256;
/** Of what was passed over, the latest are put on record. */
const MAX_PASSED_OVER = 64;
const ROWS_WAIT_MS = 10_000;
/** A draw that waits for longer waits for somebody who does not come. */
const LATE_MS = 24 * 3600_000;

/** How far the search for a draw's seed has come. */
interface Search {
  /** The note that was looked at last, by its id. */
  after: number;
  /** The first note of each size that lacked a witness. */
  passedOver: string[];
  /** The last of these sizes. */
  out?: number;
  /** It was told that this takes too long. */
  alarmed?: boolean;
}

/**
 * Holds the draws that were announced, each from the first checkpoint that its announcement allows. It decides nothing: which
 * checkpoint is allowed stands in the announcement, the rule checks it again, and a draw is held once whoever looks again.
 *
 * A crash before the draw is recorded loses nothing: the notes are kept from before they were published, so the next look
 * finds the same first one.
 */
export class DrawWatch {
  private readonly prover: LogProver;
  private readonly searches = new Map<string, Search>();

  constructor(
    private readonly readModel: Pick<ReadModel, 'list' | 'waitFor'>,
    private readonly log: Pick<LogStorage, 'read'>,
    private readonly published: Pick<PublishedCheckpoints, 'covering'>,
    private readonly give: Give,
    private readonly logger: Logger,
    private readonly clock: Clock = systemClock,
  ) {
    this.prover = new LogProver(log);
  }

  /** One look, once the rows know the ledger up to a position. Returns how many draws were held. */
  async look(upTo = 0): Promise<number> {
    await this.readModel.waitFor('draws', upTo, ROWS_WAIT_MS);
    const open = new Set<string>();
    let held = 0;
    for await (const row of this.announced()) {
      open.add(row.id);
      if (await this.hold(row)) held++;
      else this.alarmIfLate(row);
    }
    for (const id of this.searches.keys()) if (!open.has(id)) this.searches.delete(id);
    return held;
  }

  /** All of them: what cannot be held, because a witness is gone, keeps none behind it waiting. */
  private async *announced(): AsyncGenerator<DrawRow> {
    let cursor: string | undefined;
    do {
      const { rows, next } = await this.readModel.list<DrawRow>('draws', 'draw', {
        where: { status: 'announced' },
        orderBy: { column: 'announced', direction: 'asc' },
        limit: MAX_PAGE_ROWS,
        ...(cursor !== undefined && { cursor }),
      });
      yield* rows;
      cursor = next;
    } while (cursor !== undefined);
  }

  /** Told once for each draw that waits, and again after a restart. */
  private alarmIfLate({ id, announcedAt }: DrawRow): void {
    const search = this.searches.get(id);
    if (!search || search.alarmed || Date.parse(this.clock.now()) - Date.parse(announcedAt) < LATE_MS) return;
    search.alarmed = true;
    this.logger.error({ draw: id, announcedAt }, 'a draw has waited for its witnesses for over a day');
  }

  /** One draw; what stands in the way of it is told in the log and holds up no other. */
  private async hold(row: DrawRow): Promise<boolean> {
    try {
      const search = this.searches.get(row.id) ?? { after: 0, passedOver: [] };
      this.searches.set(row.id, search);
      const checkpoint = await this.firstEligible(row, search);
      if (checkpoint === undefined) return false;
      await this.verify(checkpoint, row);
      const entry = (await this.prover.entry(row.position - 1, sizeOf(checkpoint))).toString('base64');
      const { passedOver } = search;
      const given = command(HoldDraw, { entry, checkpoint, ...(passedOver.length > 0 && { passedOver }) });
      const idempotencyKey = `${NAME}:${row.id}`;
      const context = { actor: programActor(NAME), correlationId: idempotencyKey.slice(0, 64), idempotencyKey };
      return !(await this.give(drawDecider, row.id, given, context)).repeated;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.logger.error({ draw: row.id, code: error.code }, 'a draw could not be held');
      if (isRefusal(error)) this.searches.delete(row.id);
      return false;
    }
  }

  private async firstEligible(row: DrawRow, search: Search): Promise<string | undefined> {
    for (;;) {
      const page = await this.published.covering(row.position, search.after, PAGE_NOTES);
      for (const { id, size, note } of page) {
        // A size that was published without a witness is out, whoever cosigns it later. Sizes never go back.
        const isOut = size === search.out;
        if (!isOut && !ineligible(note, row.position, row)) return note;
        search.after = id;
        if (!isOut) search.passedOver = [...search.passedOver, note].slice(-MAX_PASSED_OVER);
        search.out = size;
      }
      if (page.length < PAGE_NOTES) return undefined;
    }
  }

  /** By the announced witnesses and by this log. @throws Failure `proof.signature_invalid`, `draw.seed_unsigned` */
  private async verify(checkpoint: string, { logOrigin, witnesses }: DrawRow): Promise<void> {
    const own = (await this.log.read('vkey'))?.toString('utf8').split('\n').filter(Boolean) ?? [];
    const keys = await Promise.all([...own, ...witnesses].map(parseVerifierKey));
    const signed = new Set((await verifyNote(parseNote(checkpoint), keys)).map(({ key }) => keys.indexOf(key)));
    const byLog = own.some((_, i) => signed.has(i) && keys[i].name === logOrigin);
    if (byLog && witnesses.every((_, i) => signed.has(own.length + i))) return;
    throw new Failure('unavailable', 'draw.seed_unsigned', {
      zh: '检查点没有日志和全部所指见证人的签名，不能作为种子。',
      en: 'The checkpoint is not signed by the log and by every announced witness; it cannot be the seed.',
      basis: 'B16',
    });
  }
}

const sizeOf = (checkpoint: string): number => parseCheckpoint(parseNote(checkpoint).text).size;

/**
 * Looks after each publication, and now and then for what a failed look has left, one look at a time. What it returns ends this,
 * once the look under way is over.
 */
export function watchDraws(
  watch: Pick<DrawWatch, 'look'>,
  sealing: Pick<Sealing, 'onPublished' | 'status'>,
  logger: Logger,
  intervalMs: number,
): () => Promise<void> {
  let closing = false;
  let again = false;
  let looking: Promise<void> | undefined;
  const lookOn = async (): Promise<void> => {
    while (again && !closing) {
      again = false;
      await watch.look(sealing.status().checkpoint?.size);
    }
  };
  const look = (): void => {
    again = true;
    looking ??= lookOn()
      .catch((error: Error & { code?: string }) => {
        logger.error({ reason: error.code ?? error.name }, 'looking at the announced draws failed');
      })
      .finally(() => (looking = undefined));
  };
  const ignore = sealing.onPublished(look);
  const timer = setInterval(look, intervalMs);
  look();
  return async () => {
    closing = true;
    ignore();
    clearInterval(timer);
    await looking;
  };
}
