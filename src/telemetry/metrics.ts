import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../kernel/time';
import { collectors, type Collector, type Sample, type Watched } from './gauges';
import { COUNTED, GAUGES, type CountedName, type GaugeName, type MetricDefinition } from './metric-table';
import type { AppendOutcome, CommandOutcome } from './outcome';

/** A part of the program must have told its figures within this time, or the answer goes without them. */
const COLLECTOR_MS = 2000;

type Counters = Readonly<Record<CountedName, Counter | Histogram>>;

export interface MetricsOptions {
  readonly version: string;
  /** Name of this node; may be empty. */
  readonly node: string;
  readonly clock: Clock;
  /** Also figures of the process: memory, event loop, collector. */
  readonly process: boolean;
}

/** Figures of one server for Prometheus (指标), in a registry of its own. What is counted is told as it happens; gauges are read when asked. */
export class Metrics {
  private watched: Watched = {};
  private readonly collectors: Readonly<Record<string, Collector>>;
  /** Collectors that have not answered yet: they are not asked again meanwhile. */
  private readonly asked = new Set<string>();
  private gathering: Promise<string> | undefined;

  private constructor(
    private readonly registry: Registry,
    private readonly counted: Counters,
    private readonly gauges: Readonly<Record<GaugeName, Gauge>>,
    private readonly options: MetricsOptions,
  ) {
    this.collectors = collectors(options.clock);
    for (const collector of Object.keys(this.collectors)) this.failures.inc({ collector }, 0);
  }

  static async open(options: MetricsOptions): Promise<Metrics> {
    const prom = await import('prom-client'); // only for who asks for figures
    const registry = new prom.Registry();
    if (options.process) prom.collectDefaultMetrics({ register: registry });
    const make = (table: Readonly<Record<string, MetricDefinition>>): unknown =>
      Object.fromEntries(
        Object.entries(table).map(([name, { type, labels, help, buckets }]) => {
          const options = { name, help, labelNames: labels, registers: [registry] };
          if (type === 'counter') return [name, new prom.Counter(options)];
          if (type === 'gauge') return [name, new prom.Gauge(options)];
          return [name, new prom.Histogram({ ...options, buckets: [...(buckets ?? [])] })];
        }),
      );
    return new Metrics(registry, make(COUNTED) as Counters, make(GAUGES) as Record<GaugeName, Gauge>, options);
  }

  /** What there is to look at from now on, besides what was told before. */
  watch(more: Watched): void {
    this.watched = { ...this.watched, ...more };
  }

  append(outcome: AppendOutcome, seconds: number, events: number): void {
    this.histogram('mingjing_append_duration_seconds').observe({ outcome }, seconds);
    if (outcome === 'ok') this.counter('mingjing_events_appended_total').inc(events);
  }

  command(category: string, command: string, outcome: CommandOutcome, seconds: number): void {
    this.histogram('mingjing_command_duration_seconds').observe({ category }, seconds);
    this.counter('mingjing_commands_total').inc({ category, command, outcome });
  }

  /** `route`: its pattern. */
  request(method: string, route: string, status: number, seconds: number): void {
    const labels = { method, route, status: `${Math.floor(status / 100)}xx` };
    this.histogram('mingjing_http_request_duration_seconds').observe(labels, seconds);
  }

  /** Everything, as Prometheus reads it. Whoever asks meanwhile is given the same answer. */
  text(): Promise<string> {
    this.gathering ??= this.gather().finally(() => (this.gathering = undefined));
    return this.gathering;
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  private async gather(): Promise<string> {
    const samples = (await Promise.all(Object.keys(this.collectors).map((name) => this.collect(name)))).flat();
    for (const [name, { labels }] of Object.entries(GAUGES)) {
      const gauge = this.gauges[name as GaugeName];
      if (labels.length > 0) gauge.reset();
      else gauge.remove(); // a reset would make it 0: what is not known must not look like a figure
    }
    const { version, node } = this.options;
    this.gauges.mingjing_build_info.set({ version, node_version: process.versions.node, node }, 1);
    for (const [name, value, labels = {}] of samples) this.gauges[name].set(labels, value);
    return this.registry.metrics();
  }

  /** What a collector says; nothing when it fails, or is too late, which is counted. */
  private async collect(name: string): Promise<readonly Sample[]> {
    let timer: NodeJS.Timeout | undefined;
    try {
      if (this.asked.has(name)) throw new Error('it has not answered before');
      this.asked.add(name);
      const answer = (async () => this.collectors[name](this.watched))().finally(() => this.asked.delete(name));
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('it does not answer')), COLLECTOR_MS);
      });
      return (await Promise.race([answer, late])) ?? [];
    } catch {
      this.failures.inc({ collector: name });
      return [];
    } finally {
      clearTimeout(timer);
    }
  }

  private get failures(): Counter {
    return this.counter('mingjing_scrape_failures_total');
  }

  private counter(name: CountedName): Counter {
    return this.counted[name] as Counter;
  }

  private histogram(name: CountedName): Histogram {
    return this.counted[name] as Histogram;
  }
}
