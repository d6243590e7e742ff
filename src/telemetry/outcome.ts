import { Failure, type FailureKind } from '../kernel/errors';
import { WrongExpectedRevision, type Appended } from '../ledger/event-store';

/** What came of a command: carried out, carried out before, nothing to record, or the kind of its failure; `error`: a fault of ours. */
export type CommandOutcome = 'ok' | 'repeated' | 'nothing' | FailureKind | 'error';

/** What came of an append. `conflict`: the stream had been written meanwhile, which the program tries again. */
export type AppendOutcome = 'ok' | 'repeated' | 'conflict' | 'unavailable' | 'error';

/** The kind of a failure, never its code or text. */
export const kindOf = (error: unknown): FailureKind | 'error' => (error instanceof Failure ? error.kind : 'error');

/** Of an append with either a result or an error. */
export function outcomeOfAppend(appended: Appended | undefined, error: unknown): AppendOutcome {
  if (appended) return appended.repeated ? 'repeated' : 'ok';
  if (error instanceof WrongExpectedRevision) return 'conflict';
  return kindOf(error) === 'unavailable' ? 'unavailable' : 'error';
}
