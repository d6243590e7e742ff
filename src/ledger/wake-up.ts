/** Lets subscriptions sleep until the next commit. */
export class WakeUp {
  private readonly sleepers = new Set<() => void>();

  /** Resolves at the next `all()`, when the signal aborts, or after `limitMs` when it is given; never rejects. */
  wait(signal?: AbortSignal, limitMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.sleepers.delete(wake);
        signal?.removeEventListener('abort', wake);
        clearTimeout(timer);
        resolve();
      };
      const timer = limitMs === undefined ? undefined : setTimeout(wake, limitMs);
      this.sleepers.add(wake);
      if (signal?.aborted) wake();
      else signal?.addEventListener('abort', wake);
    });
  }

  all(): void {
    for (const wake of [...this.sleepers]) wake();
  }
}
