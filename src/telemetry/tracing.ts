import { randomBytes } from 'node:crypto';
import type { Attributes, Context, Link, Span, SpanContext, Tracer } from '@opentelemetry/api';
import type { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import type { RecordedEvent } from '../kernel/event';
import type { GivenCommand } from '../ledger/deciding/commands';
import type { Correlation } from './correlation';
import type { AppendOutcome, CommandOutcome } from './outcome';
import { appendSpanIdOf, traceIdOf, type TraceParent } from './trace-id';

type Api = typeof import('@opentelemetry/api');

/** Traces that one batch of the projections points to at most. */
export const MAX_LINKS = 32;
/** Ending waits this long for spans that are still to be delivered. */
const CLOSE_MS = 2000;
/** Between two lines of the log that say that spans are lost. */
const ALARM_MS = 60_000;

export interface TracingOptions {
  readonly version: string;
  /** Name of this node; may be empty. */
  readonly node: string;
  /** As OpenTelemetry calls it: `sqlite`, `eventstoredb`. */
  readonly store: string;
  /** Where spans go; left out: as the standard variables `OTEL_…` say. */
  readonly processors?: tracing.SpanProcessor[];
  readonly logger: { warn(fields: object, text: string): void };
}

/**
 * Traces (链路追踪) by hand, in one trace for each correlation id: request, command, append; then what process managers do because of it.
 * A batch of the projections is a trace of its own that points to the appends of its events, which it knows from the events alone
 * (`trace-id.ts`): nothing is stored for it. Attributes hold names, counts and positions, never what was said of whom.
 */
export class Tracing {
  private readonly tracer: Tracer;

  private constructor(
    private readonly sdk: NodeSDK,
    private readonly api: Api,
    private readonly ids: ChosenIds,
    private readonly store: string,
  ) {
    this.tracer = api.trace.getTracer('mingjing');
  }

  /** One at a time in a process: OpenTelemetry keeps where spans go in a global. */
  static async start({ version, node, store, processors, logger }: TracingOptions): Promise<Tracing> {
    const { NodeSDK, api, resources } = await import('@opentelemetry/sdk-node'); // 25 MiB: only for who asks for traces
    const ids = new ChosenIds();
    const sdk = new NodeSDK({
      serviceName: process.env.OTEL_SERVICE_NAME || 'mingjing',
      resource: resources.resourceFromAttributes({
        'service.version': version,
        ...(node && { 'service.instance.id': node }),
      }),
      resourceDetectors: [resources.envDetector], // the process's would tell its command line and its user
      idGenerator: ids,
      textMapPropagator: null,
      metricReaders: [],
      logRecordProcessors: [],
      ...(processors && { spanProcessors: processors }),
    });
    sdk.start();
    const alarm = atMostEvery(ALARM_MS, () => logger.warn({}, 'traces cannot be delivered')); // its messages hold addresses
    const quiet = (): void => undefined;
    api.diag.setLogger(
      { error: alarm, warn: alarm, info: quiet, debug: quiet, verbose: quiet },
      { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
    return new Tracing(sdk, api, ids, store);
  }

  /** A request's span. It goes on a caller's trace where the caller's is that of the correlation id, and points to it otherwise. */
  request(correlationId: string, caller: TraceParent | undefined): Span {
    const { SpanKind } = this.api;
    const traceId = traceIdOf(correlationId);
    const continued = caller?.traceId === traceId;
    const links = caller && !continued ? [{ context: contextOf(caller) }] : [];
    const options = { kind: SpanKind.SERVER, links, attributes: { 'mingjing.correlation_id': correlationId } };
    if (continued) return this.under(this.api.trace.wrapSpanContext(contextOf(caller)), 'request', options);
    return this.root('request', options, { traceId });
  }

  /** `route`: its pattern. Without a status the sender has gone. */
  requestEnded(span: Span, method: string, route: string, status?: number): void {
    span.updateName(`${method} ${route}`);
    span.setAttributes({
      'http.request.method': method,
      'http.route': route,
      ...(status && { 'http.response.status_code': status }),
    });
    if (status === undefined || status >= 500) span.setStatus({ code: this.api.SpanStatusCode.ERROR });
    span.end();
  }

  /** The span of a command, under that of its request; of a process's, in the trace of the event it reacts to. */
  command({ category, name, context }: GivenCommand, within: Correlation | undefined): Span {
    const { correlationId, causationId } = context;
    const attributes = {
      'mingjing.category': category,
      'mingjing.command': name,
      'mingjing.correlation_id': correlationId,
      ...(causationId && { 'mingjing.causation_id': causationId }),
    };
    const parent = within?.correlationId === correlationId ? within.span : undefined;
    const title = `command ${category}/${name}`;
    if (parent) return this.under(parent, title, { attributes });
    return this.root(title, { attributes }, { traceId: traceIdOf(correlationId) });
  }

  commandEnded(span: Span, outcome: CommandOutcome): void {
    span.setAttribute('mingjing.outcome', outcome);
    if (outcome === 'error' || outcome === 'unavailable' || outcome === 'damaged') {
      span.setStatus({ code: this.api.SpanStatusCode.ERROR });
    }
    span.end();
  }

  /** An append that has ended: told afterwards, because only one that succeeded has the id that batches point to. */
  appended(append: {
    readonly within: Correlation | undefined;
    readonly commandId: string;
    readonly correlationId: string;
    readonly events: number;
    readonly startedAt: number;
    readonly outcome: AppendOutcome;
    readonly position?: number;
  }): void {
    const { within, commandId, correlationId, events, startedAt, outcome, position } = append;
    const options = {
      kind: this.api.SpanKind.CLIENT,
      startTime: startedAt,
      attributes: {
        'db.system.name': this.store,
        'db.operation.name': 'append',
        'mingjing.events': events,
        'mingjing.outcome': outcome,
        ...(position !== undefined && { 'mingjing.position': position }),
      },
    };
    const chosen = outcome === 'ok' ? { spanId: appendSpanIdOf(commandId) } : {};
    const span = within?.span
      ? this.under(within.span, 'append', options, chosen)
      : this.root('append', options, { ...chosen, traceId: traceIdOf(correlationId) });
    if (outcome === 'error' || outcome === 'unavailable') span.setStatus({ code: this.api.SpanStatusCode.ERROR });
    span.end();
  }

  /** A page that projections were given. Returns what is to be called when they ask for the next, or have given up. */
  batch(projections: readonly string[], page: readonly RecordedEvent[]): (completed: boolean) => void {
    const appends = new Map(page.map(({ metadata }) => [metadata.commandId, metadata.correlationId]));
    const links = [...appends].slice(0, MAX_LINKS).map(([commandId, correlationId]): Link => {
      return { context: { traceId: traceIdOf(correlationId), spanId: appendSpanIdOf(commandId), traceFlags: 1 } };
    });
    const attributes = {
      'mingjing.projections': [...projections],
      'mingjing.first_position': page[0]?.position,
      'mingjing.last_position': page.at(-1)?.position,
      'mingjing.events': page.length,
    };
    const span = this.root('project', { kind: this.api.SpanKind.CONSUMER, links, attributes });
    return (completed) => {
      if (!completed) span.setStatus({ code: this.api.SpanStatusCode.ERROR });
      span.end();
    };
  }

  /** Delivers what is still to be delivered, within bounds. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([this.sdk.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
    for (const part of ['trace', 'context', 'propagation', 'metrics', 'diag'] as const) this.api[part].disable();
  }

  private root(name: string, options: SpanSettings, chosen: ChosenId = {}): Span {
    return this.ids.choosing(chosen, () => this.tracer.startSpan(name, options, this.api.ROOT_CONTEXT));
  }

  private under(parent: Span, name: string, options: SpanSettings, chosen: ChosenId = {}): Span {
    const context: Context = this.api.trace.setSpan(this.api.ROOT_CONTEXT, parent);
    return this.ids.choosing(chosen, () => this.tracer.startSpan(name, options, context));
  }
}

interface SpanSettings {
  readonly kind?: number;
  readonly links?: Link[];
  readonly attributes?: Attributes;
  /** In milliseconds since 1970. */
  readonly startTime?: number;
}

interface ChosenId {
  readonly traceId?: string;
  readonly spanId?: string;
}

/** Random ids, but for those that are chosen while a span is made. */
class ChosenIds {
  private chosen: ChosenId = {};

  choosing<T>(chosen: ChosenId, make: () => T): T {
    this.chosen = chosen;
    try {
      return make();
    } finally {
      this.chosen = {};
    }
  }

  generateTraceId = (): string => this.chosen.traceId ?? randomBytes(16).toString('hex');
  generateSpanId = (): string => this.chosen.spanId ?? randomBytes(8).toString('hex');
}

const contextOf = ({ traceId, spanId, sampled }: TraceParent): SpanContext => ({
  ...{ traceId, spanId, traceFlags: Number(sampled), isRemote: true },
});

function atMostEvery(ms: number, act: () => void): () => void {
  let next = 0;
  return () => {
    if (performance.now() < next) return;
    next = performance.now() + ms;
    act();
  };
}
