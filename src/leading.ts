import { once } from 'node:events';
import type { Logger } from './ledger/projecting/logger';
import { LeaseLost, type Fence } from './ledger/postgres/lease';

/** This node's turn to do what only one may do. */
export interface Term {
  /** To be shown with everything that is written; undefined where no other node could write. */
  readonly fence: Fence | undefined;
  /** Aborts when the turn is over; the reason is a `LeaseLost` when another node has the lease. */
  readonly over: AbortSignal;
  /** What finds out that another node has the lease says so: the turn is over. */
  lost(): void;
}

/** Begins work of the node that leads; what it returns ends it. */
export type Begin = (term: Term) => Promise<() => Promise<void>>;

/**
 * What only the node that leads does (主节点职责): sealing, rows, process managers, looking at clocks. Work may be added while it leads. It is ended
 * in the opposite order.
 */
export class LeaderWork {
  private readonly begins: Begin[] = [];
  private term: Term | undefined;
  private ends: (() => Promise<void>)[] = [];
  /** Beginnings and ends happen one after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly logger: Pick<Logger, 'error'>) {}

  /** Begins at once when this node leads, and whenever it does later. @throws what the work throws when it begins at once */
  async add(begin: Begin): Promise<void> {
    await this.inTurn(async () => {
      this.begins.push(begin);
      if (this.term) await this.begin(begin, this.term);
    });
  }

  /** Resolves when what has been asked to begin has begun or failed. */
  begun(): Promise<void> {
    return this.inTurn(async () => undefined);
  }

  /** One turn: begins everything, waits until it is over, ends everything. @throws what the work throws when it begins */
  readonly lead = async (fence: Fence | undefined, over: AbortSignal): Promise<void> => {
    const own = new AbortController();
    const end = (): void => own.abort(over.reason);
    over.addEventListener('abort', end, { once: true });
    if (over.aborted) end();
    const term = { fence, over: own.signal, lost: () => own.abort(new LeaseLost()) };
    try {
      await this.inTurn(async () => {
        this.term = term;
        for (const begin of this.begins) await this.begin(begin, term);
      });
      if (!own.signal.aborted) await once(own.signal, 'abort');
    } finally {
      end();
      over.removeEventListener('abort', end);
      await this.inTurn(async () => {
        this.term = undefined;
        for (const stop of this.ends.splice(0)) await this.stopped(stop);
      });
    }
  };

  private async begin(begin: Begin, term: Term): Promise<void> {
    if (!term.over.aborted) this.ends.unshift(await begin(term));
  }

  private async stopped(stop: () => Promise<void>): Promise<void> {
    await stop().catch((error: Error & { code?: string }) => {
      this.logger.error({ reason: error.code ?? error.name }, 'work of the node that leads did not end in good order');
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}
