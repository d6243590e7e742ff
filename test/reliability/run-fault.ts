import { Load, type Tally } from './clients';
import type { Fault, Prepared, Taken } from './faults';
import { found } from './installation';
import { judge, type Verdict } from './verdict';
import { Watch, type Reads } from './watch';

/** What became of one fault. */
export interface FaultResult {
  readonly name: string;
  readonly composition: Fault['composition'];
  readonly what: string;
  /** Why it was not run: that is neither a pass nor a failure. */
  readonly notRun?: string;
  readonly figures?: Figures;
  /** Empty: all that was promised was kept. */
  readonly problems: readonly string[];
}

export interface Figures extends Verdict, Tally, Partial<Taken> {
  readonly clients: number;
  readonly acknowledged: number;
  readonly abandoned: number;
  /** The longest times without: an acknowledgement, a row, a checkpoint; in milliseconds. */
  readonly longestGapMs: number;
  readonly rowsStoodMs: number;
  readonly logStoodMs: number;
  /** Public reads while the fault lasted. */
  readonly reads: Reads;
  readonly seconds: number;
}

export interface RunOptions {
  /** Acknowledged before a run ends; what the fault says, when left out. */
  readonly commands?: number;
  readonly clients: number;
  /** Ends the run, with everything it started. */
  readonly signal?: AbortSignal;
}

/** An installation in which nothing is acknowledged for so long has stopped for good. */
const STOPPED_AFTER_MS = 60_000;
const TOO_LONG_MS = 300_000;
const LOOK_MS = 1000;

/** Another node has taken over by then. */
const TAKEOVER_MS = 10_000;

/** Runs a fault in the middle of so many acknowledged commands, and says what it did. */
export async function runFault(
  fault: Fault,
  { commands = fault.commands, clients, signal }: RunOptions,
): Promise<FaultResult> {
  const { name, composition, what } = fault;
  const notRun = fault.refused?.();
  if (notRun) return { name, composition, what, notRun, problems: [] };
  const prepared = await fault.prepare();
  const { installation } = prepared;
  let ended = (): void => undefined;
  try {
    const token = await found(installation);
    const load = new Load({ urls: installation.nodes.map(({ url }) => url), token, clients });
    const watch = new Watch(installation.nodes, token);
    ended = () => [load, watch].forEach((one) => one.end());
    const figures = await measured(prepared, { load, watch, token, commands, signal });
    return { name, composition, what, figures: { ...figures, clients }, problems: broken(fault, figures) };
  } catch (error) {
    const words = installation.nodes.map(({ state }) => state);
    throw new Error([(error as Error).message, ...words].join('\n'), { cause: error });
  } finally {
    ended();
    await installation.dispose();
    prepared.remove?.();
  }
}

interface UnderLoad extends Pick<RunOptions, 'signal'> {
  readonly load: Load;
  readonly watch: Watch;
  readonly token: string;
  readonly commands: number;
}

/** The fault in the middle of the load, and what was found after it. */
async function measured(
  { installation, happen }: Prepared,
  { load, watch, token, commands, signal }: UnderLoad,
): Promise<Omit<Figures, 'clients'>> {
  const began = performance.now();
  let taken: Partial<Taken> = {};
  const whole = async (): Promise<void> => {
    await load.reached(commands / 2);
    watch.faultLasts = true;
    taken = (await happen({ installation, load, watch })) ?? {};
    watch.faultLasts = false;
    await load.reached(Math.max(commands, load.acknowledged.length + commands / 10));
  };
  await whileItGoesOn(load, whole(), signal);
  const longestGapMs = load.longestGapMs();
  const stood = await watch.stop();
  await whileItGoesOn(load, load.finish(), signal);
  return {
    ...{ ...(await judge(installation, load, watch, token)), ...load.tally, ...stood, ...taken, longestGapMs },
    ...{ acknowledged: load.acknowledged.length, abandoned: load.abandoned.length, reads: watch.during },
    seconds: Math.round((performance.now() - began) / 1000),
  };
}

/** Promises to clients and readers that were not kept. */
function broken({ reads: promised, turnsAway }: Fault, figures: Omit<Figures, 'clients'>): string[] {
  const { reads, unavailable, withoutRetryAfter, takeoverMs = 0 } = figures;
  return [
    ...figures.problems,
    ...(takeoverMs > TAKEOVER_MS ? [`taking over took ${takeoverMs / 1000} s`] : []),
    ...(promised === 'go on' && reads.unanswered > 0 ? [`${reads.unanswered} public reads were not answered`] : []),
    ...(turnsAway && unavailable === 0 ? ['no command was answered with 503'] : []),
    ...(withoutRetryAfter > 0 ? [`${withoutRetryAfter} answers of 503 without Retry-After`] : []),
  ];
}

/** Rejects when clients have waited too long for any acknowledgement. */
async function whileItGoesOn(load: Load, work: Promise<void>, signal?: AbortSignal): Promise<void> {
  const began = performance.now();
  let [count, since] = [load.acknowledged.length, began];
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (load.acknowledged.length > count) [count, since] = [load.acknowledged.length, performance.now()];
      if (signal?.aborted) reject(new Error('interrupted'));
      if (performance.now() - began > TOO_LONG_MS) reject(new Error('the fault is never over'));
      if (performance.now() - since > STOPPED_AFTER_MS) reject(stopped(load));
    }, LOOK_MS);
  });
  await Promise.race([work, over]).finally(() => clearInterval(timer));
}

const stopped = ({ acknowledged, tally, problems }: Load): Error =>
  new Error(
    `nothing is acknowledged any more: ${acknowledged.length} were, ${JSON.stringify(tally)} ${problems.slice(-3).join(' ')}`,
  );
