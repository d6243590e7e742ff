import { parseNote } from '../../verification/note';
import { finding, type Facts, type Finding, type FindingCode } from './findings';
import { holding, type AuditTrust, type HeldCheckpoint } from './held-checkpoints';

/** A cosignature that bounds when events were recorded. */
interface Bound {
  readonly checkpoint: HeldCheckpoint;
  readonly witness: string;
  readonly timeMs: number;
}

type TimeCode = FindingCode & ('recorded_before_witnessed' | 'recorded_after_witnessed');

/**
 * Holds `recordedAt` against the witnesses' clocks. A witness that cosigns a tree of n leaves at t has seen that events 1 to n
 * were recorded by t. What comes after n was recorded later, unless the log lagged just then: of several cosignatures
 * of one size the earliest tells when it was signed. So both are for a person to look at.
 */
export class WitnessedTimes {
  /** Sorted by size, one a size: the earliest. */
  private bounds: readonly Bound[];
  /** Of the bounds before each, the latest; of those from each on, the earliest. */
  private latestBefore: (Bound | undefined)[] = [];
  private earliestFrom: (Bound | undefined)[] = [];
  private at = 0;
  private readonly first = new Map<TimeCode, Facts>();
  private readonly counts = new Map<TimeCode, number>();

  constructor(
    checkpoints: readonly HeldCheckpoint[],
    private readonly trust: AuditTrust,
    private readonly toleranceMs: number,
    private readonly report: (...found: Finding[]) => void,
  ) {
    this.bounds = earliestBySize(checkpoints);
    this.index();
  }

  /** Looks at the next event; positions must come in order. There is something to wait for only when it does not fit. */
  look(position: number, recordedAtMs: number, about: () => Promise<Facts>): Promise<void> | undefined {
    while (this.at < this.bounds.length && this.bounds[this.at].checkpoint.size < position) this.at += 1;
    const before = this.latestBefore[this.at];
    if (before && recordedAtMs < before.timeMs - this.toleranceMs) {
      return this.contradicted('recorded_before_witnessed', before, { position, recordedAtMs, about });
    }
    const after = this.earliestFrom[this.at];
    if (after && recordedAtMs > after.timeMs + this.toleranceMs) {
      return this.contradicted('recorded_after_witnessed', after, { position, recordedAtMs, about });
    }
    return undefined;
  }

  findings(): Finding[] {
    return [...this.first].map(([code, facts]) => finding(code, { ...facts, count: this.counts.get(code) }));
  }

  private async contradicted(
    code: TimeCode,
    bound: Bound,
    { position, recordedAtMs, about }: { position: number; recordedAtMs: number; about: () => Promise<Facts> },
  ): Promise<void> {
    const { checkpoint, witness, timeMs } = bound;
    if (!this.first.has(code) && !(await this.holds(bound))) {
      this.report(finding('cosignature_forged', { source: checkpoint.source, size: checkpoint.size, witness }));
      this.bounds = this.bounds.filter((each) => each !== bound);
      this.index();
      return this.look(position, recordedAtMs, about);
    }
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
    if (this.first.has(code)) return;
    const { source, size } = checkpoint;
    const times = { recordedAt: instant(recordedAtMs), at: instant(timeMs) };
    this.first.set(code, { position, ...(await about()), ...times, source, size, witness });
  }

  private async holds({ checkpoint, witness }: Bound): Promise<boolean> {
    const key = this.trust.policy?.witnesses.find(({ name }) => name === witness)?.key;
    return key !== undefined && (await holding(parseNote(await checkpoint.note()), [key])) === 1;
  }

  private index(): void {
    const count = this.bounds.length;
    this.at = 0;
    this.latestBefore = Array<undefined>(count + 1).fill(undefined);
    this.earliestFrom = Array<undefined>(count + 1).fill(undefined);
    for (let i = 0; i < count; i++) this.latestBefore[i + 1] = later(this.latestBefore[i], this.bounds[i]);
    for (let i = count - 1; i >= 0; i--) this.earliestFrom[i] = earlier(this.earliestFrom[i + 1], this.bounds[i]);
  }
}

function earliestBySize(checkpoints: readonly HeldCheckpoint[]): Bound[] {
  const bySize = new Map<number, Bound>();
  for (const checkpoint of checkpoints) {
    if (checkpoint.signed === false) continue; // a forged note may bear anything
    for (const time of checkpoint.times) {
      const known = bySize.get(checkpoint.size);
      if (!known || time.timeMs < known.timeMs) bySize.set(checkpoint.size, { checkpoint, ...time });
    }
  }
  return [...bySize.values()];
}

const later = (a: Bound | undefined, b: Bound): Bound => (a && a.timeMs >= b.timeMs ? a : b);
const earlier = (a: Bound | undefined, b: Bound): Bound => (a && a.timeMs <= b.timeMs ? a : b);

const instant = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : String(ms));
