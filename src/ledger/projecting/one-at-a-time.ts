/** Does pieces of work one after the other, in the order in which they are given. */
export class OneAtATime {
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the work does; one that fails does not keep the next from being done. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }
}
