const INITIAL_SLOTS = 1 << 12;

/**
 * Counts how often a row's digest has come up in this file, so that rows that say the same stay apart as first, second, third.
 * Remembers 48 bits of each digest in an open-addressed table: 16 to 32 bytes a row, nothing else of it.
 */
export class Occurrences {
  private slots = new Float64Array(INITIAL_SLOTS);
  private filled = 0;
  private readonly again = new Map<string, number>();

  /** 1 the first time, then 2, 3, … `digest` is hexadecimal. */
  count(digest: string): number {
    const key = Number.parseInt(digest.slice(0, 12), 16) + 1; // 0 is an empty slot
    if (this.put(this.slots, key)) {
      this.filled += 1;
      if (this.filled * 2 > this.slots.length) this.grow();
      return 1;
    }
    const count = (this.again.get(digest) ?? 1) + 1;
    this.again.set(digest, count);
    return count;
  }

  private put(slots: Float64Array, key: number): boolean {
    for (let i = key % slots.length; ; i = (i + 1) % slots.length) {
      if (slots[i] === key) return false;
      if (slots[i] === 0) {
        slots[i] = key;
        return true;
      }
    }
  }

  private grow(): void {
    const larger = new Float64Array(this.slots.length * 2);
    for (const key of this.slots) if (key !== 0) this.put(larger, key);
    this.slots = larger;
  }
}
