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

export type AppendOutcome =
  | { readonly kind: 'success'; readonly revision: number; readonly last: Logged }
  | { readonly kind: 'wrong'; readonly current: number };

interface Hiding {
  $tb?: number;
  $maxCount?: number;
}

/**
 * The rules of an EventStoreDB node in memory: one log, streams, idempotence by id, hidden events. Events of one append share
 * their commit position and differ in the prepare position only, as those of a transaction do.
 */
export class MemoryLog {
  readonly events: Logged[] = [];
  private readonly streams = new Map<string, Logged[]>();
  private readonly listeners = new Set<() => void>();
  private offset = 0;

  stream(name: string): readonly Logged[] {
    return this.streams.get(name) ?? [];
  }

  /** What a read of the stream gives: its metadata may hide some. Undefined when there is nothing. */
  visible(name: string): readonly Logged[] | undefined {
    const all = this.stream(name);
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

  /** A tombstone stands at its end: it can neither be read nor written to any more. */
  isDeleted(name: string): boolean {
    return this.stream(name).at(-1)?.type === '$streamDeleted';
  }

  append(name: string, expected: Expected, events: readonly Proposed[]): AppendOutcome {
    const stream = this.stream(name);
    const current = stream.length - 1;
    const after = expected === 'no_stream' ? -1 : expected;
    if (typeof after === 'number' && after < current) {
      const same = events.map(({ id }, i) => stream[after + 1 + i]?.id === id);
      const softDeleted = after < 0 && !this.visible(name);
      if (same.every(Boolean))
        return { kind: 'success', revision: after + events.length, last: stream[after + events.length] };
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
    const commit = (this.offset += 100);
    for (const event of events) {
      const logged = { ...event, stream: name, revision: stream.length, commit, prepare: (this.offset += 37) - 100 };
      stream.push(logged);
      this.events.push(logged);
    }
    for (const listener of [...this.listeners]) listener();
    return { revision: stream.length - 1, last: stream[stream.length - 1] };
  }

  /** Calls back after each write, until the returned function is called. */
  onWrite(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private hiding(name: string): Hiding {
    const metadata = this.streams.get(`$$${name}`)?.at(-1);
    return metadata ? (JSON.parse(Buffer.from(metadata.data).toString()) as Hiding) : {};
  }
}
