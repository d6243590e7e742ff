import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { canonicalJson } from '../../kernel/canonical-json';
import { isErased } from '../../kernel/erased';
import { v5 as uuidV5, v7 as uuidV7 } from 'uuid';
import {
  definitionOf,
  isOfOtherBody,
  upcast,
  type EventClass,
  type NewEvent,
  type RecordedEvent,
} from '../../kernel/event';
import { streamName, type Circumstances, type CommandContext, type Decider } from '../../kernel/decider';
import { Failure } from '../../kernel/errors';
import { dateInChina, type Clock, type Instant } from '../../kernel/time';
import { MAX_PAGE_EVENTS, WrongExpectedRevision, type EventStore } from '../event-store';
import { checkOccurredAt, validateCommand } from './command-validation';

/** What became of a command. `repeated`: it had been carried out before, and this is what became of it then. */
export interface CommandResult {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly events: ReadonlyArray<{ readonly id: string; readonly type: string; readonly revision: number }>;
  readonly repeated: boolean;
}

interface CarriedOut {
  readonly digest: string;
  readonly events: CommandResult['events'];
  readonly position: number;
}

/** A stream folded up to its last event. */
interface Loaded<S> {
  state: S;
  revision: number;
  position: number;
  readonly byCommand: ReadonlyMap<string, CarriedOut>;
}

const MAX_ATTEMPTS = 10;
/** Folded streams kept in memory; each is brought up to date from the ledger before it is used. */
const MAX_CACHED_STREAMS = 4096;
/** Events folded into all of them together: a state grows with its stream, some by a kilobyte an event. */
const MAX_CACHED_EVENTS = 200_000;
const COMMAND_NAMESPACE = '5f0f4cf2-39a9-5d3e-8f0c-4f4b2f5f3a11';

/** Folded streams, shared by all deciders of one process. */
export class StreamStates {
  private readonly cache = new LRUCache<string, Loaded<unknown>>({
    max: MAX_CACHED_STREAMS,
    maxSize: MAX_CACHED_EVENTS,
    sizeCalculation: ({ revision }) => revision + 1,
  });

  /** Counts the clearings, so that what was read before one is not kept after it. */
  private cleared = 0;

  constructor(private readonly store: EventStore) {}

  /** Forgets every folded stream, those that are being folded as well. */
  clear(): void {
    this.cleared++;
    this.cache.clear();
  }

  async load<S>(decider: Decider<S>, id: string): Promise<Readonly<Loaded<S>>> {
    const stream = streamName(decider, id);
    const { cleared } = this;
    const known = this.cache.get(stream) as Loaded<S> | undefined;
    let loaded: Readonly<Loaded<S>> = known ?? {
      state: decider.initialState,
      revision: -1,
      position: 0,
      byCommand: new Map(),
    };
    for (;;) {
      const page = await this.store.readStream(stream, {
        direction: 'forwards',
        from: loaded.revision + 1,
        limit: MAX_PAGE_EVENTS,
      });
      if (page.length > 0) loaded = folded(decider, loaded, page);
      if (page.length < MAX_PAGE_EVENTS) break;
    }
    if (loaded !== known && loaded.revision >= 0 && cleared === this.cleared) this.cache.set(stream, loaded);
    return loaded;
  }
}

/** The stream after a page more. A copy: others may be folding the same page into what is in the cache. */
function folded<S>(decider: Decider<S>, before: Readonly<Loaded<S>>, page: readonly RecordedEvent[]): Loaded<S> {
  const byCommand = new Map(before.byCommand);
  const loaded: Loaded<S> = { ...before, byCommand };
  for (const stored of page) {
    const recorded = upcast(stored);
    const { commandId, commandDigest } = recorded.metadata;
    const done = byCommand.get(commandId);
    loaded.state = decider.evolve(loaded.state, recorded);
    loaded.revision = recorded.revision;
    loaded.position = recorded.position;
    byCommand.set(commandId, {
      digest: done?.digest ?? commandDigest,
      events: [...(done?.events ?? []), { id: recorded.id, type: recorded.type, revision: recorded.revision }],
      position: recorded.position,
    });
  }
  return loaded;
}

/** Finds out what a decision must know that stands in no stream it could name, such as which cases a person is party to. */
export type Inquiry = (id: string, command: object) => Promise<unknown>;

/** What a handler works with. */
export interface Deciding {
  readonly store: EventStore;
  readonly streams: StreamStates;
  readonly clock: Clock;
  readonly inquiry?: Inquiry;
  /** Digests of commands are made under it: whoever reads the ledger alone cannot try guesses at what a command said. */
  readonly digestKey?: Buffer;
}

/**
 * Carries out one decider's commands: load, decide, append expecting the revision that was read, again on a conflict.
 *
 * A command with an idempotency key is recognised by the command id that its events carry in the stream itself. So a crash
 * before the append leaves nothing, a crash after it answers the repetition with the first result, and two copies racing
 * cannot both win: the loser's append conflicts, reloads, and finds the winner's events.
 */
export class DeciderHandler<S> {
  constructor(
    private readonly decider: Decider<S>,
    private readonly deciders: ReadonlyMap<string, Decider<unknown>>,
    private readonly by: Deciding,
  ) {}

  async execute(id: string, command: object, context: CommandContext): Promise<CommandResult> {
    const rule = this.decider.rules.find((r) => r.command === command.constructor);
    if (!rule) throw new Error(`${this.decider.category} has no rule for ${command.constructor.name}`);
    checkMay(rule.may, rule.basis, context);
    validateCommand(command);
    const stream = streamName(this.decider, id);
    const { commandId, commandDigest } = identify(stream, command, context, this.by.digestKey);

    for (let attempt = 1; ; attempt++) {
      const loaded = await this.by.streams.load(this.decider, id);
      const before = loaded.byCommand.get(commandId);
      if (before) {
        // Of an erased command only the key is known; it is answered as it was then.
        if (commandDigest && before.digest !== commandDigest && !isErased(before.digest)) throw keyReused();
        const revision = before.events[before.events.length - 1].revision;
        return { id, stream, revision, position: before.position, events: before.events, repeated: true };
      }
      const changed = context.expectedRevision !== undefined && context.expectedRevision !== loaded.revision;
      // Without an account, the rule speaks first: whether the record is there may not be for everybody to know.
      if (changed && context.actor.kind !== 'public') throw changedMeanwhile(loaded.revision);
      this.checkBody(loaded.state, command, context);

      const now = this.by.clock.now();
      const occurredAt = checkOccurredAt(command, context.actor, now);
      const circumstances = await this.circumstances(id, command, loaded.state, context, now, occurredAt);
      const decided = rule.decide(command, loaded.state, circumstances);
      if (changed) throw changedMeanwhile(loaded.revision);
      if (decided.length === 0) {
        return { id, stream, revision: loaded.revision, position: loaded.position, events: [], repeated: false };
      }

      const events = decided.map((event): NewEvent => {
        const definition = definitionOf(event.constructor as EventClass);
        return {
          id: uuidV7({ msecs: Date.parse(now) }),
          type: definition.name,
          schemaVersion: definition.version,
          data: { ...event },
          metadata: {
            occurredAt,
            recordedAt: now,
            actor: context.actor,
            command: command.constructor.name,
            commandId,
            commandDigest,
            correlationId: context.correlationId,
            ...(context.causationId && { causationId: context.causationId }),
            ...(context.source && { source: context.source }),
          },
        };
      });
      try {
        const expected = loaded.revision < 0 ? 'no_stream' : loaded.revision;
        const appended = await this.by.store.append(stream, expected, events);
        const first = appended.revision - events.length + 1;
        return {
          id,
          stream,
          revision: appended.revision,
          position: appended.position,
          events: events.map((e, i) => ({ id: e.id, type: e.type, revision: first + i })),
          repeated: false,
        };
      } catch (error) {
        // Read again, whatever revision was asked for: what came in between may be this very command, sent to another node.
        if (!(error instanceof WrongExpectedRevision)) throw error;
        if (attempt === MAX_ATTEMPTS) throw tooBusy();
      }
    }
  }

  private checkBody(state: S, command: object, { actor }: CommandContext): void {
    if (!isOfOtherBody(this.decider.bodyOf?.(state, command), actor)) return;
    throw new Failure('forbidden', 'access.other_body', {
      zh: '该记录属于其他执法主体，您无权操作。',
      en: 'This record belongs to another enforcement body.',
      basis: '行政处罚法 17; B12',
    });
  }

  private async circumstances(
    id: string,
    command: object,
    state: S,
    { actor }: CommandContext,
    now: Instant,
    occurredAt: Instant,
  ): Promise<Circumstances> {
    const states = new Map<string, unknown>();
    for (const [category, otherId] of this.decider.references?.(command, state, actor) ?? []) {
      const other = this.deciders.get(category);
      if (!other) throw new Error(`${this.decider.category} refers to an unknown category ${category}`);
      const loaded = await this.by.streams.load(other, otherId);
      states.set(`${category}-${otherId}`, loaded.revision < 0 ? undefined : loaded.state);
    }
    const found = await this.by.inquiry?.(id, command);
    return {
      now,
      found,
      today: dateInChina(now),
      occurredAt,
      occurredOn: dateInChina(occurredAt),
      actor,
      id,
      lookUp: <T>(other: Decider<T>, otherId: string): T | undefined => {
        const name = streamName(other, otherId);
        if (!states.has(name)) throw new Error(`${name} is not among the references of ${this.decider.category}`);
        return states.get(name) as T | undefined;
      },
    };
  }
}

function checkMay(may: readonly string[], basis: string, { actor }: CommandContext): void {
  if (may.includes('anyone') || may.some((role) => actor.roles.includes(role))) return;
  throw new Failure('forbidden', 'access.role_required', {
    zh: `此操作需要以下角色之一：${may.join('、')}。`,
    en: `This needs one of the roles: ${may.join(', ')}.`,
    basis,
  });
}

/**
 * The command's id and the digest of its content. The id is drawn from the account, the stream and the key, so that one
 * person's key never answers with another's result. What the digest covers may be personal, and outlives its erasure: so it is
 * made under a key that is not in the ledger, and left out where the program itself gives the command: its key follows from the
 * event it reacts to, and what it says of an erased person differs from what it said before.
 */
function identify(
  stream: string,
  command: object,
  { actor, idempotencyKey }: CommandContext,
  digestKey: Buffer = Buffer.alloc(0),
): { commandId: string; commandDigest: string } {
  if (!idempotencyKey) return { commandId: uuidV7(), commandDigest: '' };
  const commandId = uuidV5(`${actor.account}\n${stream}\n${idempotencyKey}`, COMMAND_NAMESPACE);
  if (actor.kind === 'system') return { commandId, commandDigest: '' };
  const content = canonicalJson({ name: command.constructor.name, idempotencyKey, command });
  return { commandId, commandDigest: createHmac('sha256', digestKey).update(content).digest('base64url') };
}

const keyReused = (): Failure =>
  new Failure('invalid', 'command.key_reused', {
    zh: '该幂等键已用于内容不同的另一条命令。',
    en: 'This Idempotency-Key was used for a different command.',
    field: 'Idempotency-Key',
  });

const changedMeanwhile = (revision: number): Failure =>
  new Failure('conflict', 'command.changed_meanwhile', {
    zh: `记录已被他人更新（当前版本 ${revision}），请刷新后重试。`,
    en: `The record has been changed since you read it (it is at revision ${revision}).`,
    field: 'If-Match',
  });

const tooBusy = (): Failure =>
  new Failure('unavailable', 'command.stream_busy', {
    zh: '该记录正被频繁更新，请稍后重试。',
    en: 'This record is being changed by many at once; try again shortly.',
  });
