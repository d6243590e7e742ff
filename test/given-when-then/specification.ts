import { canonicalData } from './plain';
import { definitionOf, type Actor, type RecordedEvent } from '../../src/kernel/event';
import { streamName, type Circumstances, type Decider } from '../../src/kernel/decider';
import { Failure } from '../../src/kernel/errors';
import { dateInChina, type Instant } from '../../src/kernel/time';

/**
 * The test language of rules: `given(decider, …events).as(actor).at(instant).knowing(other, id, …events).when(command).then(…events)`,
 * `.thenRefused(code)` or `.thenNothing()`.
 */
export function given<S>(decider: Decider<S>, ...events: object[]): Specification<S> {
  return new Specification(decider, events);
}

export const NOW: Instant = '2026-03-10T02:00:00.000Z';

const OFFICER: Actor = {
  kind: 'person',
  account: 'account-1',
  officer: 'officer-1',
  body: 'body-1',
  roles: ['officer'],
};

class Past {
  constructor(
    readonly event: object,
    readonly at: Instant,
    readonly actor: Partial<Actor> = {},
  ) {}
}

/** A past event with its own time and actor; a bare event in `given` happened at the time of the command, by officer-1. */
export const past = (at: Instant, event: object, actor?: Partial<Actor>): object => new Past(event, at, actor);

class Specification<S> {
  private actor: Actor = OFFICER;
  private now: Instant = NOW;
  private happened?: Instant;
  private id = 'x-1';
  private found?: unknown;
  private readonly known = new Map<string, unknown>();

  constructor(
    private readonly decider: Decider<S>,
    private readonly events: object[],
  ) {}

  as(actor: Partial<Actor>): this {
    this.actor = { ...this.actor, ...actor };
    return this;
  }

  /** The server's time when the command is given. */
  at(now: Instant): this {
    this.now = now;
    return this;
  }

  /** When the act happened, if earlier than it is recorded. */
  occurred(at: Instant): this {
    this.happened = at;
    return this;
  }

  addressedTo(id: string): this {
    this.id = id;
    return this;
  }

  /** What the inquiry before the decision finds. */
  finding(found: unknown): this {
    this.found = found;
    return this;
  }

  /** What another stream has been through. */
  knowing<T>(decider: Decider<T>, id: string, ...events: object[]): this {
    this.known.set(streamName(decider, id), evolveAll(decider, id, events, this.now));
    return this;
  }

  when<C extends object>(command: new () => C, fields: C): Outcome {
    const state = evolveAll(this.decider, this.id, this.events, this.now);
    const rule = this.decider.rules.find((r) => r.command === command);
    if (!rule) throw new Error(`${this.decider.category} has no rule for ${command.name}`);
    const occurredAt = this.happened ?? this.now;
    const known = this.known;
    const instance = Object.assign(new command(), fields);
    const referred = new Set(
      (this.decider.references?.(instance, state, this.actor) ?? []).map(([category, id]) => `${category}-${id}`),
    );
    const circumstances: Circumstances = {
      now: this.now,
      today: dateInChina(this.now),
      occurredAt,
      occurredOn: dateInChina(occurredAt),
      actor: this.actor,
      id: this.id,
      found: this.found,
      lookUp<T>(decider: Decider<T>, id: string): T | undefined {
        const stream = streamName(decider, id);
        if (!referred.has(stream)) throw new Error(`the decision looks at ${stream}, which references() does not name`);
        return known.get(stream) as T | undefined;
      },
    };
    try {
      return new Outcome(rule.decide(instance, state, circumstances));
    } catch (error) {
      if (error instanceof Failure) return new Outcome([], error);
      throw error;
    }
  }
}

class Outcome {
  constructor(
    readonly events: object[],
    readonly failure?: Failure,
  ) {}

  /** Exactly these events, in order. */
  then(...expected: object[]): void {
    if (this.failure) throw this.failure;
    expect(this.events.map(canonicalData)).toEqual(expected.map(canonicalData));
  }

  /** At least an event like this: the class, and these fields. */
  thenAmong<T extends object>(type: new () => T, fields: Partial<T> = {}): this {
    if (this.failure) throw this.failure;
    expect(this.events.map(canonicalData)).toContainEqual({
      type: type.name,
      data: expect.objectContaining(fields) as unknown,
    });
    return this;
  }

  thenNothing(): void {
    this.then();
  }

  /** Refused with this stable code, naming its article, in both languages. */
  thenRefused(code: string, basis?: string): void {
    expect(this.failure?.code).toBe(code);
    expect(this.failure?.detail.zh).toMatch(/\p{Script=Han}/u);
    expect(this.failure?.detail.en).toBeTruthy();
    if (this.failure?.kind === 'refused') expect(this.failure.detail.basis).toBeTruthy();
    if (basis) expect(this.failure?.detail.basis).toContain(basis);
  }
}

function evolveAll<S>(decider: Decider<S>, id: string, events: object[], now: Instant): S {
  const past = events.map((e) => (e instanceof Past ? e : new Past(e, now)));
  return past.map((p, i) => record(decider, id, p, i)).reduce(decider.evolve, decider.initialState);
}

function record(decider: Pick<Decider<unknown>, 'category'>, id: string, past: Past, revision: number): RecordedEvent {
  const definition = definitionOf(past.event.constructor as new () => object);
  return {
    id: `00000000-0000-7000-8000-${String(revision).padStart(12, '0')}`,
    stream: streamName(decider, id),
    revision,
    position: revision + 1,
    type: definition.name,
    schemaVersion: definition.version,
    data: JSON.parse(JSON.stringify(past.event)) as Record<string, unknown>,
    metadata: {
      occurredAt: past.at,
      recordedAt: past.at,
      actor: { ...OFFICER, ...past.actor },
      command: 'Given',
      commandId: `given-${revision}`,
      commandDigest: '',
      correlationId: 'given',
    },
  };
}
