import { definitionOf, type Actor, type EventClass, type EventMetadata, type RecordedEvent } from './event';
import type { Instant, LocalDate } from './time';

export type CommandClass<C extends object = object> = new () => C;

/** Another stream that a decision looks at: `['officer', 'o-17']`. */
export type Reference = readonly [category: string, id: string];

/** What a decision may look at besides its own state. Values only: a decision fetches nothing and reads no clock. */
export interface Circumstances {
  readonly now: Instant;
  /** The date in China at `now`. */
  readonly today: LocalDate;
  /** When the act happened, as the command says; `now` when it says nothing. */
  readonly occurredAt: Instant;
  readonly occurredOn: LocalDate;
  readonly actor: Actor;
  /** The id that the command is addressed to. */
  readonly id: string;
  /** The state of a referred stream as of now; undefined when the stream does not exist. */
  lookUp<S>(decider: Decider<S>, id: string): S | undefined;
  /** What the inquiry of this decider's category has found; undefined where there is none. */
  readonly found?: unknown;
}

/** One command's rule: who may give it, under which article, and what follows from it. */
export interface Rule<S, C extends object = object> {
  readonly command: CommandClass<C>;
  /** Roles of which the actor needs one, or `anyone` for a command open to the public, or `system` for the program itself. */
  readonly may: readonly string[];
  /** Article or system id. */
  readonly basis: string;
  readonly zh: string;
  readonly en: string;
  /** Throws a `Failure` or returns the events. No events: nothing to record, which is not an error. */
  decide(command: C, state: S, circumstances: Circumstances): object[];
}

/** A rule with its command type kept out of sight, so that rules of different commands stand in one table. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyRule<S> = Rule<S, any>;

export type Evolve<S> = (state: S, event: RecordedEvent) => S;

/**
 * A decider: `decide(command, state)`, `evolve(state, event)`, `initialState`, with the rules as a table.
 * Streams are named `<category>-<id>`; commands arrive at `POST /api/<collection>/<id>/<command-name>`.
 */
export interface Decider<S> {
  readonly category: string;
  readonly collection: string;
  readonly zh: string;
  readonly en: string;
  readonly initialState: S;
  evolve(state: S, event: RecordedEvent): S;
  readonly rules: readonly AnyRule<S>[];
  /** The body whose record this is: a person of another body may not command it. Undefined: it belongs to no body (yet). */
  bodyOf?(state: S, command: object): string | undefined;
  /** The streams a decision needs to look at. */
  references?(command: object, state: S, actor: Actor): readonly Reference[];
}

/** `bodyOf` for records that keep their body's id: that of the record, or the one the first command names. */
export function ownBody(state: { readonly bodyId: string }, command: object): string | undefined {
  if (state.bodyId) return state.bodyId;
  return 'bodyId' in command && typeof command.bodyId === 'string' ? command.bodyId : undefined;
}

export const streamName = (decider: Pick<Decider<unknown>, 'category'>, id: string): string =>
  `${decider.category}-${id}`;

/** `FileCase` → `file-case`: a command's name in its address. */
export const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])([A-Z])/g, '-$1').toLowerCase();

/** A rule, typed by its command. */
export const rule = <S, C extends object>(r: Rule<S, C>): AnyRule<S> => r;

type Handler<S> = (state: S, data: never, recorded: RecordedEvent) => S;

/** `when(CaseFiled, (state, data, recorded) => …)`: one row of an `evolve` table. */
export function when<S, T extends object>(
  type: EventClass<T>,
  next: (state: S, data: Readonly<T>, recorded: RecordedEvent) => S,
): readonly [string, Handler<S>] {
  return [definitionOf(type).name, next as Handler<S>];
}

/** An `evolve` from its table. Events that the table does not name leave the state as it is. */
export function evolveBy<S>(...rows: ReadonlyArray<readonly [string, Handler<S>]>): Evolve<S> {
  const table = new Map(rows);
  return (state, recorded) => {
    const next = table.get(recorded.type);
    return next ? next(state, recorded.data as never, recorded) : state;
  };
}

/** Who gives a command, and on whose account. `idempotencyKey`: the same key with the same command is carried out once. */
export interface CommandContext extends Pick<EventMetadata, 'actor' | 'correlationId' | 'causationId' | 'source'> {
  readonly idempotencyKey?: string;
  /** The revision the giver has seen (`If-Match`); another one is a conflict, not a retry. -1: no stream yet. */
  readonly expectedRevision?: number;
}
