import { plainToInstance } from 'class-transformer';
import type { CommandContext, Decider } from '../../kernel/decider';
import { isRefusal, type Failure } from '../../kernel/errors';
import type { Actor, RecordedEvent } from '../../kernel/event';
import type { CommandResult } from './decider-handler';

/** How a process manager or a watch gives a command. */
export type Give = <S>(
  decider: Decider<S>,
  id: string,
  command: object,
  context: CommandContext,
) => Promise<CommandResult>;

/** The program itself as an actor. */
export const programActor = (name: string): Actor => ({ kind: 'system', account: name, roles: ['system'] });

/** A command's context when the program reacts to an event: the same event and reaction give the same key, so it acts once. */
export function reactionTo(event: RecordedEvent, process: string): CommandContext {
  return {
    actor: programActor(process),
    correlationId: event.metadata.correlationId,
    causationId: event.id,
    idempotencyKey: `${process}:${event.id}`,
  };
}

/** A command of given fields, its nested parts of their own classes as well: the handler checks them by their marks. */
export const command = <C extends object>(type: new () => C, fields: C): C => plainToInstance(type, fields);

/** Gives all the commands that one event calls for: a refusal of one is thrown when the others have been given. */
export async function giveAll(commands: ReadonlyArray<() => Promise<unknown>>): Promise<void> {
  const refusals: Failure[] = [];
  for (const give of commands) {
    await give().catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      refusals.push(error);
    });
  }
  if (refusals.length > 0) throw refusals[0];
}
