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
  eventStoreAppendsInTurn: [
    300,
    'appends a second to an event store, each sent when the one before is acknowledged: some milliseconds each; not measured',
  ],
  networkGbit: [10, 'Gbit/s of a node’s network'],
  connectionsOfNode: [
    18,
    'PostgreSQL connections of a node: 10 in the pool, 8 of the lease, notifications, scans, the log',
  ],
  connectionsOfLeader: [4, 'more of the one with the lease, whose sealer has its own'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

/** Of reads: what the public asks for, by the beginning of the measured row's name, and how much of it nginx answers from the second that it keeps a page. */
const READS: Readonly<Record<string, { readonly share: number; readonly hits: number }>> = {
  'page of a notice, asked for the first time': { share: 0.6, hits: 0.2 },
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

/** The two ways to read the task: every entry of an officer is an act, or every act is a whole case. */
const commandsOfAct = (figures: Figures): readonly [number, number] => [1, sizeOf(figures, 'commands of a case')];

/** The tables of what a province needs, computed from a run's figures. */
export function province(figures: Figures): string {
  return [
    '| assumed | |\n|---|---|',
    ...Object.values(ASSUMED).map(([n, what]) => `| ${what} | ${rounded(n)} |`),
    ...Object.entries(READS).map(
      ([what, { share, hits }]) =>
        `| ${what.replace(/, \d+$/, '')}: of all reads; of these from nginx | ${percent(share)}; ${percent(hits)} |`,
    ),
    '',
    ...peak(figures),
    '',
    '| a year | every entry is an act | every act is a case |\n|---|---|---|',
    ...inTwoColumns(commandsOfAct(figures).map((commands) => aYear(figures, commands))),
    `| **after ${value('years')} years** | | |`,
    ...inTwoColumns(commandsOfAct(figures).map((commands) => afterYears(figures, commands))),
  ].join('\n');
}

type Line = readonly [what: string, value: string];

const inTwoColumns = ([first, second]: ReadonlyArray<readonly Line[]>): string[] =>
  first.map(([what, much], n) => `| ${what} | ${much} | ${second[n][1]} |`);

function peak(figures: Figures): string[] {
  const [ofEntries, ofCases] = commandsOfAct(figures).map((commands) => [
    ...recording(figures, commands),
    ...reading(figures),
    signingIn(figures),
  ]);
  const pairs = ofCases.map((need, n) => [ofEntries[n], need] as const).sort(([, a], [, b]) => b.times - a.times);
  const uncached = (readsAtPeak * ofRead(figures, 'nodeUs', { missed: false })) / 1e6 / value('load');
  const connections = (needs: readonly Need[]): number =>
    nodes(needs) * value('connectionsOfNode') + value('connectionsOfLeader');
  return [
    '| at the peak, what saturates first on top | every entry is an act | that is | every act is a case | that is | times | what to do then |',
    '|---|---|---|---|---|---|---|',
    ...pairs.map(
      ([entry, { what, need, one, times, then }]) =>
        `| ${[what, entry.need, small(entry.times), need, small(times), one, then].join(' | ')} |`,
    ),
    `| **nodes** for the cores above, and one that may fail | | ${nodes(ofEntries)} | | ${nodes(ofCases)} | | |`,
    `| PostgreSQL connections of these nodes | | ${connections(ofEntries)} | | ${connections(ofCases)} | | max_connections above it; a node keeps locks and listens in its sessions, so a pooler between transactions cannot be put in front |`,
    `| cores for public reads if there were no nginx | | ${rounded(uncached)} | | ${rounded(uncached)} | | |`,
  ];
}

const small = (times: number): string => (times < 0.005 ? '< 0.01' : rounded(times));

const NODE_CORE = 'a node’s core';

/** JavaScript runs on one core of a node; and everything has its peak in the same hour. */
const nodes = (needs: readonly Need[]): number =>
  Math.ceil(needs.filter(({ one }) => one === NODE_CORE).reduce((sum, { times }) => sum + times, 0)) + 1;

const core = (what: string, aSecond: number, us: number, then: string): Need => ({
  what,
  need: `${rounded(aSecond)}/s × ${rounded(us)} µs`,
  one: NODE_CORE,
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
  one: 'a core of PostgreSQL',
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

const eventsAYear = (figures: Figures, commands: number): number =>
  PROVINCE.actsAYear * commands * sizeOf(figures, 'events of one command');

/** Bytes of a year in each store, one copy. */
function bytesAYear(figures: Figures, commands: number): Readonly<Record<'events' | 'rows' | 'log' | 'keys', number>> {
  const events = eventsAYear(figures, commands);
  const subjects = events * subjectsOfEvent(figures);
  return {
    events: events * sizeOf(figures, 'ledger') * value('storedTwice'),
    rows: events * sizeOf(figures, 'rows'),
    log: events * sizeOf(figures, 'public log'),
    keys: subjects * sizeOf(figures, 'key vault'),
  };
}

const subjectsOfEvent = (figures: Figures): number =>
  sizeOf(figures, 'subjects') / sizeOf(figures, 'events in the ledger');

function aYear(figures: Figures, commands: number): Line[] {
  const events = eventsAYear(figures, commands);
  const bytes = bytesAYear(figures, commands);
  return [
    ['events', `${rounded(events / 1e6)} M`],
    [`these on ${value('replicas')} nodes of the event store`, gib(bytes.events * value('replicas'))],
    ['rows', gib(bytes.rows)],
    ['tiles and entries of the public log', gib(bytes.log)],
    ['subjects with a key', `${rounded((events * subjectsOfEvent(figures)) / 1e6)} M`],
    ['their keys', gib(bytes.keys)],
  ];
}

function afterYears(figures: Figures, commands: number): Line[] {
  const years = value('years');
  const at = (row: string): string => hours((eventsAYear(figures, commands) * years) / rateOf(figures, row).perSecond);
  const bytes = Object.values(bytesAYear(figures, commands)).reduce((sum, more) => sum + more, 0) * years;
  return [
    ['building all rows anew', at('events folded')],
    ['sealing all events anew', at('events sealed')],
    [
      'moving all events into an event store: one append after the other, so ahead of time, while the old store serves',
      hours((eventsAYear(figures, commands) * years) / value('eventStoreAppendsInTurn')),
    ],
    ['backup, one copy of each store', `${gib(bytes)}, ${hours(bytes / (value('copyMiBASecond') * MIB))}`],
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
