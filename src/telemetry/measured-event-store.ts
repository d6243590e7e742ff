import type { NewEvent, RecordedEvent } from '../kernel/event';
import {
  EventStore,
  type Appended,
  type ExpectedRevision,
  type PageRequest,
  type SubscribeRequest,
} from '../ledger/event-store';

/** An append that has ended, with either what came of it or what was thrown. */
export interface EndedAppend {
  readonly events: readonly NewEvent[];
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly appended?: Appended;
  readonly error?: unknown;
}

/** Called with a page that projections are given; returns what is called when they ask for the next, or have given up. */
export type PageGiven = (readers: readonly string[], page: readonly RecordedEvent[]) => (completed: boolean) => void;

/** A store that tells of appends and of the pages that projections read. It adds nothing to either, and waits for nobody. */
export class MeasuredEventStore extends EventStore {
  constructor(
    private readonly inner: EventStore,
    private readonly on: { append(ended: EndedAppend): void; readonly page?: PageGiven },
  ) {
    super();
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const startedAt = Date.now();
    const started = performance.now();
    const ended = (result: Pick<EndedAppend, 'appended' | 'error'>): void =>
      this.on.append({ events, startedAt, seconds: (performance.now() - started) / 1000, ...result });
    let appended: Appended;
    try {
      appended = await this.inner.append(stream, expected, events);
    } catch (error) {
      ended({ error });
      throw error;
    }
    ended({ appended });
    return appended;
  }

  readStream(stream: string, page: PageRequest): Promise<RecordedEvent[]> {
    return this.inner.readStream(stream, page);
  }

  readAll(page: PageRequest): Promise<RecordedEvent[]> {
    return this.inner.readAll(page);
  }

  head(): Promise<number> {
    return this.inner.head();
  }

  override present(): Promise<number> {
    return this.inner.present();
  }

  subscribe(request: SubscribeRequest): AsyncIterable<RecordedEvent[]> {
    const pages = this.inner.subscribe(request);
    const { readers } = request;
    const { page } = this.on;
    return readers && page ? told(pages, (given) => page(readers, given)) : pages;
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

async function* told(
  pages: AsyncIterable<RecordedEvent[]>,
  give: (page: readonly RecordedEvent[]) => (completed: boolean) => void,
): AsyncGenerator<RecordedEvent[], void, void> {
  for await (const page of pages) {
    const end = give(page);
    let completed = false;
    try {
      yield page;
      completed = true;
    } finally {
      end(completed);
    }
  }
}
