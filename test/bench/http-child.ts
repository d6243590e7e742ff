import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Accounts } from '../../src/access/accounts';
import { JsonLogger } from '../../src/api/logger';
import { locations, type Config } from '../../src/config';
import { demoAccounts } from '../../src/demonstration/accounts';
import { ensureCity } from '../../src/demonstration/demonstration';
import { SimulatedClock } from '../../src/demonstration/simulation';
import type { NewEvent } from '../../src/kernel/event';
import { startOfDay, type Instant, type LocalDate } from '../../src/kernel/time';
import { openLedgerAt } from '../../src/ledger/commitment/open-ledger';
import { MAX_PAGE_EVENTS } from '../../src/ledger/event-store';
import { startServer, type Mingjing } from '../../src/server';
import { Latencies } from './http-clients';
import { fillCases } from './projecting-ledger';

/** What the bench asks of this process, one thing at a time: the tasks below, by name. */
export interface Asked {
  readonly task: keyof typeof tasks;
  readonly argument: never;
}

export interface City {
  readonly config: Config;
  /** The first day of the bench. */
  readonly today: LocalDate;
  readonly cases: number;
  /** Of further cases, beside the city's own. */
  readonly events: number;
}

export interface Opened {
  readonly url: string;
  readonly head: number;
  /** From the start of the server, until what was there was folded, and sealed. */
  readonly foldedMs: number;
  readonly sealedMs: number;
}

export interface DirectAppends {
  readonly appends: number;
  readonly events: number;
  readonly ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const PATIENCE_MS = 600_000;
const POLL_MS = 10;

let mingjing: Mingjing;
let clock: SimulatedClock;
let fixed: FastifyAdapter;

const tasks = {
  /** Makes the city and the further cases; returns how many events of these there are that nothing has followed yet. */
  async prepare({ config, today, cases, events }: City): Promise<number> {
    await ensureCity(config, { today, cases });
    const { store } = await openLedgerAt(locations(config));
    const before = await store.head();
    await fillCases(store, events);
    const behind = (await store.head()) - before;
    await store.close();
    return behind;
  },

  /** Starts the server; returns when everything is folded and sealed. */
  async open({ config, today }: Pick<City, 'config' | 'today'>): Promise<Opened> {
    clock = new SimulatedClock(startOfDay(today));
    const started = performance.now();
    mingjing = await startServer(config, { clock, logger: new JsonLogger('silent') });
    const [foldedMs, sealedMs] = await Promise.all([
      folded(await mingjing.store.head()).then(() => performance.now() - started),
      sealed().then(() => performance.now() - started),
    ]);
    await settled();
    await mingjing.clockWatch.look(); // what ran out while nobody looked is recorded now, not beside what is measured
    await settled();
    await sealed();
    return { url: await mingjing.app.getUrl(), head: await mingjing.store.head(), foldedMs, sealedMs };
  },

  /** Moves the clock on when everything so far is folded and reacted to. Returns a token for each account. */
  async move(to: Instant): Promise<Record<string, string>> {
    await settled();
    clock.moveTo(to);
    const accounts = mingjing.app.get(Accounts, { strict: false });
    const tokens: Record<string, string> = {};
    for (const { login } of demoAccounts) tokens[login] = (await accounts.issueToken(`demo-${login}`)).token;
    return tokens;
  },

  settle: settled,

  seal: sealed,

  head: (): Promise<number> => mingjing.store.head(),

  /**
   * Appends what commands have recorded between two positions to another ledger of the same kind, each command's events at once, by
   * so many writers, each on streams of its own: what the commands would cost if nothing were asked, decided, folded or sealed.
   */
  async append({
    config,
    from,
    to,
    writers,
  }: {
    config: Config;
    from: number;
    to: number;
    writers: number;
  }): Promise<DirectAppends> {
    const perWriter = await commandsByWriter(from, to, writers);
    mkdirSync(config.dataDirectory, { recursive: true });
    const { store } = await openLedgerAt(locations(config));
    const latencies = new Latencies();
    const revisions = new Map<string, number>();
    const started = performance.now();
    await Promise.all(
      perWriter.map(async (commands) => {
        for (const [stream, events] of commands) {
          const begun = performance.now();
          const { revision } = await store.append(stream, revisions.get(stream) ?? 'no_stream', events);
          revisions.set(stream, revision);
          latencies.add(performance.now() - begun);
        }
      }),
    );
    const ms = performance.now() - started;
    const events = await store.head();
    await store.close();
    return {
      appends: latencies.count,
      events,
      ms,
      p50Ms: latencies.percentile(0.5),
      p99Ms: latencies.percentile(0.99),
    };
  },

  /** A server that answers `GET /<n>` with n bytes and does nothing else; returns its address. */
  async fixed(): Promise<string> {
    fixed = new FastifyAdapter();
    const bodies = new Map<string, string>();
    fixed.getInstance().get('/:bytes', async (request, reply) => {
      const { bytes } = request.params as { bytes: string };
      const body = bodies.get(bytes) ?? 'x'.repeat(Number(bytes));
      bodies.set(bytes, body);
      return reply.header('Content-Type', 'text/html; charset=utf-8').send(body);
    });
    await fixed.init();
    return fixed.getInstance().listen({ port: 0, host: '127.0.0.1' });
  },

  async close(): Promise<void> {
    await mingjing?.close();
    await fixed?.close();
  },
};

/** Until the rows have come as far as a position. */
async function folded(position: number): Promise<void> {
  while ((await mingjing.rows.readModel.status()).some((p) => p.position < position)) await pause();
}

/** Until rows and process managers have come as far as the ledger, with what they themselves have recorded. */
async function settled(): Promise<void> {
  const { store, rows } = mingjing;
  for (;;) {
    const head = await store.head();
    const all = [...(await rows.processes.status()), ...(await rows.readModel.status())];
    const stalled = all.find((p) => p.state === 'stalled');
    if (stalled) throw new Error(`${stalled.name} stalled: ${stalled.error?.reason}`);
    if (all.every((p) => p.position >= head) && (await store.head()) === head) return;
    await pause();
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MS));

async function sealed(): Promise<void> {
  await mingjing.log.sealing?.sealed(await mingjing.store.head(), PATIENCE_MS);
}

type Command = readonly [stream: string, events: NewEvent[]];

/** The commands between two positions; those on one record by one writer, in their order. */
async function commandsByWriter(from: number, to: number, writers: number): Promise<Command[][]> {
  const commands = new Map<string, Command>();
  for (let next = from + 1; next <= to; next += MAX_PAGE_EVENTS) {
    const limit = Math.min(MAX_PAGE_EVENTS, to - next + 1);
    for (const event of await mingjing.store.readAll({ direction: 'forwards', from: next, limit })) {
      const { id, type, schemaVersion, data, metadata, stream } = event;
      const known = commands.get(metadata.commandId) ?? ([`again-${stream}`, []] as const);
      known[1].push({ id, type, schemaVersion, data, metadata });
      commands.set(metadata.commandId, known);
    }
  }
  const writerOf = new Map<string, number>();
  const lists = Array.from({ length: writers }, (): Command[] => []);
  for (const command of commands.values()) {
    const writer = writerOf.get(command[0]) ?? writerOf.size % writers;
    writerOf.set(command[0], writer);
    lists[writer].push(command);
  }
  return lists;
}

process.on('message', ({ task, argument }: Asked) => {
  (tasks[task] as (argument: unknown) => Promise<unknown>)(argument).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.stack ?? String(error) }),
  );
});
