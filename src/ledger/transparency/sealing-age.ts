/** Marks kept: with one every 250 ms, more than the log may ever be behind and not be an alarm. */
const MAX_MARKS = 1024;

/** How long the oldest event has waited that the log does not cover yet. Times in ms, of any steady clock. */
export class SealingAge {
  /** When the ledger was first seen to reach a position; only those beyond what is covered. */
  private marks: Array<{ readonly position: number; readonly at: number }> = [];
  private size = 0;

  /** The ledger's head at a time. */
  seen(head: number, at: number): void {
    const last = this.marks.at(-1)?.position ?? this.size;
    if (head > last && this.marks.length < MAX_MARKS) this.marks.push({ position: head, at });
  }

  /** A checkpoint of this size is published. */
  covered(size: number): void {
    this.size = size;
    this.marks = this.marks.filter(({ position }) => position > size);
  }

  oldestMs(now: number): number {
    const oldest = this.marks.at(0);
    return oldest ? Math.round(now - oldest.at) : 0;
  }
}
