import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import type { Config } from '../config';
import { Failure } from '../kernel/errors';
import type { Clock } from '../kernel/time';
import type { CommandResult } from '../ledger/deciding/decider-handler';
import type { Around } from '../ledger/deciding/commands';
import type { EventStore } from '../ledger/event-store';
import type { Logger } from '../ledger/projecting/logger';
import { VERSION } from '../version';
import { correlated, correlation } from './correlation';
import type { Watched } from './gauges';
import { observeRequests } from './http-signals';
import { MeasuredEventStore, type EndedAppend } from './measured-event-store';
import { Metrics } from './metrics';
import { listenForScrapes, type MetricsListener } from './metrics-listener';
import { kindOf, outcomeOfAppend, type CommandOutcome } from './outcome';
import { Tracing, type TracingOptions } from './tracing';

export interface TelemetryOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where spans go instead of where the standard variables say. */
  readonly spanProcessors?: TracingOptions['processors'];
}

type Settings = Pick<Config, 'metricsPort' | 'metricsHost' | 'host' | 'tracing' | 'nodeName' | 'eventStoreUrl'>;

/**
 * What a server tells of itself besides its log (遥测): figures where they are asked for, traces where they are switched on. Without either
 * it only keeps the correlation id for the log. Opened before the stores and closed after them.
 * @throws Failure `config.tracing`
 */
export async function openTelemetry(config: Settings, options: TelemetryOptions): Promise<Telemetry> {
  const { clock, logger, spanProcessors: processors } = options;
  const about = { version: VERSION, node: config.nodeName };
  const metrics = config.metricsPort > 0 ? await Metrics.open({ ...about, clock, process: true }) : undefined;
  const store = config.eventStoreUrl ? 'eventstoredb' : 'sqlite';
  const tracing = isTraced(config, process.env)
    ? await Tracing.start({ ...about, store, processors, logger })
    : undefined;
  const address = { host: config.metricsHost || config.host, port: config.metricsPort };
  return new Telemetry(metrics, tracing, address, logger);
}

/** Asked for by the setting, or by the variable that names the receiver. @throws Failure `config.tracing` */
function isTraced({ tracing }: Pick<Config, 'tracing'>, env: NodeJS.ProcessEnv): boolean {
  if (tracing === 'on' || tracing === 'off') return tracing === 'on';
  if (tracing === '') return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
  throw new Failure('invalid', 'config.tracing', {
    zh: 'MINGJING_TRACING 应为 on 或 off，或留空。',
    en: 'MINGJING_TRACING is on, off or empty.',
    field: 'MINGJING_TRACING',
  });
}

/** Metrics and traces of one process (遥测). */
export class Telemetry {
  private listener: MetricsListener | undefined;

  constructor(
    private readonly metrics: Metrics | undefined,
    private readonly tracing: Tracing | undefined,
    private readonly address: { readonly host: string; readonly port: number },
    private readonly logger: Logger,
  ) {}

  /** The store as the program is to use it. */
  measured(store: EventStore): EventStore {
    const { metrics, tracing } = this;
    if (!metrics && !tracing) return store;
    return new MeasuredEventStore(store, {
      append: (ended) => this.appended(ended),
      ...(tracing && { page: (readers, page) => tracing.batch(readers, page) }),
    });
  }

  /** Parts of the program whose figures are read when somebody asks; more may be told later. */
  watch(parts: Watched): void {
    this.metrics?.watch(parts);
  }

  /** Goes around every command: the log lines of what it does bear its correlation id. */
  readonly around: Around = (given, carryOut) => {
    const span = this.tracing?.command(given, correlation());
    const { correlationId, causationId } = given.context;
    return correlated({ correlationId, causationId, span }, async () => {
      const started = performance.now();
      const ended = (outcome: CommandOutcome): void => {
        this.metrics?.command(given.category, given.name, outcome, (performance.now() - started) / 1000);
        if (span) this.tracing?.commandEnded(span, outcome);
      };
      let result: CommandResult;
      try {
        result = await carryOut();
      } catch (error) {
        ended(kindOf(error));
        throw error;
      }
      ended(result.repeated ? 'repeated' : result.events.length === 0 ? 'nothing' : 'ok');
      return result;
    });
  };

  /** Before the application is initialised. */
  observe(app: NestFastifyApplication): void {
    observeRequests(app.getHttpAdapter().getInstance(), this.metrics, this.tracing);
  }

  /** Serves `/metrics`, where it is asked for. @throws what `listen` throws, such as EADDRINUSE */
  async listen(): Promise<void> {
    if (!this.metrics) return;
    this.listener = await listenForScrapes(this.metrics, this.address);
    this.logger.info({ port: this.listener.port }, 'metrics are served');
  }

  async close(): Promise<void> {
    await this.listener?.close();
    await this.tracing?.close();
  }

  private appended({ events, startedAt, seconds, appended, error }: EndedAppend): void {
    const outcome = outcomeOfAppend(appended, error);
    this.metrics?.append(outcome, seconds, events.length);
    const { commandId, correlationId } = events[0]?.metadata ?? {};
    if (!commandId || !correlationId) return;
    const within = correlation();
    const position = appended?.position;
    this.tracing?.appended({ within, commandId, correlationId, events: events.length, startedAt, outcome, position });
  }
}
