import { Injectable, type Provider } from '@nestjs/common';
import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { kebab, type AnyRule, type CommandContext, type Decider } from '../../kernel/decider';
import type { Clock } from '../../kernel/time';
import { EventStore } from '../event-store';
import { DeciderHandler, StreamStates, type CommandResult, type Inquiry } from './decider-handler';

/** What the command bus carries to a decider: which record, which command, on whose account. */
class Message {
  constructor(
    readonly id: string,
    readonly command: object,
    readonly context: CommandContext,
  ) {}
}

/** One row of the registry of commands: the address `POST /api/<collection>/<id>/<name>` and the rule behind it. */
export interface RegisteredCommand {
  readonly decider: Decider<unknown>;
  readonly name: string;
  readonly rule: AnyRule<unknown>;
}

export const CLOCK = Symbol('clock');
/** By category of decider: what its decisions ask before they are taken. May be left out. */
export const INQUIRIES = Symbol('inquiries');
/** The key under which digests of commands are made, a `Buffer`. May be left out. */
export const DIGEST_KEY = Symbol('digest key');

/** What is done around every command, such as measuring it; an `Around`. May be left out. */
export const AROUND = Symbol('around commands');

/** A command on its way to its decider: what of it may be told to those who watch the program. */
export interface GivenCommand {
  readonly category: string;
  /** As in its address: `file-case`. */
  readonly name: string;
  readonly context: CommandContext;
}

/** Carries a command out, once, and answers with what came of it, be it a failure. */
export type Around = (given: GivenCommand, carryOut: () => Promise<CommandResult>) => Promise<CommandResult>;

/** Every decider, and the one way to give any of them a command. */
@Injectable()
export class Commands {
  private readonly byAddress = new Map<string, RegisteredCommand>();
  private readonly messages = new Map<Decider<unknown>, typeof Message>();

  constructor(
    private readonly bus: CommandBus,
    deciders: readonly Decider<unknown>[],
    messages: ReadonlyMap<Decider<unknown>, typeof Message>,
    private readonly streams: StreamStates,
    private readonly around: Around = (_, carryOut) => carryOut(),
  ) {
    for (const decider of deciders) {
      const message = messages.get(decider);
      if (message) this.messages.set(decider, message);
      for (const rule of decider.rules) {
        const name = kebab(rule.command.name);
        const address = `${decider.collection}/${name}`;
        if (this.byAddress.has(address)) throw new Error(`two commands at ${address}`);
        this.byAddress.set(address, { decider, name, rule });
      }
    }
  }

  /** Every command there is, in the order of the tables. */
  all(): RegisteredCommand[] {
    return [...this.byAddress.values()];
  }

  find(collection: string, name: string): RegisteredCommand | undefined {
    return this.byAddress.get(`${collection}/${name}`);
  }

  /** Carries out a command on the record `id` of a decider; resolves once its events are durable. */
  give<S>(decider: Decider<S>, id: string, command: object, context: CommandContext): Promise<CommandResult> {
    const Carried = this.messages.get(decider as Decider<unknown>);
    if (!Carried) throw new Error(`${decider.category} is not a registered decider`);
    const given = { category: decider.category, name: kebab(command.constructor.name), context };
    return this.around(given, () => this.bus.execute(new Carried(id, command, context)));
  }

  /** Folded streams leave memory: what they were folded from may have been erased since. */
  forget(): void {
    this.streams.clear();
  }
}

/**
 * The Nest providers for a set of deciders: one generic handler each on the command bus, the folded streams they share, and
 * `Commands`. A new command is a class and a row in a decider's table; nothing is added here.
 */
export function decidingProviders(deciders: readonly Decider<unknown>[]): Provider[] {
  const byCategory = new Map(deciders.map((d) => [d.category, d]));
  const messages = new Map<Decider<unknown>, typeof Message>();
  const handlers = deciders.map((decider): Provider => {
    const Carried = class extends Message {};
    Object.defineProperty(Carried, 'name', { value: `${decider.category}Message` });
    messages.set(decider, Carried);

    @CommandHandler(Carried)
    class Handler implements ICommandHandler<Message> {
      private readonly handler: DeciderHandler<unknown>;
      constructor(
        store: EventStore,
        streams: StreamStates,
        clock: Clock,
        inquiries?: ReadonlyMap<string, Inquiry>,
        digestKey?: Buffer,
      ) {
        const inquiry = inquiries?.get(decider.category);
        this.handler = new DeciderHandler(decider, byCategory, { store, streams, clock, inquiry, digestKey });
      }
      execute({ id, command, context }: Message): Promise<CommandResult> {
        return this.handler.execute(id, command, context);
      }
    }
    return {
      provide: `${decider.category}Handler`,
      inject: [
        EventStore,
        StreamStates,
        CLOCK,
        { token: INQUIRIES, optional: true },
        { token: DIGEST_KEY, optional: true },
      ],
      useFactory: (...given: ConstructorParameters<typeof Handler>) => new Handler(...given),
    };
  });
  return [
    { provide: StreamStates, inject: [EventStore], useFactory: (store: EventStore) => new StreamStates(store) },
    ...handlers,
    {
      provide: Commands,
      inject: [CommandBus, StreamStates, { token: AROUND, optional: true }],
      useFactory: (bus: CommandBus, streams: StreamStates, around?: Around) =>
        new Commands(bus, deciders, messages, streams, around),
    },
  ];
}
