import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { projections } from '../projections/all';
import { JsonLogger } from './api/logger';
import { configureHttp, httpAdapter } from './api/http';
import { LogHealth, watchLog } from './api/log-health';
import { AppModule } from './app.module';
import { paths, type Config } from './config';
import { deciders } from './deciders';
import { publicationManager } from './disclosure/publication.manager';
import { DrawWatch, watchDraws } from './draws/draw-watch.manager';
import { Failure } from './kernel/errors';
import { systemClock, type Clock } from './kernel/time';
import { useInstruments } from './law/instruments';
import { useParameters } from './law/parameters';
import type { KeyVault } from './ledger/commitment/key-vault';
import { openLedger } from './ledger/commitment/open-ledger';
import { Commands } from './ledger/deciding/commands';
import type { Give } from './ledger/deciding/reaction';
import type { EventStore } from './ledger/event-store';
import { openReadModel, type OpenReadModel } from './ledger/projecting/open-read-model';
import { SqlitePublishedCheckpoints } from './ledger/transparency/sqlite-published-checkpoints';
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
 * In order: the ledger (refused when another process has it), the key vault, the log, the read model, Nest. A crash at any line
 * leaves only what was durable before: ledger, keys and log, and rows that are taken up at their checkpoint.
 */
export async function openMingjing(
  config: Config,
  {
    clock = systemClock,
    logger = new JsonLogger(config.logLevel, undefined, config.nodeName),
    seal = true,
    spanProcessors,
  }: OpenOptions = {},
): Promise<Mingjing> {
  if (config.lawFile) {
    useParameters(config.lawFile);
    useInstruments(config.lawFile);
  }
  const telemetry = await openTelemetry(config, { clock, logger: logger.pino, spanProcessors });
  const ledger = await openLedger(paths(config)).catch(async (error: unknown) => {
    await telemetry.close();
    throw error;
  });
  const { stored, vault } = ledger;
  const store = telemetry.measured(ledger.store);
  // Process managers run as soon as the read model is open; their commands wait until Nest has the handlers.
  let opened: (commands: Commands) => void = () => undefined;
  let failed: (reason: Failure) => void = () => undefined;
  const ready = new Promise<Commands>((resolve, reject) => ([opened, failed] = [resolve, reject]));
  ready.catch(() => undefined);
  const give: Give = async (decider, id, command, context) => (await ready).give(decider, id, command, context);
  let rows: OpenReadModel | undefined;
  let log: OpenLog | undefined;
  try {
    const again = await reapplyErasures(stored, vault); // before anything is read with a vault from a backup
    if (again > 0) logger.pino.warn({ subjects: again }, 'keys that had been destroyed were in the vault again');
    log = await openLog({ config, stored, vault, logger: logger.pino, seal });
    rows = await openReadModel({
      directory: paths(config).readModel,
      projections,
      store,
      clock,
      logger: logger.pino,
      processManagers: [
        publicationManager(give, store),
        clueManager(give, () => rows!.readModel),
        officerRecordManager(give),
        erasureManager(give, vault, async () => (await ready).forget()),
      ],
    });
    const { readModel, processes } = rows;
    const app = await NestFactory.create<NestFastifyApplication>(
      AppModule.forRoot(config, { store, stored, vault, readModel, processes, log, around: telemetry.around }, clock),
      httpAdapter(config),
      { logger, abortOnError: false },
    );
    configureHttp(app, config, logger);
    telemetry.observe(app);
    await app.init();
    const commands = app.get(Commands);
    opened(commands);
    const witnesses = (await parsePolicy(log.witnessPolicy)).witnesses.map(({ name }) => name);
    telemetry.watch({ store, readModel, processes, logHealth: app.get(LogHealth), witnesses });
    const byCategory = new Map(deciders.map((d) => [d.category, d]));
    const clockWatch = new ClockWatch(readModel, byCategory, give, clock, logger.pino);
    const published = SqlitePublishedCheckpoints.read(paths(config).log);
    const drawWatch = new DrawWatch(readModel, log.storage, published, give, logger.pino, clock);
    return {
      app,
      store,
      stored,
      vault,
      rows,
      log,
      telemetry,
      commands,
      clockWatch,
      drawWatch,
      async close() {
        await app.close();
        await rows!.close();
        await published.close();
        await log!.sealing?.close(); // after the last event
        await store.close();
        await telemetry.close();
      },
    };
  } catch (error) {
    failed(neverOpened()); // or a reaction under way would wait for ever, and closing for it
    await rows?.close();
    await log?.sealing?.close();
    await store.close();
    await telemetry.close();
    throw error;
  }
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
  } catch (error) {
    await mingjing.close(); // an occupied port must not leave the ledger locked
    throw error;
  }
  const look = (): Promise<unknown> =>
    mingjing.clockWatch.look().catch((error: Error & { code?: string }) => {
      logger.pino.error({ reason: error.code ?? error.name }, 'looking at the legal clocks failed');
    });
  // Before the rows are built there is nothing to look at; building them holds up neither the listener nor closing.
  let closing = false;
  let looking: Promise<unknown> | undefined;
  void mingjing.rows.runner.settled().then(() => {
    if (!closing) looking = look();
  });
  const timer = setInterval(() => (looking = looking?.then(look)), config.dutyCheckIntervalSeconds * 1000);
  const unwatch = watchLog(mingjing.app.get(LogHealth), logger.pino);
  const { drawWatch, log } = mingjing;
  const unwatchDraws = log.sealing && watchDraws(drawWatch, log.sealing, logger.pino, DRAWS_INTERVAL_MS);
  return {
    ...mingjing,
    async close() {
      closing = true;
      clearInterval(timer);
      unwatch();
      await unwatchDraws?.();
      await looking;
      await mingjing.close();
    },
  };
}
