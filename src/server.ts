import { hostname } from 'node:os';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { projections } from '../projections/all';
import { openAccountsDb } from './access/accounts-db';
import { JsonLogger } from './api/logger';
import { configureHttp, httpAdapter } from './api/http';
import { LogHealth, watchLog } from './api/log-health';
import { AppModule } from './app.module';
import { awaited, hostOf, patiently } from './awaited-store';
import { locations, logLocation, paths, type Config } from './config';
import { deciders } from './deciders';
import { publicationManager } from './disclosure/publication.manager';
import { DrawWatch, watchDraws } from './draws/draw-watch.manager';
import { Failure } from './kernel/errors';
import { systemClock, type Clock } from './kernel/time';
import { useInstruments } from './law/instruments';
import { useParameters } from './law/parameters';
import { LeaderWork, type Begin } from './leading';
import type { KeyVault } from './ledger/commitment/key-vault';
import { openLedgerAt, type OpenLedger } from './ledger/commitment/open-ledger';
import { Commands } from './ledger/deciding/commands';
import type { Give } from './ledger/deciding/reaction';
import type { EventStore } from './ledger/event-store';
import type { EventStoreDbStore } from './ledger/eventstoredb/eventstoredb-event-store';
import type { Logger } from './ledger/projecting/logger';
import { openPublished } from './ledger/location';
import { Lease } from './ledger/postgres/lease';
import { Postgres } from './ledger/postgres/postgres';
import { openReadModel, openSharedReadModel, type OpenReadModel } from './ledger/projecting/open-read-model';
import { openLog } from './open-log';
import { ClockWatch } from './oversight/clock-watch.manager';
import { erasureManager, reapplyErasures } from './privacy/erasure.manager';
import { openTelemetry, type Telemetry, type TelemetryOptions } from './telemetry/telemetry';
import { clueManager } from './oversight/clue.manager';
import { officerRecordManager } from './oversight/officer-record.manager';
import type { OpenLog } from './transparency/transparency.module';
import { parsePolicy } from './verification/policy';

/** A running Mingjing: everything that was opened, and the one way to close it. */
export interface Mingjing {
  readonly app: NestFastifyApplication;
  /** The ledger as the program reads and writes it: personal fields opened. */
  readonly store: EventStore;
  /** The same as it is stored: what the log commits to. */
  readonly stored: EventStore;
  readonly vault: KeyVault;
  readonly rows: OpenReadModel;
  readonly commands: Commands;
  readonly clockWatch: ClockWatch;
  readonly drawWatch: DrawWatch;
  readonly log: OpenLog;
  readonly telemetry: Telemetry;
  /** What this node does while it leads; alone, always. */
  readonly leading: LeaderWork;
  /** Undefined where there is no other node. */
  readonly lease: Lease | undefined;
  /** Stops taking requests, lets what was acknowledged finish, closes the rows, seals what there is, closes the ledger. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly clock?: Clock;
  readonly logger?: JsonLogger;
  /** Whether what is recorded is sealed into the transparency log: true, when left out. */
  readonly seal?: boolean;
  /** Where spans of traces go instead of where the standard variables say. */
  readonly spanProcessors?: TelemetryOptions['spanProcessors'];
}

/**
 * Opens the stores and builds the application; does not listen yet.
 *
 * In order: the ledger (refused when another process has it, where it is embedded), the key vault, the log, the read model, Nest; then this
 * node leads, or stands for it. A crash at any line leaves only what was durable before: ledger, keys and log, and rows that are
 * taken up at their checkpoint.
 */
export async function openMingjing(config: Config, options: OpenOptions = {}): Promise<Mingjing> {
  const opened: (() => Promise<void>)[] = [];
  /** Everything, whatever of it fails to close; the first failure is told. */
  const close = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const closeOne of opened.splice(0).reverse()) {
      await closeOne().catch((error: unknown) => void failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    return { ...(await openInto(opened, config, options)), close };
  } catch (error) {
    await close().catch(() => undefined); // why it did not open is the one to tell
    throw error;
  }
}

/** Adds how to close what it opens, for whatever happens next. */
async function openInto(
  opened: (() => Promise<void>)[],
  config: Config,
  {
    clock = systemClock,
    logger = new JsonLogger(config.logLevel, undefined, config.nodeName),
    seal = true,
    spanProcessors,
  }: OpenOptions,
): Promise<Omit<Mingjing, 'close'>> {
  if (config.lawFile) {
    useParameters(config.lawFile);
    useInstruments(config.lawFile);
  }
  const telemetry = await openTelemetry(config, { clock, logger: logger.pino, spanProcessors });
  opened.push(() => telemetry.close());
  const node = config.nodeName || `${hostname()}:${process.pid}`;
  const postgres = await postgresOf(config, node, logger.pino);
  if (postgres) opened.push(() => postgres.close());
  const ledger = await ledgerOf(config, postgres, logger.pino);
  opened.push(() => ledger.store.close());
  const { stored, vault } = ledger;
  const store = telemetry.measured(ledger.store);

  // Process managers run as soon as this node leads; their commands wait until Nest has the handlers.
  let handlersAreThere: (commands: Commands) => void = () => undefined;
  let neverThere: (reason: Failure) => void = () => undefined;
  const ready = new Promise<Commands>((resolve, reject) => ([handlersAreThere, neverThere] = [resolve, reject]));
  ready.catch(() => undefined);
  const give: Give = async (decider, id, command, context) => (await ready).give(decider, id, command, context);

  const again = await reapplyErasures(stored, vault); // before anything is read with a vault from a backup
  if (again > 0) logger.pino.warn({ subjects: again }, 'keys that had been destroyed were in the vault again');
  // What deciders have folded goes with the key, on whichever node it was destroyed.
  vault.onDestroyed(() => void ready.then((commands) => commands.forget()).catch(() => undefined));
  const log = await openLog({ config, stored, vault, postgres, logger: logger.pino, seal });
  opened.push(() => log.storage.close());
  const published = await openPublished(logLocation(config), { readOnly: true });
  opened.push(async () => published.close());

  const leading = new LeaderWork(logger.pino);
  const { rows, run }: OpenRows = await openRows(config, postgres, {
    projections,
    store,
    clock,
    logger: logger.pino,
    processManagers: [
      publicationManager(give, store),
      clueManager(give, () => rows.readModel),
      officerRecordManager(give),
      erasureManager(give, vault, async () => (await ready).forget()),
    ],
  });
  opened.push(() => rows.close());
  opened.push(async () => neverThere(neverOpened())); // or a reaction under way would wait for ever, and closing for it
  const { readModel, processes } = rows;

  const lease = postgres && (await Lease.open({ postgres, node, logger: logger.pino }));
  const ended = new AbortController();
  let led: Promise<unknown> = Promise.resolve();
  opened.push(async () => {
    ended.abort();
    await (lease ? lease.close() : led);
  });

  const accounts = await openAccountsDb(postgres ?? paths(config).accounts);
  opened.push(() => accounts.destroy());
  const following = 'following' in stored ? () => (stored as EventStoreDbStore).following() : undefined;
  const eventStoreTrouble = following && (() => following().trouble !== undefined);
  const postgresTrouble = postgres && (() => postgres.trouble());
  const { around } = telemetry;
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(
      config,
      { store, stored, vault, accounts, readModel, processes, log, lease, eventStoreTrouble, postgresTrouble, around },
      clock,
    ),
    httpAdapter(config),
    { logger, abortOnError: false },
  );
  opened.push(() => app.close());
  configureHttp(app, config, logger);
  telemetry.observe(app);
  await app.init();
  const commands = app.get(Commands);
  handlersAreThere(commands);
  const witnesses = (await parsePolicy(log.witnessPolicy)).witnesses.map(({ name }) => name);
  telemetry.watch({
    store,
    readModel,
    processes,
    logHealth: app.get(LogHealth),
    witnesses,
    lease,
    following,
    postgres,
  });

  // What is begun last ends first: rows before sealing, so that their last events are sealed.
  if (log.seal) await leading.add(log.seal);
  await leading.add(run);
  if (lease) {
    lease.campaign(leading.lead);
  } else {
    const alone = leading.lead(undefined, ended.signal);
    led = alone.catch(() => undefined);
    await Promise.race([alone, leading.begun()]);
  }

  const byCategory = new Map(deciders.map((d) => [d.category, d]));
  const clockWatch = new ClockWatch(readModel, byCategory, give, clock, logger.pino);
  const drawWatch = new DrawWatch(readModel, log.storage, published, give, logger.pino, clock);
  return { app, store, stored, vault, rows, log, telemetry, commands, clockWatch, drawWatch, leading, lease };
}

/** Undefined where there is none. @throws Failure `postgres.unavailable` after a minute, and others of the database at once */
async function postgresOf(config: Config, node: string, logger: Logger): Promise<Postgres | undefined> {
  const { postgresUrl: url, postgresSchema: schema } = config;
  if (!url) return undefined;
  const open = (): Promise<Postgres> => Postgres.open({ url, schema, applicationName: `mingjing ${node}` });
  return awaited({ store: 'PostgreSQL', host: hostOf(url) }, logger, (failed) => patiently(open, failed));
}

/** @throws Failure `ledger.store_unavailable` after a minute, and others of the stores at once */
async function ledgerOf(config: Config, postgres: Postgres | undefined, logger: Logger): Promise<OpenLedger> {
  const open = (failed?: (error: unknown) => void): Promise<OpenLedger> =>
    openLedgerAt(locations(config), { postgres, failed });
  if (!config.eventStoreUrl) return open();
  return awaited({ store: 'EventStoreDB', host: hostOf(config.eventStoreUrl) }, logger, open);
}

interface OpenRows {
  readonly rows: OpenReadModel;
  /** Work of the node that leads. */
  readonly run: Begin;
}

/** The rows in `read-model.db`, where they are run at once, or those of all nodes, which the node that leads runs. */
async function openRows(
  config: Config,
  postgres: Postgres | undefined,
  options: Omit<Parameters<typeof openReadModel>[0], 'directory'>,
): Promise<OpenRows> {
  if (!postgres) {
    const rows = await openReadModel({ ...options, directory: paths(config).readModel });
    return { rows, run: async () => () => rows.close() };
  }
  let lost: () => void = () => undefined;
  const rows = await openSharedReadModel({ ...options, postgres, onLost: () => lost() });
  const run: Begin = async (term) => {
    lost = () => term.lost();
    await rows.lead(term.fence!);
    return () => rows.standDown();
  };
  return { rows, run };
}

const neverOpened = (): Failure =>
  new Failure('unavailable', 'server.not_opened', { zh: '服务未能启动。', en: 'The server could not be opened.' });

/** Between two looks at draws that wait, besides those after each checkpoint. */
const DRAWS_INTERVAL_MS = 30_000;

/** Opens everything, listens, and until it is closed looks at the legal clocks at the configured interval, and at the log. */
export async function startServer(config: Config, options: OpenOptions = {}): Promise<Mingjing> {
  const mingjing = await openMingjing(config, options);
  const logger = options.logger ?? new JsonLogger(config.logLevel, undefined, config.nodeName);
  try {
    await mingjing.telemetry.listen();
    await mingjing.app.listen({ port: config.port, host: config.host });
    await mingjing.leading.add(watchingClocks(mingjing, config.dutyCheckIntervalSeconds * 1000, logger.pino));
    await mingjing.leading.add(watchingDraws(mingjing, logger.pino));
  } catch (error) {
    await mingjing.close().catch(() => undefined); // an occupied port must not leave the ledger locked
    throw error;
  }
  const unwatch = watchLog(mingjing.app.get(LogHealth), logger.pino);
  return {
    ...mingjing,
    async close() {
      unwatch();
      await mingjing.close();
    },
  };
}

/** Looks at the legal clocks once the rows are there, and then at the interval. */
const watchingClocks =
  ({ clockWatch, rows }: Mingjing, intervalMs: number, logger: Logger): Begin =>
  async ({ over }) => {
    const look = async (): Promise<void> => {
      if (over.aborted) return;
      await clockWatch.look().catch((error: Error & { code?: string }) => {
        logger.error({ reason: error.code ?? error.name }, 'looking at the legal clocks failed');
      });
    };
    // Before the rows are built there is nothing to look at; building them holds up neither the listener nor closing.
    let looking: Promise<void> | undefined;
    const begin = (): void => void (looking = look());
    rows.runner.settled().then(begin, begin); // it fails with the stores, and the look then says so
    const timer = setInterval(() => (looking = looking?.then(look)), intervalMs);
    return async () => {
      clearInterval(timer);
      await looking;
    };
  };

/** Looks at draws that wait for their checkpoint. */
const watchingDraws =
  ({ drawWatch, log }: Mingjing, logger: Logger): Begin =>
  async () => {
    const sealing = log.sealing?.own;
    return sealing ? watchDraws(drawWatch, sealing, logger, DRAWS_INTERVAL_MS) : async () => undefined;
  };
