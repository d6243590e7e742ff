import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Config } from '../../src/config';
import { dateInChina, systemClock, type LocalDate } from '../../src/kernel/time';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { actRates, besideRates, measureActs, type ActWorld } from './http-acts';
import { bytesOnDisk } from './http-bytes';
import type { DirectAppends, Opened } from './http-child';
import { Clients, rate } from './http-clients';
import { measureReading, measureSignIn, noticePages } from './http-reading';
import { ServerProcess } from './http-server';
import { atLeast, bound, type Measured } from './measured';
import { refilled } from './scale';
import { tablesOf, type Figures, type Rate } from './scale-figures';

/** The day on which the bench begins; the city lies before it. A Wednesday without a holiday near it. */
const TODAY: LocalDate = '2026-07-01';
const DIRECT_WRITERS = 64;
/** From the folder in which npm runs its scripts. */
const DOCUMENT = 'docs/scale.md';

/** How large a run is. */
export interface HttpSize {
  /** Of the demonstration's city. */
  readonly cityCases: number;
  /** Of further cases beside it. */
  readonly events: number;
  /** That the clients take through, group by group. */
  readonly cases: ActWorld['cases'];
  readonly readMs: number;
  readonly signIns: number;
}

/** That of the document. */
const FULL: HttpSize = {
  cityCases: 120,
  events: 100_000,
  cases: { one: 12, few: 128, many: 192, reading: 64, beside: 96 },
  readMs: 500,
  signIns: 64,
};

/** To see in half a minute whether all of it runs; its figures say little. */
const SHORT: HttpSize = {
  cityCases: 10,
  events: 2000,
  cases: { one: 1, few: 8, many: 12, reading: 4, beside: 6 },
  readMs: 60,
  signIns: 8,
};

/**
 * What one node carries over HTTP: commands of whole cases as the demonstration's city gives them, day by day, and public reading,
 * from clients in this process against a server in its own. The stores are those of the environment, in a schema and under a
 * prefix of their own. Limits of the same run: the same events appended directly to a store of the same kind, and answers of the
 * same length from a Fastify that does nothing else.
 */
export async function httpFigures(size: HttpSize): Promise<Figures> {
  const { cityCases, events, cases, readMs, signIns } = size;
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-http-'));
  const [config, directConfig] = ['served', 'direct'].map((name) => benchConfig(directory, name));
  const [server, other] = [new ServerProcess(), new ServerProcess()];
  try {
    const behind = await other.ask<number>('prepare', { config, today: TODAY, cases: cityCases, events });
    const opened = await server.ask<Opened>('open', { config, today: TODAY });
    const clients = new Clients(opened.url);
    const bare = new Clients(await other.ask<string>('fixed'));
    const world = { server, clients, bare, readMs };
    const pages = await noticePages(world);
    const reading = await measureReading(world, pages);
    const acts = await measureActs({ server, clients, today: TODAY, cases, pages });
    const signIn = await measureSignIn(world, signIns);
    const head = await server.ask<number>('head');
    const memory = server.memory();
    for (const each of [clients, bare]) each.close();
    const range = { from: opened.head, to: head, writers: DIRECT_WRITERS };
    const direct = await server.ask<DirectAppends>('append', { config: directConfig, ...range });
    await server.ask('close');
    return {
      from: origin(config, size),
      rates: [
        ...actRates(acts, direct),
        ...besideRates(acts),
        ...reading,
        signIn,
        ...catchingUp(opened, behind),
        directly(direct),
      ],
      sizes: [
        { what: 'events in the ledger at the end', value: head, unit: 'events' },
        { what: 'commands of a case, all courses of the demonstration', value: acts.commandsOfCase, unit: 'commands' },
        {
          what: 'events of one command, with those that the program adds',
          value: (head - opened.head) / acts.commands,
          unit: 'events',
        },
        ...memory,
        ...(await bytesOnDisk(config, head)),
      ],
    };
  } finally {
    await Promise.all([server.end(), other.end()]);
    for (const each of [config, directConfig]) await dropped(each);
    rmSync(directory, { recursive: true, force: true });
  }
}

const origin = ({ postgresUrl, eventStoreUrl }: Config, size: HttpSize): string =>
  [
    `${size === FULL ? 'Measured' : 'A short run, for trying'} on ${dateInChina(systemClock.now())} on ${cpus().length} cores of a cloud machine, Node ${process.versions.node}`,
    `events in ${eventStoreUrl ? 'EventStoreDB' : 'SQLite'}`,
    `everything else in ${postgresUrl ? 'PostgreSQL on the same machine' : 'SQLite and files'}.`,
  ].join('; ');

/** Settings of the environment, with stores apart from all others. */
function benchConfig(directory: string, name: string): Config {
  const own = `bench_${process.pid}_${name}`;
  return {
    ...readConfig(process.env),
    ...{
      dataDirectory: join(directory, name),
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      publicUrl: 'http://bench.example',
    },
    ...{ postgresSchema: own, eventStorePrefix: `${own.replaceAll('_', '-')}-` },
    // Neither the look at the clocks every minute nor a limit meant for visitors belongs to what is measured.
    ...{ dutyCheckIntervalSeconds: 86_400, requestsPerMinute: 1_000_000, tokenLifetimeHours: 720 },
  };
}

async function dropped({ postgresUrl: url, postgresSchema: schema }: Config): Promise<void> {
  if (!url) return;
  const postgres = await Postgres.open({ url, schema, maxConnections: 1 });
  await postgres.query(`DROP SCHEMA ${schema} CASCADE`);
  await postgres.close();
}

const catchingUp = ({ foldedMs, sealedMs }: Opened, behind: number): Rate[] => [
  { what: 'events folded into all rows, catching up, sealed beside', perSecond: rate(behind, foldedMs) },
  { what: 'events sealed, catching up, folded beside', perSecond: rate(behind, sealedMs) },
];

const directly = ({ events, appends, ms, p50Ms, p99Ms }: DirectAppends): Rate => ({
  what: `events appended directly, ${DIRECT_WRITERS} writers, ${(events / appends).toFixed(1)} at a time`,
  ...{ perSecond: rate(events, ms), p50Ms, p99Ms },
});

/** The same for `npm run bench`; `BENCH_SHORT=1`: a short run. The tables go to the terminal, and with `UPDATE=1` into `docs/scale.md`. */
export async function httpSpeed(): Promise<Measured[]> {
  const figures = await httpFigures(process.env.BENCH_SHORT ? SHORT : FULL);
  if (process.env.UPDATE) writeFileSync(DOCUMENT, refilled(readFileSync(DOCUMENT, 'utf8'), figures));
  process.stderr.write(`\n${tablesOf(figures)}\n\n`);
  const of = (what: string): Rate => {
    const found = figures.rates.find((r) => r.what.startsWith(what));
    if (!found) throw new Error(`nothing was measured of ${what}`);
    return found;
  };
  const against = (what: string, share: number): Measured => {
    const { what: name, perSecond, limit = 0 } = of(what);
    const ratio = perSecond / limit;
    return {
      ...{ name, unit: 'a second', value: Math.round(perSecond), limit: Math.round(limit), ratio },
      target: share,
      pass: ratio >= share,
    };
  };
  return [
    atLeast(of('commands, 64').what, 'a second', of('commands, 64').perSecond, 300),
    bound(`${of('commands, 32').what}, p99`, 'ms', of('commands, 32').p99Ms ?? 0, 500),
    bound(`${of('from a command').what}, p99`, 'ms', of('from a command').p99Ms ?? 0, 1000),
    against('page of a notice, 8', 0.3),
    against('page of a notice, 16', 0.1),
    against('notice as JSON', 0.2),
    against('tile of the log', 0.3),
  ];
}
