import { setTimeout as sleep } from 'node:timers/promises';
import { Clerk, type Act } from './acts';

/** An answer that says: this is recorded. */
export interface Acknowledgement {
  readonly act: Act;
  readonly key: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly events: ReadonlyArray<{ readonly id: string; readonly revision: number }>;
  /** Milliseconds of this process's monotonic clock. */
  readonly atMs: number;
}

/** What the clients met with besides. */
export interface Tally {
  /** Commands sent again under the same key. */
  repeated: number;
  /** Answers that said: this was carried out before. */
  replayed: number;
  /** 409 and 412. */
  conflicts: number;
  /** 503. */
  unavailable: number;
  /** 503 that did not say when to come again. */
  withoutRetryAfter: number;
  /** Connections refused or broken. */
  broken: number;
  timedOut: number;
  /** Other answers of 500 and above. */
  internal: number;
  /** Reads of a complaint just lodged, on another node, by position: those that held it, and those told to wait. */
  readBack: number;
  readBehind: number;
}

export interface LoadOptions {
  /** Addresses of the nodes. */
  readonly urls: readonly string[];
  readonly token: string;
  readonly clients: number;
}

const ANSWER_TIMEOUT_MS = 5000;
/** Shorter than `Retry-After` asks: gaps are measured by it. */
const PAUSE_MS = 200;
const HOME_EVERY = 50;
/** Of the acts whose first answer failed, one in this many is never sent again. */
const ABANDON_ONE_IN = 8;
const READ_BACK_ONE_IN = 4;

/** Clients that send commands at the same time, each until it is acknowledged, whatever becomes of the nodes. */
export class Load {
  readonly acknowledged: Acknowledgement[] = [];
  /** Acts that nobody knows the fate of: sent, not acknowledged, never repeated. */
  readonly abandoned: Act[] = [];
  /** What no client should meet with. */
  readonly problems: string[] = [];
  readonly tally: Tally = {
    ...{ repeated: 0, replayed: 0, conflicts: 0, unavailable: 0, withoutRetryAfter: 0 },
    ...{ broken: 0, timedOut: 0, internal: 0, readBack: 0, readBehind: 0 },
  };
  private stopping = false;
  private ended = false;
  private failures = 0;
  private readonly running: Promise<void>[];
  private waiting: Array<{ readonly count: number; readonly resolve: () => void }> = [];

  constructor(private readonly options: LoadOptions) {
    this.running = [...Array(options.clients).keys()].map((client) => this.work(client));
  }

  /** Resolves when so many commands are acknowledged. */
  reached(count: number): Promise<void> {
    if (this.acknowledged.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }

  /** Lets every client finish the command it is at. */
  async finish(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
  }

  /** Sends nothing any more; what is not acknowledged by now is not. */
  end(): void {
    this.stopping = true;
    this.ended = true;
  }

  /** The longest time in which no client had a command acknowledged, in milliseconds. */
  longestGapMs(): number {
    return Math.max(0, ...this.acknowledged.slice(1).map(({ atMs }, i) => atMs - this.acknowledged[i].atMs));
  }

  /** Sends an acknowledged command once more: the answer must be the first one. Says what is wrong with it. */
  async repeat({ act, key, position, revision, events }: Acknowledgement): Promise<string | undefined> {
    const { status, json } = await this.send(this.options.urls[0], act, key);
    const again = json as unknown as Acknowledgement & { repeated: boolean };
    const same =
      status === 201 &&
      again.repeated &&
      again.position === position &&
      again.revision === revision &&
      JSON.stringify(again.events.map(({ id }) => id)) === JSON.stringify(events.map(({ id }) => id));
    return same ? undefined : `${act.mark} repeated: ${status} ${JSON.stringify(json)}`;
  }

  private async work(client: number): Promise<void> {
    const clerk = new Clerk(client);
    const { urls } = this.options;
    let at = client % urls.length;
    for (let n = 0; !this.stopping; n++) {
      if (n % HOME_EVERY === 0) at = client % urls.length;
      at = await this.carryOut(client, clerk, at);
    }
  }

  /** One act until it is acknowledged or given up. @returns the node that answered, by its number */
  private async carryOut(client: number, clerk: Clerk, first: number): Promise<number> {
    const { urls } = this.options;
    const act = clerk.next();
    const key = `key-${client}-${act.mark}`;
    for (let attempt = 0; ; attempt++) {
      const at = (first + attempt) % urls.length;
      if (attempt > 0) this.tally.repeated++;
      const outcome = await this.attempt(urls[at], act, key);
      if (outcome === 'refused') clerk.startAnew();
      if (outcome === 'refused') return at;
      if (outcome !== 'again') {
        clerk.done(act, outcome.revision);
        this.note(outcome);
        if (act.path.includes('complaints') && outcome.position % READ_BACK_ONE_IN === 0) {
          await this.readBack(urls[(at + 1) % urls.length], outcome);
        }
        return at;
      }
      if (this.ended) return at;
      if (attempt === 0 && this.failures++ % ABANDON_ONE_IN === ABANDON_ONE_IN - 1) {
        this.abandoned.push(act);
        clerk.startAnew();
        await sleep(PAUSE_MS);
        return at;
      }
      if (attempt % urls.length === urls.length - 1) await sleep(PAUSE_MS);
    }
  }

  private note(acknowledgement: Acknowledgement): void {
    this.acknowledged.push(acknowledgement);
    const [due, rest] = partition(this.waiting, ({ count }) => count <= this.acknowledged.length);
    this.waiting = rest;
    due.forEach(({ resolve }) => resolve());
  }

  private async attempt(url: string, act: Act, key: string): Promise<Acknowledgement | 'again' | 'refused'> {
    let answer: Answer;
    try {
      answer = await this.send(url, act, key);
    } catch (error) {
      this.tally[(error as Error).name === 'TimeoutError' ? 'timedOut' : 'broken']++;
      return 'again';
    }
    const { status, json, retryAfter } = answer;
    if (status === 201) {
      const result = json as unknown as Omit<Acknowledgement, 'act' | 'key' | 'atMs'> & { repeated: boolean };
      if (result.repeated) this.tally.replayed++;
      const { stream, revision, position, events } = result;
      return { act, key, stream, revision, position, events, atMs: performance.now() };
    }
    if (status === 503) {
      this.tally.unavailable++;
      if (!retryAfter) this.tally.withoutRetryAfter++;
      return 'again';
    }
    if (status >= 500) {
      this.tally.internal++;
      this.problems.push(`${act.path}: ${status} ${JSON.stringify(json)}`);
      return 'again';
    }
    if (status === 409 || status === 412) this.tally.conflicts++;
    this.problems.push(`${act.path}: ${status} ${JSON.stringify(json)}`);
    return 'refused';
  }

  /** Read your writes, on whatever node: by the position of the acknowledgement. */
  private async readBack(url: string, { act, position }: Acknowledgement): Promise<void> {
    const path = act.path.slice(0, act.path.lastIndexOf('/'));
    try {
      const { status, json } = await this.request(url, `${path}?position=${position}`);
      if (status === 200 && json.text === act.mark) this.tally.readBack++;
      else if (status === 503) this.tally.readBehind++;
      else this.problems.push(`${path} at ${position}: ${status} ${JSON.stringify(json)}`);
    } catch {
      this.tally.readBehind++; // the node went away meanwhile
    }
  }

  private send(url: string, { path, body, onRevision }: Act, key: string): Promise<Answer> {
    const precondition = onRevision === undefined ? undefined : { 'if-match': `"${onRevision}"` };
    return this.request(url, path, body, { 'idempotency-key': encodeURIComponent(key), ...precondition });
  }

  private request(url: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer> {
    return request(url + path, { token: this.options.token, body, headers, timeoutMs: ANSWER_TIMEOUT_MS });
  }
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

export interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly text: string;
  readonly retryAfter: boolean;
}

/** One request; rejects when it is not answered whole in time. */
export async function request(
  url: string,
  {
    token,
    body,
    headers,
    timeoutMs,
  }: { token?: string; body?: object; headers?: Record<string, string>; timeoutMs: number },
): Promise<Answer> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const json = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: response.status, json, text, retryAfter: response.headers.has('retry-after') };
}
