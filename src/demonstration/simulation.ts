import { setImmediate } from 'node:timers/promises';
import { streamName } from '../kernel/decider';
import { Failure } from '../kernel/errors';
import type { RecordedEvent } from '../kernel/event';
import { startOfDay, type Clock, type Instant } from '../kernel/time';
import { addWorkingDays } from '../law/calendar';
import { MAX_PAGE_EVENTS } from '../ledger/event-store';
import type { Mingjing } from '../server';
import type { Find, Step } from './diary';
import type { CityPlan } from './plan';

/** A clock that stands until it is moved. */
export class SimulatedClock implements Clock {
  constructor(private instant: Instant) {}

  now(): Instant {
    return this.instant;
  }

  moveTo(instant: Instant): void {
    this.instant = instant;
  }
}

/** What of an open Mingjing the simulation uses. */
export type World = Pick<Mingjing, 'store' | 'rows' | 'commands' | 'clockWatch'>;

/** When offices close: then the program looks at the legal clocks. */
const CLOSING_MS = 18 * 60 * 60 * 1000;
const WAIT_MS = 60_000;

/**
 * Lives through a plan: moves the clock from sitting to sitting, gives the commands as their people would, and lets the process
 * managers and the watch over the legal clocks do every day what they would have done.
 * @throws Error naming record and command when a rule refuses a step: then the story, or the rule, is wrong
 */
export async function simulate(
  world: World,
  clock: SimulatedClock,
  { first, end, steps }: CityPlan,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  const find = finder(world);
  let next = 0;
  for (let day = first; day <= end; day = addWorkingDays(day, 1)) {
    const closing = new Date(Date.parse(startOfDay(day)) + CLOSING_MS).toISOString();
    while (next < steps.length && steps[next].at < closing) {
      const sitting = steps[next].at;
      const from = next;
      while (next < steps.length && steps[next].at === sitting) next++;
      clock.moveTo(sitting);
      await enterTogether(world, steps, from, next, find);
      await settled(world);
      onProgress(next, steps.length);
    }
    clock.moveTo(closing);
    await closeOfDay(world);
  }
}

/** Different records at once, so that their appends share a commit; the steps of one record in their order. */
async function enterTogether(
  world: World,
  steps: readonly Step[],
  from: number,
  to: number,
  find: Find,
): Promise<void> {
  const byRecord = new Map<string, Promise<void>>();
  for (let n = from; n < to; n++) {
    const step = steps[n];
    const id = typeof step.id === 'string' ? step.id : await step.id(find);
    const record = streamName(step.decider, id);
    const before = byRecord.get(record) ?? Promise.resolve();
    byRecord.set(
      record,
      before.then(() => enter(world, step, id, n, find)),
    );
  }
  await Promise.all(byRecord.values());
}

async function enter({ commands }: World, step: Step, id: string, n: number, find: Find): Promise<void> {
  const given =
    typeof step.command === 'function' ? await (step.command as (find: Find) => Promise<object>)(find) : step.command;
  const record = streamName(step.decider, id);
  try {
    await commands.give(step.decider, id, given, {
      actor: step.by,
      correlationId: `demonstration-${n}`,
      idempotencyKey: `demonstration-${n}`,
    });
  } catch (error) {
    const reason = error instanceof Failure ? [error, ...error.also].map((f) => f.message).join('; ') : String(error);
    throw new Error(`${given.constructor.name} of ${record} at ${step.at}: ${reason}`, { cause: error });
  }
}

const finder =
  ({ store }: World): Find =>
  async (stream, type) => {
    let last: RecordedEvent | undefined;
    for (let from = 0; ; from += MAX_PAGE_EVENTS) {
      const page = await store.readStream(stream, { direction: 'forwards', from, limit: MAX_PAGE_EVENTS });
      last = page.findLast((event) => event.type === type) ?? last;
      if (page.length < MAX_PAGE_EVENTS) break;
    }
    if (!last) throw new Error(`no ${type} in ${stream}`);
    return last;
  };

/** Waits until the process managers have reacted to everything, their own reactions included. */
async function settled({ store, rows }: World): Promise<void> {
  for (;;) {
    const processes = await rows.processes.status();
    const stalled = processes.find((p) => p.state === 'stalled');
    if (stalled) throw new Error(`${stalled.name} stalled: ${stalled.error?.reason ?? ''}`);
    if (processes.every((p) => p.position >= p.head) && processes[0]?.head === (await store.head())) return;
    await setImmediate();
  }
}

/** The program looks at what has run out, by rows that know of everything so far. */
async function closeOfDay(world: World): Promise<void> {
  const head = await world.store.head();
  await Promise.all(
    ['accountability', 'public-notices'].map((name) => world.rows.readModel.waitFor(name, head, WAIT_MS)),
  );
  if ((await world.clockWatch.look()) > 0) await settled(world);
}
