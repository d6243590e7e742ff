import { Act } from '../kernel/fields';
import type { CommandClass, Decider } from '../kernel/decider';
import type { Actor, RecordedEvent } from '../kernel/event';
import { startOfDay, type Instant, type LocalDate } from '../kernel/time';
import { addWorkingDays } from '../law/calendar';
import { command } from '../ledger/deciding/reaction';
import type { Random } from './random';

/** The last event of a type in a stream, as the ledger holds it when a step is taken. */
export type Find = (stream: string, type: string) => Promise<RecordedEvent>;

/** One command to be given at a moment: by whom, to which record. What only the ledger knows is asked for then. */
export interface Step {
  readonly at: Instant;
  readonly by: Actor;
  readonly decider: Decider<unknown>;
  readonly id: string | ((find: Find) => Promise<string>);
  readonly command: object | ((find: Find) => Promise<object>);
}

/** When in the day things are entered, in minutes after midnight in China. */
const SITTINGS = [11 * 60, 16 * 60 + 30];
const MINUTE_MS = 60_000;

const minutesAfter = (instant: Instant, minutes: number): Instant =>
  new Date(Date.parse(instant) + minutes * MINUTE_MS).toISOString();

/**
 * What one matter will go through, day by day. A day's steps are entered in one sitting; what officers did outside is dated a
 * little before they enter it.
 */
export class Diary {
  private sitting: number;
  private entries = 0;

  constructor(
    private day: LocalDate,
    private readonly random: Random,
    readonly steps: Step[] = [],
  ) {
    this.sitting = random.pick(SITTINGS);
  }

  get on(): LocalDate {
    return this.day;
  }

  /** Working days pass. */
  wait(workingDays: number): this {
    return this.until(addWorkingDays(this.day, workingDays));
  }

  /** The diary is taken up again on a date; never before the day it stands at. */
  until(date: LocalDate): this {
    if (date <= this.day) return this;
    this.day = date;
    this.sitting = this.random.pick(SITTINGS);
    this.entries = 0;
    return this;
  }

  /** A second diary from the same day on, for what happens meanwhile. Its steps count among these. */
  meanwhile(): Diary {
    return new Diary(this.day, this.random, this.steps);
  }

  /** An instant of the day, so many minutes before the sitting. */
  before(minutes: number): Instant {
    return minutesAfter(startOfDay(this.day), this.sitting - minutes);
  }

  /** Enters a command. `fields` that only the ledger knows are a function. */
  enter<S, C extends object>(
    by: Actor,
    [decider, id]: readonly [Decider<S>, Step['id']],
    type: CommandClass<C>,
    fields: C | ((find: Find) => Promise<C>),
  ): this {
    this.entries++;
    const occurredAt = by.roles.includes('officer') ? this.before(Math.max(2, 30 - this.entries)) : undefined;
    const dated = (c: C): object => {
      const made: object = command(type, c);
      if (made instanceof Act && occurredAt) made.occurredAt ??= occurredAt;
      return made;
    };
    this.steps.push({
      at: this.before(0),
      by,
      decider: decider as Decider<unknown>,
      id,
      command: typeof fields === 'function' ? async (find: Find) => dated(await fields(find)) : dated(fields),
    });
    return this;
  }
}
