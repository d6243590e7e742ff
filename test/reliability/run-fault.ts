import { Load, type Tally } from './clients';
import type { Fault, Taken } from './faults';
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
  readonly commands: number;
  readonly clients: number;
}

/** Nothing that is asked for here takes so long, unless it has stopped for good. */
const RECOVERY_TIMEOUT_MS = 120_000;

/** Another node has taken over by then. */
const TAKEOVER_MS = 10_000;

/** Runs a fault in the middle of so many acknowledged commands, and says what it did. */
export async function runFault(fault: Fault, { commands, clients }: RunOptions): Promise<FaultResult> {
  const { name, composition, what } = fault;
  const notRun = fault.refused?.();
  if (notRun) return { name, composition, what, notRun, problems: [] };
  const began = performance.now();
  const prepared = await fault.prepare();
  const { installation } = prepared;
  try {
    const token = await found(installation);
    const load = new Load({ urls: installation.nodes.map(({ url }) => url), token, clients });
    const watch = new Watch(installation.nodes, token);
    let taken: Taken | void = undefined;
    const whole = async (): Promise<void> => {
      await load.reached(commands / 2);
      watch.faultLasts = true;
      taken = await prepared.happen({ installation, load, watch });
      watch.faultLasts = false;
      await load.reached(Math.max(commands, load.acknowledged.length + commands / 10));
    };
    await inTime(whole());
    const longestGapMs = load.longestGapMs();
    const stood = await watch.stop();
    await inTime(load.finish());
    const verdict = await judge(installation, load, watch, token);
    const figures: Figures = {
      ...{ ...verdict, ...load.tally, ...stood, ...taken, clients, longestGapMs },
      ...{ acknowledged: load.acknowledged.length, abandoned: load.abandoned.length, reads: watch.during },
      seconds: Math.round((performance.now() - began) / 1000),
    };
    return { name, composition, what, figures, problems: [...verdict.problems, ...broken(fault, figures)] };
  } finally {
    await installation.dispose();
    prepared.remove?.();
  }
}

/** Promises to clients and readers that were not kept. */
function broken({ reads: promised, turnsAway }: Fault, figures: Figures): string[] {
  const { reads, unavailable, withoutRetryAfter, takeoverMs = 0 } = figures;
  return [
    ...(takeoverMs > TAKEOVER_MS ? [`taking over took ${takeoverMs / 1000} s`] : []),
    ...(promised === 'go on' && reads.unavailable + reads.failed > 0
      ? [`${reads.unavailable + reads.failed} public reads were not answered`]
      : []),
    ...(turnsAway && unavailable === 0 ? ['no command was answered with 503'] : []),
    ...(withoutRetryAfter > 0 ? [`${withoutRetryAfter} answers of 503 without Retry-After`] : []),
  ];
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the installation does not recover')), RECOVERY_TIMEOUT_MS);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
