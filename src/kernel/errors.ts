/** One message in the two languages that people see; Chinese first. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/**
 * What kind of failure it is. The HTTP status of each kind is decided in one place, `src/api/problem.ts`.
 * - `invalid`: the input is malformed or out of bounds
 * - `refused`: the law or a rule does not allow the act
 * - `forbidden`: this account may not do it
 * - `unauthenticated`: nobody is signed in
 * - `not_found`: no such record
 * - `gone`: it was public, and is no longer
 * - `conflict`: somebody else changed the record since it was read
 * - `damaged`: what is recorded cannot be read as it was written; repeating does not help
 * - `unavailable`: a part of the system is away; repeating later is safe
 */
export type FailureKind =
  | 'invalid'
  | 'refused'
  | 'forbidden'
  | 'unauthenticated'
  | 'not_found'
  | 'gone'
  | 'conflict'
  | 'damaged'
  | 'unavailable';

/** What an error says besides its code. `basis` is the article or system id it is refused under. */
export interface FailureDetail extends Bilingual {
  readonly basis?: string;
  readonly field?: string;
  /** Of `unavailable`: when to come again, in seconds, where that is known. */
  readonly retryAfterS?: number;
}

/** An error people are shown: a stable code, both languages, the field and the article. Never holds personal data. */
export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    /** Stable, `<capability>.<what>` in snake case, such as `case.two_officers_required`. */
    readonly code: string,
    readonly detail: FailureDetail,
    /** Further failures of the same request, such as one for each bad field. */
    readonly also: readonly Failure[] = [],
  ) {
    super(`${code}: ${detail.en}`);
    this.name = 'Failure';
  }
}

/** Where an error was thrown, the innermost first: the lines of its stack after the message, which may quote anything. */
export function framesOf({ message, stack = '' }: Error): string[] {
  const at = stack.indexOf(message);
  return stack
    .slice(at < 0 ? 0 : at + message.length)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.slice(7));
}

/** A refusal by the law or by a rule; `basis` is required because nobody may be refused without one. */
export function refused(code: string, detail: FailureDetail & { readonly basis: string }): Failure {
  return new Failure('refused', code, detail);
}

/** Whether a rule said no, or the command did not fit: giving the same command again will be answered the same. */
export function isRefusal(error: unknown): error is Failure {
  return error instanceof Failure && (error.kind === 'refused' || error.kind === 'invalid');
}

/** Throws the refusal unless the condition holds. */
export function require_(
  holds: unknown,
  code: string,
  detail: FailureDetail & { readonly basis: string },
): asserts holds {
  if (!holds) throw refused(code, detail);
}
