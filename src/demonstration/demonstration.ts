import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Accounts } from '../access/accounts';
import { JsonLogger } from '../api/logger';
import type { Config } from '../config';
import { Failure } from '../kernel/errors';
import { startOfDay, type LocalDate } from '../kernel/time';
import { openMingjing } from '../server';
import { addWorkingDays } from '../law/calendar';
import { makeAccounts } from './accounts';
import type { CaseStory } from './case-story';
import { planCity, type CityPlan, type PlanOptions } from './plan';
import { SimulatedClock, simulate } from './simulation';

/** Says that a data directory holds the demonstration, and whether all of it. */
const MARKER = 'demonstration.json';

/** What to look at first, for whoever opens the city. */
export interface Sights {
  /** A case under investigation, the officers who have it, and a day on which it was younger. */
  readonly openCase: string;
  readonly officers: readonly string[];
  readonly earlier: LocalDate;
  /** A notice in its whole, and one that had to be withdrawn. */
  readonly notice: string;
  readonly withdrawn: string;
}

interface Marker extends Sights {
  readonly warning: string;
  /** The day for which it was made. */
  readonly today: LocalDate;
  readonly cases: number;
  readonly complete: boolean;
}

/** The city as it was found or made. */
export type Demonstration = Marker & { readonly made: boolean };

/**
 * Makes the demonstration city in an empty data directory, unless it is there already.
 *
 * The marker is written before anything else and completed last: after a crash between the two the next start throws away what
 * was made, which is safe because the directory was empty before.
 * @throws Failure `demo.directory_in_use` where the directory holds anything else
 */
export async function ensureCity(
  config: Config,
  options: PlanOptions & { readonly onProgress?: (done: number, total: number) => void },
): Promise<Demonstration> {
  const directory = config.dataDirectory;
  const before = readMarker(directory);
  if (before?.complete) return { ...before, made: false };
  if (before) clear(directory);
  else refuseUnlessEmpty(directory);

  const plan = planCity(options);
  const marker: Marker = {
    warning: '演示数据，全部虚构 Demonstration data: everything in it is invented',
    today: options.today,
    cases: plan.cases.length,
    complete: false,
    ...sightsOf(plan),
  };
  mkdirSync(directory, { recursive: true });
  writeMarker(directory, marker);
  const clock = new SimulatedClock(startOfDay(plan.first));
  const mingjing = await openMingjing({ ...config, logLevel: 'error' }, { clock, logger: new JsonLogger('error') });
  try {
    await makeAccounts(mingjing.app.get(Accounts));
    await simulate(mingjing, clock, plan, options.onProgress);
  } finally {
    await mingjing.close();
  }
  const complete = { ...marker, complete: true };
  writeMarker(directory, complete);
  return { ...complete, made: true };
}

function sightsOf({ cases }: CityPlan): Sights {
  const of = (course: string): CaseStory => cases.find((s) => s.case.course.id === course) ?? cases[0];
  const open = of('at-investigation');
  return {
    openCase: open.case.id,
    officers: open.case.officers.map((o) => o.id),
    earlier: addWorkingDays(open.beganOn, 2),
    notice: of('defended').case.id,
    withdrawn: of('revoked').case.id,
  };
}

function readMarker(directory: string): Marker | undefined {
  const file = join(directory, MARKER);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Marker) : undefined;
}

/** Written beside and renamed, so that a crash leaves the old marker or the new one. */
function writeMarker(directory: string, marker: Marker): void {
  const beside = join(directory, `${MARKER}.new`);
  writeFileSync(beside, `${JSON.stringify(marker, null, 2)}\n`);
  renameSync(beside, join(directory, MARKER));
}

function clear(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name !== MARKER) rmSync(join(directory, name), { recursive: true });
  }
}

function refuseUnlessEmpty(directory: string): void {
  if (!existsSync(directory) || readdirSync(directory).every((name) => name === `${MARKER}.new`)) return;
  throw new Failure('refused', 'demo.directory_in_use', {
    zh: '数据目录中已有非演示数据；演示只在空目录中生成。请用 MINGJING_DATA 指定另一个目录。',
    en: 'The data directory holds something else than the demonstration, which is made in an empty one only. Name another with MINGJING_DATA.',
    field: 'MINGJING_DATA',
  });
}
