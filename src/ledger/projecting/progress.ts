import { Failure } from '../../kernel/errors';

interface Waiter {
  readonly position: number;
  readonly reached: () => void;
}

/** What answers now for one projection: a generation, how far it reaches, and who waits for it to reach further. */
class Answering {
  generation: number | undefined;
  position = 0;
  readonly waiters = new Set<Waiter>();
}

/** How far each projection's rows reach. The runner reports, queries and read-your-writes ask. */
export class Progress {
  private readonly byProjection: ReadonlyMap<string, Answering>;
  /** Generations that an unfinished scan reads; they are dropped after it. */
  private readonly scans = new Map<number, number>();
  private readonly waiting = new Map<number, () => void>();

  constructor(projections: readonly string[]) {
    this.byProjection = new Map(projections.map((name) => [name, new Answering()]));
  }

  /** After the commit. */
  reached(projection: string, generation: number, position: number): void {
    const answering = this.of(projection);
    answering.generation = generation;
    answering.position = position;
    for (const waiter of [...answering.waiters]) if (waiter.position <= position) waiter.reached();
  }

  /** No rows answer any more: they were of another ledger. */
  gone(projection: string): void {
    const answering = this.of(projection);
    answering.generation = undefined;
    answering.position = 0;
  }

  position(projection: string): number {
    return this.of(projection).position;
  }

  generationOrNone(projection: string): number | undefined {
    return this.of(projection).generation;
  }

  /** The generation that answers. @throws Failure `read_model.building` before there is one */
  generation(projection: string): number {
    const { generation } = this.of(projection);
    if (generation !== undefined) return generation;
    throw stillBuilding();
  }

  /** @throws Failure `read_model.behind` after `timeoutMs` */
  async waitFor(projection: string, position: number, timeoutMs: number): Promise<void> {
    const answering = this.of(projection);
    if (answering.generation !== undefined && answering.position >= position) return;
    let timer: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = { position, reached: resolve };
        answering.waiters.add(waiter);
        timer = setTimeout(() => reject(behind(projection, position)), timeoutMs);
      });
    } finally {
      clearTimeout(timer);
      if (waiter) answering.waiters.delete(waiter);
    }
  }

  beginScan(generation: number): void {
    this.scans.set(generation, (this.scans.get(generation) ?? 0) + 1);
  }

  endScan(generation: number): void {
    const left = (this.scans.get(generation) ?? 1) - 1;
    if (left > 0) {
      this.scans.set(generation, left);
      return;
    }
    this.scans.delete(generation);
    this.waiting.get(generation)?.();
    this.waiting.delete(generation);
  }

  /** Runs it once no scan reads the generation. */
  afterScans(generation: number, then: () => void): void {
    if (this.scans.has(generation)) this.waiting.set(generation, then);
    else then();
  }

  private of(projection: string): Answering {
    const found = this.byProjection.get(projection);
    if (!found) throw new Error(`no projection is named ${projection}`);
    return found;
  }
}

const behind = (projection: string, position: number): Failure =>
  new Failure('unavailable', 'read_model.behind', {
    zh: '刚记录的内容尚未进入查询数据，请稍后再试。',
    en: `${projection} has not reached position ${position} yet; the record is safe, try again soon.`,
  });

/** A query before the first generation of its rows is built. */
export const stillBuilding = (): Failure =>
  new Failure('unavailable', 'read_model.building', {
    zh: '查询数据正在建立，请稍后再试。',
    en: 'The rows for this query are being built from the ledger; try again soon.',
  });
