import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Projection } from '../../../projections/projection';
import { upcast, type RecordedEvent } from '../../kernel/event';
import type { Clock } from '../../kernel/time';
import type { EventStore } from '../event-store';
import { LeaseLost } from '../postgres/lease';
import type { Generation } from './generation';
import { OneAtATime } from './one-at-a-time';
import { faultOf, type Fault } from './reason-of';
import type { Logger } from './logger';
import type { Progress } from './progress';
import { statusOf } from './projection-status';
import type { ProjectionStatus } from './read-model';
import { shapeOf, type GenerationRecord, type Pace, type RowStore } from './row-store';

/** What a crash makes a generation apply again at most, besides a page. */
const MAX_UNWRITTEN_EVENTS = 50_000;
/** Small enough that a page's events are garbage before the collector has moved them twice. */
export const CATCH_UP_PAGE_EVENTS = 1024;
/** While others answer queries, catching up takes short turns. */
const PAGE_BESIDE_OTHERS_EVENTS = 512;
const TURN_BESIDE_OTHERS_MS = 15;
const TURN_MS = 250;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;

export interface RunnerOptions {
  readonly projections: readonly Projection[];
  readonly store: EventStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after every page of catching up: the position that has been read, and the ledger's head. */
  readonly onCatchUp?: (position: number, head: number) => void;
  /** Another node may write the rows now; this runner has stopped for good. */
  readonly onLost?: () => void;
}

/** What whoever runs the program asks of the projections. */
export interface Projections {
  /** Builds a projection anew beside the rows that answer; `settled` tells when the new ones are switched in. */
  rebuild(name: string): Promise<void>;
  retry(name?: string): void;
  /** Resolves once the rows have caught up with the ledger or have stalled. */
  settled(): Promise<void>;
  status(): Promise<ProjectionStatus[]>;
}

/**
 * Runs the projections. Generations that have caught up follow the ledger on one subscription (`follow`); the others read it
 * together page by page (`catchUp`) and join when they have reached the subscription's place. A generation that is built joins by
 * being switched in for the one before it. Whatever changes a generation or which there are is done in turns (`inTurn`), from the page to
 * the commit, so neither loop sees the other's work half done.
 */
export class ProjectionRunner implements Projections {
  private readonly generations = new Set<Generation>();
  private readonly following = new Set<Generation>();
  /** Everything up to here has been handed to the generations that follow. */
  private cursor = 0;
  /** Why nothing moves at all: the ledger cannot be read, or the file cannot be written. Tried again until it goes. */
  private fault: Fault | undefined;
  private readonly inTurn = new OneAtATime();
  /** Generations whose rows are dropped, or wait to be. */
  private readonly removing = new Set<number>();
  private readonly stopping = new AbortController();
  private readonly listeners = new Set<() => void>();
  private loops: Promise<void>[] = [];

  constructor(
    private readonly rows: RowStore,
    private readonly progress: Progress,
    private readonly options: RunnerOptions,
  ) {}

  /**
   * Takes up what is in the store and begins. With `follow: false` it only catches up with the ledger as it is now.
   * `rebuild` names projections that are built anew before anything is read.
   */
  async start({ follow = true, rebuild = [] }: { follow?: boolean; rebuild?: readonly string[] } = {}): Promise<void> {
    // What a node does not know of yet would look like a ledger that has other events, and the rows like another one's.
    this.cursor = await this.options.store.present();
    for (const record of await this.rows.generations()) await this.takeUp(record);
    const present = new Set([...this.generations].map(({ projection }) => projection.name));
    for (const projection of this.options.projections) if (!present.has(projection.name)) await this.build(projection);
    for (const name of rebuild) if (present.has(name)) await this.rebuild(name, { keepUp: false });
    this.loops = [this.keepTrying('catching up', () => this.catchUp())];
    if (follow) this.loops.push(this.keepTrying('following the ledger', () => this.follow()));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.changed();
    await Promise.all(this.loops);
  }

  /**
   * Builds a new generation beside the one that answers, from the ledger's beginning. `settled` tells when it is switched in.
   * With `keepUp: false` the one that answers stands still meanwhile.
   */
  async rebuild(name: string, { keepUp = true } = {}): Promise<void> {
    const projection = this.options.projections.find((each) => each.name === name);
    if (!projection) throw new Error(`no projection is named ${name}`);
    await this.inTurn.run(async () => {
      for (const generation of this.generations) {
        if (generation.projection.name !== name || (generation.live && keepUp)) continue;
        this.generations.delete(generation);
        if (!generation.live) await this.drop(generation.id);
      }
      await this.build(projection);
    });
  }

  /** Tries stalled projections again at the event where they stopped. */
  retry(name?: string): void {
    for (const generation of this.generations) {
      if (name === undefined || generation.projection.name === name) generation.stalled = undefined;
    }
    this.changed();
  }

  /** Why nothing moves at all; undefined while it does. */
  get trouble(): Fault | undefined {
    return this.fault;
  }

  /** Resolves once every generation follows the ledger or has stalled, or when the runner stops. */
  async settled(): Promise<void> {
    while (!this.stopping.signal.aborted && this.behind().length > 0) await this.nextChange();
  }

  async status(): Promise<ProjectionStatus[]> {
    const { projections, store, clock } = this.options;
    const running = [...this.generations].map(({ id, projection, live, committedPosition, stalled }) => {
      return { id, projection: projection.name, live, position: committedPosition, stalled };
    });
    return statusOf({
      projections,
      running,
      progress: this.progress,
      store,
      clock,
      fault: this.fault,
      seen: this.cursor,
    });
  }

  private behind(): Generation[] {
    return [...this.generations].filter((each) => !each.stalled && !this.following.has(each));
  }

  /** Keeps a generation that fits the program and the ledger; of an older version it keeps the one that answers. */
  private async takeUp(record: GenerationRecord): Promise<void> {
    const projection = this.options.projections.find(({ name }) => name === record.projection);
    const fits = projection !== undefined && record.shape === shapeOf(projection);
    if (!projection || record.state === 'retired' || (!fits && record.state === 'building')) {
      await this.drop(record.id);
    } else if (!(await this.isOfThisLedger(record))) {
      this.options.logger.warn(
        { projection: record.projection, position: record.position },
        'rows of another ledger dropped',
      );
      await this.drop(record.id);
    } else {
      if (fits) this.generations.add(await this.rows.open(projection, record));
      if (record.state === 'live') this.progress.reached(projection.name, record.id, record.position);
    }
  }

  /** A ledger restored from an older backup may hold other events at the same positions. */
  private async isOfThisLedger({ position, eventId }: GenerationRecord): Promise<boolean> {
    if (position === 0) return true;
    const [event] = await this.options.store.readAll({ direction: 'forwards', from: position, limit: 1 });
    return event?.id === eventId;
  }

  private async build(projection: Projection): Promise<void> {
    this.generations.add(await this.rows.create(projection));
    this.changed();
  }

  private async follow(): Promise<void> {
    const { store, projections } = this.options;
    const limit = CATCH_UP_PAGE_EVENTS;
    const readers = projections.map(({ name }) => name);
    for await (const page of store.subscribe({ after: this.cursor, limit, signal: this.stopping.signal, readers })) {
      await this.inTurn.run(async () => {
        await this.advance(this.following, page);
        this.cursor = page[page.length - 1].position;
        const more = page.length === limit && this.cursor < (await store.head());
        if (!more || this.isFull(this.following)) await this.commit(this.following);
      });
    }
  }

  private async catchUp(): Promise<void> {
    const { store, onCatchUp } = this.options;
    while (!this.stopping.signal.aborted) {
      const waiting = this.behind();
      if (waiting.length === 0) {
        await this.nextChange();
        continue;
      }
      // Generations that answer come before those that are built; those that are built wait for the last of them and read once.
      const answering = waiting.filter((each) => each.live);
      const from = Math.min(...(answering.length > 0 ? answering : waiting).map((each) => each.position)) + 1;
      const limit = this.following.size > 0 ? PAGE_BESIDE_OTHERS_EVENTS : CATCH_UP_PAGE_EVENTS;
      const page = await store.readAll({ direction: 'forwards', from, limit });
      const atEnd = page.length < limit;
      const reading = await this.inTurn.run(async () => {
        const group = this.behind().filter((each) => each.position >= from - 1);
        await this.advance(group, page);
        if (atEnd || this.isFull(group) || group.some((each) => each.stalled)) await this.commit(group);
        return group;
      });
      if (onCatchUp) onCatchUp(from - 1 + page.length, await store.head());
      if (atEnd) await this.join(reading);
      else await nextTurn();
    }
  }

  /** Indexes what has no index yet; lets in what has reached the subscription's place. The others read on first. */
  private async join(group: readonly Generation[]): Promise<void> {
    for (const generation of group) {
      if (generation.stalled || !this.generations.has(generation)) continue;
      // Step by step, so that others have their turns. Given up when the generation is dropped or the runner stops.
      if (!generation.indexed)
        await this.rows.index(
          generation,
          this.pace(() => this.generations.has(generation)),
        );
      await this.inTurn.run(() => this.letIn(generation));
    }
    this.changed();
  }

  private async letIn(generation: Generation): Promise<void> {
    if (!generation.indexed || !this.generations.has(generation) || generation.committedPosition < this.cursor) return;
    if (!generation.live) await this.switchIn(generation);
    this.following.add(generation);
  }

  private pace(wanted = () => true): Pace {
    return {
      turnMs: () => (this.following.size > 0 ? TURN_BESIDE_OTHERS_MS : TURN_MS),
      wanted: () => wanted() && !this.stopping.signal.aborted,
    };
  }

  private async drop(id: number): Promise<void> {
    await this.rows.retire(id);
    this.removeLater(id);
  }

  /** Rows that nothing reads any more. */
  private removeLater(id: number): void {
    if (this.removing.has(id)) return;
    this.removing.add(id);
    this.progress.afterScans(id, () => void this.loops.push(this.remove(id)));
  }

  private async remove(id: number): Promise<void> {
    try {
      await this.rows.remove(id, this.pace());
    } catch (error) {
      if (error instanceof LeaseLost) this.lose();
      else this.report('removing rows', error);
    }
  }

  private async switchIn(generation: Generation): Promise<void> {
    const { name } = generation.projection;
    await this.rows.switchIn(name, generation.id);
    for (const each of [...this.generations]) {
      if (each.projection.name !== name || !each.live) continue;
      this.generations.delete(each);
      this.following.delete(each);
    }
    generation.live = true;
    this.progress.reached(name, generation.id, generation.committedPosition);
    for (const { id, projection, state } of await this.rows.generations()) {
      if (projection === name && state === 'retired') this.removeLater(id);
    }
    this.options.logger.info(
      { projection: name, generation: generation.id, position: generation.position },
      'rows switched in',
    );
  }

  /** Applies the events. What a fold needs and has not in memory is loaded for all of them together. */
  private async advance(group: Iterable<Generation>, page: readonly RecordedEvent[]): Promise<void> {
    const events = page.map(upcast);
    let waiting = [...group].filter((generation) => !generation.apply(events));
    while (waiting.length > 0) {
      await this.rows.load(waiting);
      waiting = waiting.filter((generation) => !generation.apply(events));
    }
  }

  private isFull(group: Iterable<Generation>): boolean {
    const all = [...group];
    const unwritten = all.map(({ position, committedPosition }) => position - committedPosition);
    return Math.max(...unwritten) > MAX_UNWRITTEN_EVENTS || sumOf(all.map(({ chars }) => chars)) > this.rows.cacheChars;
  }

  /** Writes what has been applied, all generations in one transaction. Tries again until it succeeds or the runner stops. */
  private async commit(group: Iterable<Generation>): Promise<void> {
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        await this.write(group);
        this.fault = undefined;
        return;
      } catch (error) {
        if (error instanceof LeaseLost) throw error;
        this.report('writing rows', error);
        await sleep(wait, undefined, { signal: this.stopping.signal });
      }
    }
  }

  private async write(all: Iterable<Generation>): Promise<void> {
    const group = [...all].filter((each) => this.generations.has(each));
    await this.rows.write(group, { forget: sumOf(group.map(({ chars }) => chars)) > this.rows.cacheChars });
    for (const generation of group) {
      const { projection, id, committedPosition, stalled } = generation;
      if (generation.live) this.progress.reached(projection.name, id, committedPosition);
      if (generation.position < this.cursor && this.following.delete(generation)) this.changed(); // it has to catch up again
      if (!stalled) continue;
      this.following.delete(generation);
      this.options.logger.error({ projection: projection.name, generation: id, ...stalled }, 'projection stalled');
      this.changed();
    }
  }

  /** Runs a loop until the runner stops; a loop that fails is started again after a while. */
  private async keepTrying(what: string, loop: () => Promise<void>): Promise<void> {
    let wait = FIRST_RETRY_MS;
    while (!this.stopping.signal.aborted) {
      try {
        await loop();
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (error instanceof LeaseLost) {
          this.lose();
          return;
        }
        wait = this.fault === undefined ? FIRST_RETRY_MS : Math.min(wait * 2, LAST_RETRY_MS);
        this.report(what, error);
      }
      await sleep(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private lose(): void {
    this.stopping.abort();
    this.changed();
    this.options.onLost?.();
  }

  private report(what: string, error: unknown): void {
    this.fault = faultOf(what, error);
    this.options.logger.error({ fault: this.fault.reason }, 'projections wait');
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
    this.listeners.clear();
  }

  private nextChange(): Promise<void> {
    return new Promise((resolve) => this.listeners.add(resolve));
  }
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
