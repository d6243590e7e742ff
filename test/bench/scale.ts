import { between, figuresIn, filled, rounded, tablesOf, type Figures, type Rate } from './scale-figures';

/** What the issue of scale is about: the task, not an assumption. */
export const PROVINCE = { officers: 100_000, actsAYear: 20_000_000, readsADay: 200_000_000 } as const;

/** Everything below that was neither measured nor set as the task. `docs/scale.md` lists it from here. */
export const ASSUMED = {
  workingDaysAYear: [250, 'working days a year on which acts are entered'],
  hoursADay: [8, 'hours of such a day'],
  peakOfActs: [5, 'times the mean in the busiest hour of acts'],
  peakShareOfReads: [0.1, 'of a day’s reads in its busiest hour'],
  signInMinutes: [20, 'minutes in which all officers sign in, 8:50 to 9:10'],
  load: [0.6, 'of a core that may be busy at the peak, so that latency stays near what was measured'],
  storedTwice: [
    2,
    'times the bytes of an event in EventStoreDB, with its index and metadata, against the embedded ledger',
  ],
  replicas: [3, 'nodes of the event store, each with all events'],
  years: [10, 'years of acts that are rebuilt, moved, backed up'],
  copyMiBASecond: [200, 'MiB a second to and from the disk of a backup'],
  eventStoreWritesASecond: [20_000, 'transactions a second of a production EventStoreDB cluster, says its maker'],
  networkGbit: [10, 'Gbit/s of a node’s network'],
  connectionsOfNode: [13, 'PostgreSQL connections of a node: 10 in the pool, the lease, notifications, one in reserve'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

/** Of reads: what the public asks for, by the beginning of the measured row's name, and how much of it nginx answers from the second that it keeps a page. */
const READS: Readonly<Record<string, { readonly share: number; readonly hits: number }>> = {
  'page of a notice, 16': { share: 0.6, hits: 0.2 },
  'page of the newest notices': { share: 0.15, hits: 0.99 },
  'page of a search': { share: 0.1, hits: 0 },
  'notice as JSON': { share: 0.05, hits: 0 },
  'feed of notices': { share: 0.05, hits: 0.99 },
  'proof of a notice': { share: 0.05, hits: 0 },
};

const percent = (share: number): string => `${rounded(share * 100)} %`;
const value = (name: keyof typeof ASSUMED): number => ASSUMED[name][0];

/** One thing that is needed at the peak, and how much of it one unit gives. */
interface Need {
  readonly what: string;
  /** Of one unit: a core of a node, a lease holder, a cluster. */
  readonly need: string;
  readonly one: string;
  /** How many units that is. */
  readonly times: number;
  readonly then: string;
}

/** The tables of what a province needs, computed from a run's figures. */
export function province(figures: Figures): string {
  const acts = [
    { name: 'an act is one entry of an officer', commandsOfAct: 1 },
    { name: 'an act is a whole case', commandsOfAct: sizeOf(figures, 'commands of a case') },
  ];
  return [
    '| assumed | |\n|---|---|',
    ...Object.values(ASSUMED).map(([n, what]) => `| ${what} | ${rounded(n)} |`),
    ...Object.entries(READS).map(
      ([what, { share, hits }]) =>
        `| ${what.replace(/, \d+$/, '')}: of all reads; of these from nginx | ${percent(share)}; ${percent(hits)} |`,
    ),
    ...acts.flatMap(({ name, commandsOfAct }) => [
      '',
      `### If ${name}`,
      '',
      ...peak(figures, commandsOfAct),
      '',
      ...stored(figures, commandsOfAct),
    ]),
  ].join('\n');
}

function peak(figures: Figures, commandsOfAct: number): string[] {
  const needs = [...recording(figures, commandsOfAct), ...reading(figures), signingIn(figures)].sort(
    (a, b) => b.times - a.times,
  );
  const uncached = (readsAtPeak * ofRead(figures, 'nodeUs', { missed: false })) / 1e6 / value('load');
  return [
    '| at the peak, what saturates first on top | needed | one carries | ones | what to do then |\n|---|---|---|---|---|',
    ...needs.map(
      ({ what, need, one, times, then }) =>
        `| ${what} | ${need} | ${one} | ${times < 0.005 ? '< 0.01' : rounded(times)} | ${then} |`,
    ),
    `| **nodes**, by the cores above, and one that may fail | | | ${nodes(needs)} | |`,
    `| cores for public reads without nginx | ${rounded(readsAtPeak)}/s | | ${rounded(uncached)} | never without |`,
    `| PostgreSQL connections of these nodes | ${nodes(needs) * value('connectionsOfNode')} | | | a pooler in front above some hundreds |`,
  ];
}

/** JavaScript runs on one core of a node; and everything has its peak in the same hour. */
const nodes = (needs: readonly Need[]): number =>
  Math.ceil(needs.filter(({ one }) => one.startsWith('1 core')).reduce((sum, { times }) => sum + times, 0)) + 1;

const core = (what: string, aSecond: number, us: number, then: string): Need => ({
  what,
  need: `${rounded(aSecond)}/s × ${rounded(us)} µs`,
  one: `1 core at ${percent(value('load'))}`,
  times: (aSecond * us) / 1e6 / value('load'),
  then,
});

const commandsAtPeak = (commandsOfAct: number): number =>
  (PROVINCE.actsAYear * commandsOfAct * value('peakOfActs')) / (value('workingDaysAYear') * value('hoursADay') * 3600);

function recording(figures: Figures, commandsOfAct: number): Need[] {
  const commands = commandsAtPeak(commandsOfAct);
  const events = commands * sizeOf(figures, 'events of one command');
  const { nodeUs = 0, postgresUs } = rateOf(figures, 'commands, 64');
  const by = (what: string, perSecond: number, then: string): Need => ({
    what,
    ...{ need: `${rounded(events)} events/s`, one: `${rounded(perSecond)} events/s`, times: events / perSecond, then },
  });
  return [
    core('commands, with their rows and their place in the log', commands, nodeUs, 'more nodes: any takes commands'),
    ...(postgresUs ? [inPostgres('commands and their rows in PostgreSQL', commands, postgresUs)] : []),
    by(
      'folding rows on the node with the lease',
      rateOf(figures, 'events folded').perSecond,
      'a lease for each group of projections',
    ),
    by(
      'sealing on the node with the lease',
      rateOf(figures, 'events sealed').perSecond,
      'a log for each city, each with its lease',
    ),
    by('the event store', value('eventStoreWritesASecond'), 'a store for each city: no stream is shared'),
  ];
}

const inPostgres = (what: string, aSecond: number, us: number): Need => ({
  ...core(what, aSecond, us, 'read replicas for queries; rows of a projection in a database of their own'),
  one: `a core of PostgreSQL at ${percent(value('load'))}`,
});

/** Reads in the busiest hour, a second. */
const readsAtPeak = (PROVINCE.readsADay * ASSUMED.peakShareOfReads[0]) / 3600;

/** Of one read on the average; `missed`: only as far as nginx has not the answer. */
function ofRead(
  figures: Figures,
  column: 'nodeUs' | 'postgresUs' | 'bytes',
  { missed }: { readonly missed: boolean },
): number {
  const parts = Object.entries(READS).map(
    ([what, { share, hits }]) => share * (missed ? 1 - hits : 1) * (rateOf(figures, what)[column] ?? 0),
  );
  return parts.reduce((sum, part) => sum + part, 0);
}

function reading(figures: Figures): Need[] {
  const missed = { missed: true };
  const postgresUs = ofRead(figures, 'postgresUs', missed);
  const bytes = ofRead(figures, 'bytes', { missed: false });
  return [
    core(
      'public reads, as far as nginx has not the answer',
      readsAtPeak,
      ofRead(figures, 'nodeUs', missed),
      'more nodes; pages kept longer',
    ),
    ...(postgresUs > 0 ? [inPostgres('their queries in PostgreSQL', readsAtPeak, postgresUs)] : []),
    {
      what: 'network of nginx, uncompressed',
      ...{ need: `${rounded(readsAtPeak)}/s × ${rounded(bytes)} bytes`, one: `${value('networkGbit')} Gbit/s` },
      ...{
        times: (readsAtPeak * bytes * 8) / 1e9 / value('networkGbit'),
        then: 'compression; a content delivery network',
      },
    },
  ];
}

const signingIn = (figures: Figures): Need =>
  core(
    'signing in',
    PROVINCE.officers / (value('signInMinutes') * 60),
    rateOf(figures, 'signing in').nodeUs ?? 0,
    'more nodes at that hour, or a single sign-on of the province',
  );

const MIB = 1024 ** 2;
const gib = (bytes: number): string => `${rounded(bytes / 1024 ** 3)} GiB`;
const hours = (seconds: number): string =>
  seconds < 48 * 3600 ? `${rounded(seconds / 3600)} h` : `${rounded(seconds / 86_400)} days`;

function stored(figures: Figures, commandsOfAct: number): string[] {
  const events = PROVINCE.actsAYear * commandsOfAct * sizeOf(figures, 'events of one command');
  const subjects = (events * sizeOf(figures, 'subjects')) / sizeOf(figures, 'events in the ledger');
  const years = value('years');
  const ledger = events * sizeOf(figures, 'ledger') * value('storedTwice');
  const [rows, log, keys] = [
    events * sizeOf(figures, 'rows'),
    events * sizeOf(figures, 'public log'),
    subjects * sizeOf(figures, 'key vault'),
  ];
  const copied = (ledger + rows + log + keys) * years;
  const rows_: ReadonlyArray<readonly [string, string]> = [
    ['events', `${rounded(events / 1e6)} M`],
    [`events on ${value('replicas')} nodes of the event store`, gib(ledger * value('replicas'))],
    ['rows', gib(rows)],
    ['tiles and entries of the public log', gib(log)],
    [`keys of ${rounded(subjects / 1e6)} M subjects`, gib(keys)],
  ];
  const afterwards: ReadonlyArray<readonly [string, string]> = [
    ['building all rows anew', hours((events * years) / rateOf(figures, 'events folded').perSecond)],
    ['sealing all events anew', hours((events * years) / rateOf(figures, 'events sealed').perSecond)],
    [
      'moving all events to another store, at the rate of appends',
      hours((events * years) / rateOf(figures, 'events appended').perSecond),
    ],
    [`backup of ${gib(copied)}, one copy of each store`, hours(copied / (value('copyMiBASecond') * MIB))],
  ];
  return [
    '| a year | |\n|---|---|',
    ...rows_.map(([what, much]) => `| ${what} | ${much} |`),
    ...afterwards.map(([what, long]) => `| after ${years} years: ${what} | ${long} |`),
  ];
}

function rateOf({ rates }: Figures, beginning: string): Rate {
  const found = rates.find(({ what }) => what.startsWith(beginning));
  if (!found) throw new Error(`nothing was measured of ${beginning}`);
  return found;
}

function sizeOf({ sizes }: Figures, beginning: string): number {
  const found = sizes.find(({ what }) => what.startsWith(beginning));
  if (!found) throw new Error(`nothing was measured of ${beginning}`);
  return found.value;
}

/** The figures that the province is computed from: those of PostgreSQL, and of SQLite what is missing there. */
export function figuresOf(document: string): Figures {
  const [first, ...more] = ['measured on postgresql', 'measured on sqlite']
    .map((name) => between(document, name) ?? '')
    .filter((tables) => tables.includes('|'))
    .map(figuresIn);
  if (!first) throw new Error('the document holds no figures');
  const all = [first, ...more];
  return { from: first.from, rates: all.flatMap(({ rates }) => rates), sizes: all.flatMap(({ sizes }) => sizes) };
}

/** The document with a run's figures, if there is a new one, and what follows from them. */
export function refilled(document: string, figures?: Figures): string {
  const name = figures?.from.includes('PostgreSQL') ? 'measured on postgresql' : 'measured on sqlite';
  const measured = figures ? filled(document, name, tablesOf(figures)) : document;
  return filled(measured, 'province', province(figuresOf(measured)));
}
