import { Agent, request } from 'node:http';

/** One request as a client sends it. */
export interface Request {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly token?: string;
  /** JSON as it is sent. */
  readonly body?: string;
  readonly idempotencyKey?: string;
}

/** What came back, and when. */
export interface Answer {
  readonly body: Buffer;
  readonly ms: number;
  /** Where the ledger stood after a command; 0 elsewhere. */
  readonly position: number;
}

/** Durations of answers, gathered over several turns. */
export class Latencies {
  private readonly ms: number[] = [];
  bytes = 0;

  get count(): number {
    return this.ms.length;
  }

  add(ms: number, bytes = 0): void {
    this.ms.push(ms);
    this.bytes += bytes;
  }

  /** Milliseconds that a share of the answers did not exceed; 0 when there was none. */
  percentile(share: number): number {
    return this.ms.sort((a, b) => a - b)[Math.min(this.ms.length - 1, Math.floor(this.ms.length * share))] ?? 0;
  }
}

/** So many in so long, a second. */
export const rate = (count: number, ms: number): number => (count * 1000) / ms;

/** What half of them and what all but a hundredth stayed below. */
export const percentiles = (latencies: Latencies): { readonly p50Ms: number; readonly p99Ms: number } => ({
  p50Ms: latencies.percentile(0.5),
  p99Ms: latencies.percentile(0.99),
});

/** Clients of one server, each on a connection that stays open. */
export class Clients {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  private readonly address: { readonly hostname: string; readonly port: string };

  constructor(origin: string) {
    const { hostname, port } = new URL(origin);
    this.address = { hostname, port };
  }

  /**
   * One request, to the last byte of its answer.
   * @throws Error with the answer's beginning, when it is neither 200 nor 201
   */
  send({ path, method = 'GET', token, body, idempotencyKey }: Request): Promise<Answer> {
    const started = performance.now();
    const headers = {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
    };
    return new Promise((resolve, reject) => {
      const sent = request({ ...this.address, agent: this.agent, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answered = Buffer.concat(chunks);
          const { statusCode: status = 0 } = response;
          if (status !== 200 && status !== 201) {
            return reject(new Error(`${method} ${path}: ${status} ${answered.toString('utf8', 0, 600)}`));
          }
          const position = Number(response.headers['mingjing-position'] ?? 0);
          resolve({ body: answered, ms: performance.now() - started, position });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async json<T>(path: string): Promise<T> {
    return JSON.parse((await this.send({ path })).body.toString()) as T;
  }

  /** So many clients take jobs from one list until there is none left. */
  async work<Job>(clients: number, jobs: Iterable<Job>, one: (job: Job) => Promise<void>): Promise<void> {
    const rest = jobs[Symbol.iterator]();
    const client = async (): Promise<void> => {
      for (let job = rest.next(); !job.done; job = rest.next()) await one(job.value);
    };
    await Promise.all(Array.from({ length: clients }, client));
  }

  /** So many clients read, one request after the other, as long as `going` says so. Returns milliseconds. */
  async read(clients: number, requests: Iterator<Request>, into: Latencies, going: () => boolean): Promise<number> {
    const started = performance.now();
    const client = async (): Promise<void> => {
      while (going()) {
        const { ms, body } = await this.send(requests.next().value as Request);
        into.add(ms, body.length);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    return performance.now() - started;
  }

  close(): void {
    this.agent.destroy();
  }
}

/** The same requests again and again. */
export function* inTurn(requests: readonly Request[]): Generator<Request> {
  for (let n = 0; ; n++) yield requests[n % requests.length];
}
