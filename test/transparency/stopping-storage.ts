import type { LogStorage } from '../../src/ledger/transparency/log-storage';
import type { PublishedCheckpoints } from '../../src/ledger/transparency/published-checkpoints';

/** Called when an operation of a log is done: the answer comes when it resolves; what it throws comes in its place. */
export type AtStep = (step: number) => void | Promise<void>;

/** The steps of a storage, or of several that one sealer uses, counted from 1. */
export class Steps {
  count = 0;

  constructor(private readonly at: AtStep = () => undefined) {}

  /** The same storage, which can stop after whatever it is asked. */
  of<S extends LogStorage | PublishedCheckpoints>(storage: S): S {
    return new Proxy(storage, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function' || name === 'close') return member;
        return async (...given: unknown[]): Promise<unknown> => {
          const step = ++this.count;
          const result: unknown = await (member.apply(target, given) as Promise<unknown>);
          await this.at(step);
          return result;
        };
      },
    });
  }
}
