import { setTimeout as sleep } from 'node:timers/promises';
import type { ProjectionStatus } from '../../src/ledger/projecting/read-model';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { parseNote } from '../../src/verification/note';
import { request } from './clients';
import type { ServerNode } from './server-node';

const LOOK_MS = 200;
const ANSWER_TIMEOUT_MS = 2000;
const PUBLIC_READ = '/api/bodies';

/** Something that goes up, and the longest time it did not. */
class Rising {
  value = 0;
  private since = performance.now();
  private longestMs = 0;

  saw(value: number): void {
    this.measure();
    if (value <= this.value) return;
    this.value = value;
    this.since = performance.now();
  }

  measure(): number {
    this.longestMs = Math.max(this.longestMs, performance.now() - this.since);
    return this.longestMs;
  }
}

/** How public reads were answered. */
export interface Reads {
  answered: number;
  /** By no node. */
  unanswered: number;
}

/** Looks at every node from outside, as a monitor does, while clients write. */
export class Watch {
  /** Every checkpoint that was ever published to us, as a note, by size: what others keep. */
  readonly checkpoints = new Map<number, string>();
  readonly problems: string[] = [];
  /** Public reads while the fault lasted. */
  readonly during: Reads = { answered: 0, unanswered: 0 };
  faultLasts = false;
  private readonly rows = new Rising();
  private readonly log = new Rising();
  private watching = true;
  private readonly running: Promise<unknown>;

  constructor(
    nodes: readonly ServerNode[],
    private readonly token: string,
  ) {
    this.running = Promise.all([this.read(nodes), ...nodes.map((node) => this.follow(node))]);
  }

  /** The longest time in which no projection went on, and in which no checkpoint came, in milliseconds. */
  async stop(): Promise<{ readonly rowsStoodMs: number; readonly logStoodMs: number }> {
    const stood = { rowsStoodMs: this.rows.measure(), logStoodMs: this.log.measure() };
    this.watching = false;
    await this.running;
    return stood;
  }

  /** Looks no more. */
  end(): void {
    this.watching = false;
  }

  /** Resolves when a projection and the log have gone on from where they are now. */
  async goneOn(): Promise<void> {
    const [rows, log] = [this.rows.value, this.log.value];
    while (this.watching && (this.rows.value <= rows || this.log.value <= log)) await sleep(LOOK_MS / 4);
  }

  private async follow(node: ServerNode): Promise<void> {
    while (this.watching) {
      await Promise.all([this.lookAtRows(node.url), this.lookAtLog(node.url)]);
      await sleep(LOOK_MS);
    }
  }

  private async lookAtRows(url: string): Promise<void> {
    const answer = await this.get(`${url}/api/operations/projections`, this.token);
    if (answer?.status !== 200) return;
    const status = answer.json as unknown as readonly ProjectionStatus[];
    this.rows.saw(Math.min(...status.map(({ position }) => position)));
  }

  private async lookAtLog(url: string): Promise<void> {
    const answer = await this.get(`${url}/log/checkpoint`);
    if (answer?.status !== 200) return;
    const { size } = parseCheckpoint(parseNote(answer.text).text);
    this.log.saw(size);
    const before = this.checkpoints.get(size);
    if (before && rootOf(before) !== rootOf(answer.text)) this.problems.push(`two roots of size ${size}`);
    this.checkpoints.set(size, answer.text);
  }

  /** One reader as a proxy would serve it: each read begins at the next node, and goes on to the others while none answers. */
  private async read(nodes: readonly ServerNode[]): Promise<void> {
    for (let n = 0; this.watching; n++) {
      const { faultLasts } = this;
      let answered = false;
      for (let i = 0; i < nodes.length && !answered; i++) {
        const answer = await this.get(nodes[(n + i) % nodes.length].url + PUBLIC_READ);
        answered = answer?.status === 200;
      }
      // One that was under way when the fault began or ended counts for neither.
      if (faultLasts && this.faultLasts) this.during[answered ? 'answered' : 'unanswered']++;
      await sleep(LOOK_MS);
    }
  }

  private get(url: string, token?: string): Promise<Awaited<ReturnType<typeof request>> | undefined> {
    return request(url, { token, timeoutMs: ANSWER_TIMEOUT_MS }).catch(() => undefined);
  }
}

const rootOf = (note: string): string => parseCheckpoint(parseNote(note).text).root.toString();
