/** What a client of the scripted server sends. */
export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Logged extends Proposed {
  readonly stream: string;
  readonly revision: number;
  readonly commit: number;
  readonly prepare: number;
}

export type Expected = number | 'any' | 'no_stream' | 'stream_exists';

/** `dropped`: the same events are taken already and cannot be read yet; the server then says nothing until its own timeout. */
export type AppendOutcome =
  | { readonly kind: 'success'; readonly revision: number; readonly last: Logged }
  | { readonly kind: 'wrong'; readonly current: number }
  | { readonly kind: 'dropped' };

interface Hiding {
  $tb?: number;
  $maxCount?: number;
}

export const TOMBSTONE = '$streamDeleted';

/**
 * The rules of an EventStoreDB node in memory: one log, streams, idempotence by id, hidden events. What it has taken it judges by at once,
 * and gives to readers when it is on the disk and in the index: `latencyMs` later.
 */
export class MemoryLog {
  readonly events: Logged[] = [];
  latencyMs = 0;
  /** Events of one append share their commit position and differ in the prepare position only, as in the explicit transactions of old. */
  transactions = false;
  private readonly streams = new Map<string, Logged[]>();
  private readonly listeners = new Set<() => void>();
  private offset = 0;
  private readableTo = 0;

  /** What was taken of a stream. */
  stream(name: string): readonly Logged[] {
    return this.streams.get(name) ?? [];
  }

  /** What a read of the stream gives: its metadata may hide some. Undefined when there is nothing. */
  visible(name: string): readonly Logged[] | undefined {
    return this.unhidden(
      name,
      this.stream(name).filter((event) => this.isReadable(event)),
    );
  }

  private unhidden(name: string, all: readonly Logged[]): readonly Logged[] | undefined {
    const { $tb = 0, $maxCount = Infinity } = this.hiding(name);
    const first = Math.max($tb, all.length - $maxCount, 0);
    return first >= all.length ? undefined : first === 0 ? all : all.slice(first);
  }

  /** The index of the first event after a place. */
  indexAfter({ commit, prepare }: Pick<Logged, 'commit' | 'prepare'>): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = this.events[middle];
      if (event.commit > commit || (event.commit === commit && event.prepare > prepare)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  isReadable({ commit }: Pick<Logged, 'commit'>): boolean {
    return commit <= this.readableTo;
  }

  /** Resolves when an event has come into the index. */
  async whenReadable(event: Logged): Promise<void> {
    while (!this.isReadable(event)) await new Promise<void>((resolve) => this.once(resolve));
  }

  /** A tombstone stands at its end: it can neither be read nor written to any more. */
  isDeleted(name: string): boolean {
    return this.stream(name).at(-1)?.type === TOMBSTONE;
  }

  /** Streams whose names begin so, with something in them and no tombstone. */
  living(prefix: string): string[] {
    return [...this.streams.keys()].filter((name) => name.startsWith(prefix) && !this.isDeleted(name));
  }

  append(name: string, expected: Expected, events: readonly Proposed[]): AppendOutcome {
    const stream = this.stream(name);
    const current = stream.length - 1;
    const after = expected === 'no_stream' ? -1 : expected;
    if (typeof after === 'number' && after < current) {
      const same = events.map(({ id }, i) => stream[after + 1 + i]?.id === id);
      const softDeleted = after < 0 && !this.unhidden(name, stream);
      const last = stream[after + events.length];
      if (same.every(Boolean)) {
        return this.isReadable(last) ? { kind: 'success', revision: after + events.length, last } : { kind: 'dropped' };
      }
      if (same[0] || !softDeleted) return { kind: 'wrong', current };
    } else if (typeof after === 'number' ? after > current : after === 'stream_exists' && current < 0) {
      return { kind: 'wrong', current };
    }
    return { kind: 'success', ...this.write(name, events) };
  }

  /** Written by somebody else: links, metadata, statistics, other applications. */
  write(name: string, events: readonly Proposed[]): { revision: number; last: Logged } {
    const stream = this.streams.get(name) ?? [];
    this.streams.set(name, stream);
    const shared = (this.offset += 100);
    for (const event of events) {
      const at = (this.offset += 37);
      const place = this.transactions ? { commit: shared, prepare: at - 100 } : { commit: at, prepare: at };
      const revision = event.type === TOMBSTONE ? Number.MAX_SAFE_INTEGER : stream.length;
      const logged = { ...event, stream: name, revision, ...place };
      stream.push(logged);
      this.events.push(logged);
    }
    const last = stream[stream.length - 1];
    const index = (): void => {
      this.readableTo = Math.max(this.readableTo, last.commit);
      for (const listener of [...this.listeners]) listener();
    };
    if (this.latencyMs > 0) setTimeout(index, this.latencyMs);
    else index();
    return { revision: stream.length - 1, last };
  }

  private once(listener: () => void): void {
    const stop = this.onWrite(() => {
      stop();
      listener();
    });
  }

  /** Calls back when more can be read, until the returned function is called. */
  onWrite(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private hiding(name: string): Hiding {
    const metadata = this.streams.get(`$$${name}`)?.at(-1);
    return metadata ? (JSON.parse(Buffer.from(metadata.data).toString()) as Hiding) : {};
  }
}
