import { tellCase } from '../../src/demonstration/case-story';
import { drawn } from '../../src/demonstration/courses';
import type { Step } from '../../src/demonstration/diary';
import { kebab } from '../../src/kernel/decider';
import type { Instant, LocalDate } from '../../src/kernel/time';
import { addCalendarDays } from '../../src/law/calendar';
import type { DirectAppends } from './http-child';
import { inTurn, Latencies, percentiles, rate, type Clients, type Request } from './http-clients';
import { postgresOf, type ServerProcess } from './http-server';
import type { Rate } from './scale-figures';

/** How many clerks work at the same time, case by case; two of the groups not alone. */
const CLIENTS = { one: 1, few: 32, many: 64, reading: 32, beside: 32 } as const;
type Group = keyof typeof CLIENTS;
const GROUPS = Object.keys(CLIENTS) as readonly Group[];
/** These only give commands: their processor time is measured. */
const ALONE: readonly Group[] = ['one', 'few', 'many'];
/** Who read pages of notices beside the last group. */
const READERS = 8;

/** Cases of the bench are numbered from here on, the city's below. */
const FIRST_CASE = 10_001;
/** Days after the first on which they go on. */
const DAYS = 45;

/** What acts are measured with. */
export interface ActWorld {
  readonly server: ServerProcess;
  readonly clients: Clients;
  /** The day on which all cases begin. */
  readonly today: LocalDate;
  /** Of each group. */
  readonly cases: Readonly<Record<Group, number>>;
  readonly pages: readonly Request[];
}

/** What a group did on the days on which it had a case for each client; on others some would have been idle. */
class Tally {
  readonly commands = new Latencies();
  /** From the acknowledgement to the list of cases that holds what was recorded. */
  readonly rows = new Latencies();
  ms = 0;
  /** Readers beside the clerks, and the same readers for as long without them. */
  readonly readers = { beside: new Latencies(), besideMs: 0, alone: new Latencies(), aloneMs: 0 };
}

export interface Acts {
  readonly tallies: Readonly<Record<Group, Tally>>;
  /** Of one command with all that followed from it: rows, reactions, the log. */
  readonly nodeUs: number;
  readonly postgresUs: number;
  /** All that were given. */
  readonly commands: number;
  /** Of a case from its first day to its last. */
  readonly commandsOfCase: number;
}

/**
 * Cases of all courses of the demonstration begin on one day and go on day by day: the clock of the server moves to the evening, and
 * each group gives its commands of that day, each case's in their order by one client. A group's time runs until rows and process
 * managers have followed.
 */
export async function measureActs(world: ActWorld): Promise<Acts> {
  const { server, cases, today } = world;
  const stories = storiesOf(world);
  const tallies = Object.fromEntries(GROUPS.map((group) => [group, new Tally()])) as Record<Group, Tally>;
  const spent = { commands: 0, nodeUs: 0, postgresUs: 0 };
  let all = 0;
  for (const { evening, steps } of daysOf(stories, today)) {
    const tokens = await server.ask<Tokens>('move', evening);
    const isFull = (group: Group): boolean => steps[group].length >= Math.min(CLIENTS[group], cases[group] / 2);
    const actOf = (group: Group): Promise<number> =>
      act(world, group, steps[group], tokens, isFull(group) ? tallies[group] : new Tally());
    const isMeasured = ALONE.every(isFull);
    if (isMeasured) await server.ask('seal');
    const before = server.processorTime();
    for (const group of ALONE) {
      const commands = await actOf(group);
      all += commands;
      if (isMeasured) spent.commands += commands;
    }
    if (isMeasured) {
      await server.ask('seal');
      const after = server.processorTime();
      spent.nodeUs += after.nodeUs - before.nodeUs;
      spent.postgresUs += after.postgresUs - before.postgresUs;
    }
    all += await actOf('reading');
    all += await actOf('beside');
  }
  return {
    tallies,
    nodeUs: spent.nodeUs / spent.commands,
    postgresUs: spent.postgresUs / spent.commands,
    commands: all,
    commandsOfCase: stories.flatMap(({ steps }) => steps).length / stories.length,
  };
}

/** By login; of one day. */
type Tokens = Readonly<Record<string, string>>;

interface Day {
  readonly evening: Instant;
  /** What each group has to do, case by case. */
  readonly steps: Readonly<Record<Group, ReadonlyArray<readonly Step[]>>>;
}

function daysOf(stories: readonly Story[], today: LocalDate): Day[] {
  const days = new Map<LocalDate, Record<Group, Step[][]>>();
  for (const { group, steps } of stories) {
    for (const day of new Set(steps.map(({ at }) => at.slice(0, 10)))) {
      const known = days.get(day) ?? { one: [], few: [], many: [], reading: [], beside: [] };
      known[group].push(steps.filter(({ at }) => at.startsWith(day)));
      days.set(day, known);
    }
  }
  const last = addCalendarDays(today, DAYS);
  return [...days]
    .filter(([day]) => day <= last)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, steps]) => ({ steps, evening: latest(Object.values(steps).flat(2)) }));
}

const latest = (steps: readonly Step[]): Instant => steps.reduce((last, { at }) => (at > last ? at : last), '');

interface Story {
  readonly group: Group;
  /** In the order of time. */
  readonly steps: readonly Step[];
}

/** The cases of all groups as the demonstration tells them, but for those in which a step is known only when the ledger is asked. */
function storiesOf({ cases, today }: ActWorld): Story[] {
  const stories: Story[] = [];
  let number = FIRST_CASE;
  for (const group of GROUPS) {
    for (let rest = cases[group]; rest > 0; number++) {
      const { steps } = tellCase(number, drawn[number % drawn.length], today);
      if (!steps.every(isKnown)) continue;
      stories.push({ group, steps: [...steps].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) });
      rest--;
    }
  }
  return stories;
}

const isKnown = ({ id, command, by }: Step): boolean =>
  typeof id === 'string' && typeof command === 'object' && by.kind === 'person';

const requestOf = ({ decider, id, command, by, at }: Step, n: number, tokens: Tokens): Request => ({
  path: `/api/${decider.collection}/${id as string}/${kebab(command.constructor.name)}`,
  method: 'POST',
  token: tokens[(by.account ?? '').replace(/^demo-/, '')],
  body: JSON.stringify(command),
  idempotencyKey: `bench-${at}-${n}`,
});

/** Gives a group's commands of a day; returns how many there were. */
async function act(
  { server, clients, pages }: ActWorld,
  group: Group,
  cases: ReadonlyArray<readonly Step[]>,
  tokens: Tokens,
  tally: Tally,
): Promise<number> {
  if (cases.length === 0) return 0;
  const { readers } = tally;
  let going = true;
  const read = (into: Latencies): Promise<number> => clients.read(READERS, inTurn(pages), into, () => going);
  const reading = group === 'beside' ? read(readers.beside) : undefined;
  const started = performance.now();
  const commands = cases.map((steps) => steps.map((step, n) => requestOf(step, n, tokens)));
  await clients.work(CLIENTS[group], commands, async (ofCase) => {
    for (const command of ofCase) {
      const { ms, position } = await clients.send(command);
      tally.commands.add(ms);
      if (group !== 'reading') continue;
      const list = await clients.send({ path: `/api/cases?limit=1&position=${position}`, token: tokens['sfj-02'] });
      if (list.position < position) throw new Error(`rows up to ${list.position} where ${position} was asked for`);
      tally.rows.add(list.ms);
    }
  });
  await server.ask('settle');
  const ms = performance.now() - started;
  going = false;
  tally.ms += ms;
  if (reading) {
    readers.besideMs += await reading;
    going = true;
    setTimeout(() => (going = false), ms);
    readers.aloneMs += await read(readers.alone);
  }
  return commands.flat().length;
}

/** `direct`: what all commands recorded, appended to a store and nothing else. */
export function actRates(
  { tallies: { one, few, many, reading }, nodeUs, postgresUs, commands: commandsGiven }: Acts,
  direct: DirectAppends,
): Rate[] {
  const limit = rate(commandsGiven, direct.ms);
  const of = ({ commands, ms }: Tally): Omit<Rate, 'what'> => ({
    ...{ perSecond: rate(commands.count, ms), limit },
    ...percentiles(commands),
  });
  return [
    { what: 'commands, 1 client', ...of(one) },
    { what: 'commands, 32 clients', ...of(few) },
    { what: 'commands, 64 clients', ...of(many), nodeUs, ...postgresOf(postgresUs) },
    {
      what: 'from a command’s acknowledgement to the list that shows it, 32 clients',
      perSecond: rate(reading.rows.count, reading.ms),
      ...percentiles(reading.rows),
    },
  ];
}

export function besideRates({ tallies: { beside } }: Acts): Rate[] {
  const { readers, commands, ms } = beside;
  return [
    {
      what: `page of a notice, ${READERS} clients, while ${CLIENTS.beside} give commands`,
      perSecond: rate(readers.beside.count, readers.besideMs),
      limit: rate(readers.alone.count, readers.aloneMs),
      ...percentiles(readers.beside),
    },
    {
      what: `commands, ${CLIENTS.beside} clients, while ${READERS} read pages`,
      perSecond: rate(commands.count, ms),
      ...percentiles(commands),
    },
  ];
}
