import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { parse } from 'yaml';
import { COUNTED, GAUGES, type MetricDefinition } from '../../src/telemetry/metric-table';
import { composition, DOCKER, networksOf, secretsOf, SETTINGS_OF_COMPOSE } from './compositions';

const text = (file: string): string => readFileSync(join(DOCKER, file), 'utf8');
const cluster = composition('compose.cluster.yaml', SETTINGS_OF_COMPOSE);

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: ReadonlyArray<{ readonly expr: string; readonly legendFormat: string }>;
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const { panels, uid } = JSON.parse(text('grafana/dashboards/mingjing.json')) as { panels: Panel[]; uid: string };
/** A condition under a name of its own, for alerts after it. */
interface Recorded {
  readonly record: string;
  readonly expr: string;
}
const { groups } = parse(text('prometheus/rules.yaml')) as {
  groups: Array<{ name: string; rules: Array<Rule | Recorded> }>;
};
const ruled = groups.flatMap((group) => group.rules);
const rules = ruled.filter((rule) => 'alert' in rule);
const expressions = [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
  ...ruled.map((rule) => ['alert' in rule ? rule.alert : rule.record, rule.expr] as const),
];

/** Every series a node exposes, with its labels; a histogram has three. */
const series = new Map<string, readonly string[]>();
for (const [name, { type, labels }] of Object.entries({ ...COUNTED, ...GAUGES }) as Array<[string, MetricDefinition]>) {
  const names = type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
  for (const each of names) series.set(each, type === 'histogram' ? [...labels, 'le'] : labels);
}
const registry = new Registry();
collectDefaultMetrics({ register: registry });
for (const { name } of registry.getMetricsAsArray()) series.set(name, []);
afterAll(() => registry.clear());
for (const rule of ruled) if ('record' in rule) series.set(rule.record, []);
/** What Prometheus itself adds. */
const OF_PROMETHEUS = { up: [], ALERTS: ['alertname', 'alertstate'] };
for (const [name, labels] of Object.entries(OF_PROMETHEUS)) series.set(name, labels);
const OF_A_TARGET = ['instance', 'job'];

/** Names of series and labels in an expression, and the labels it compares; functions and keywords are none. */
function named(expr: string): { metrics: string[]; labels: string[] } {
  const bare = expr.replace(/"[^"]*"/g, '""').replace(/\[[^\]]*\]/g, '');
  const compared = [...bare.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside]) =>
    [...inside.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label),
  );
  const grouped = [...bare.matchAll(/\b(?:by|on)\s*\(([^)]+)\)/g)].flatMap(([, inside]) => inside.split(/\s*,\s*/));
  const rest = bare.replace(/\{[^}]*\}/g, '').replace(/\b(by|on)\s*\([^)]*\)/g, '');
  const words = [...rest.matchAll(/[a-zA-Z_][\w:]*(?![\w:]*\s*\()/g)].map(([word]) => word);
  return {
    metrics: words.filter((word) => !['or', 'and', 'unless', 'bool'].includes(word)),
    labels: [...compared, ...grouped],
  };
}

describe('every figure that is shown or watched over', () => {
  it.each(expressions)('%s: %s', (_, expr) => {
    const { metrics, labels } = named(expr);
    expect(metrics.length).toBeGreaterThan(0);
    for (const metric of metrics) expect([...series.keys()]).toContain(metric);
    const known = [...OF_A_TARGET, ...metrics.flatMap((metric) => series.get(metric) ?? [])];
    for (const label of labels) expect(known).toContain(label);
  });

  it('and no projection, process or outcome is named that the program never says', () => {
    const said = expressions.map(([, expr]) => expr).join('\n');
    const outcomes = [...said.matchAll(/outcome=~?"([^"]+)"/g)].flatMap(([, value]) => value.split('|'));
    expect(['ok', 'unavailable', 'error']).toEqual(expect.arrayContaining(outcomes));
    const states = [...said.matchAll(/state="(\w+)"/g)].map(([, value]) => value);
    expect(['stalled', 'firing']).toEqual(expect.arrayContaining(states));
  });
});

describe('the dashboard', () => {
  it('shows append latency, projection lag, checkpoint age and duties due, at a glance and over time', () => {
    const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n');
    for (const metric of [
      'mingjing_append_duration_seconds_bucket',
      'mingjing_projection_lag_seconds',
      'mingjing_log_checkpoint_age_seconds',
      'mingjing_log_oldest_unsealed_seconds',
      'mingjing_duties',
      'mingjing_node_leads',
      'mingjing_http_request_duration_seconds_bucket',
    ]) {
      expect(shown).toContain(metric);
    }
  });

  it('has no panel over another, each with a name in both languages', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      expect(title).toMatch(/[\p{Script=Han}A-Z].*/u);
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
          expect([title, x < 24, taken.has(`${x} ${y}`)]).toEqual([title, true, false]);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  it('is found by Grafana where the composition puts it, and finds Prometheus', () => {
    const source = parse(text('grafana/provisioning/datasources/prometheus.yaml')) as {
      datasources: [{ uid: string; url: string }];
    };
    expect(JSON.stringify(panels)).not.toMatch(new RegExp(`"uid":"(?!${source.datasources[0].uid}")`));
    expect(new URL(source.datasources[0].url).hostname).toBe('prometheus');
    const provider = parse(text('grafana/provisioning/dashboards/mingjing.yaml')) as {
      providers: [{ options: { path: string } }];
    };
    const { volumes, environment } = cluster.services.grafana;
    expect(volumes).toContain(`./grafana/dashboards:${provider.providers[0].options.path}:ro`);
    expect(environment!.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(
      `${provider.providers[0].options.path}/${uid}.json`,
    );
  });
});

describe('Prometheus', () => {
  const config = parse(text('prometheus/prometheus.yaml')) as {
    rule_files: string[];
    scrape_configs: Array<{
      job_name: string;
      tls_config?: { ca_file: string };
      basic_auth?: { password_file: string };
      static_configs: Array<{ targets: string[] }>;
    }>;
  };

  it('asks services that it reaches, at ports they have', () => {
    const own = networksOf(cluster.services.prometheus);
    const port = String(cluster.services['node-1'].environment!.MINGJING_METRICS_PORT);
    const targets = config.scrape_configs.flatMap(({ job_name, static_configs }) =>
      static_configs.flatMap(({ targets }) => targets.map((target) => [job_name, ...target.split(':')] as const)),
    );
    for (const [job, host, at] of targets.filter(([, host]) => host !== '127.0.0.1')) {
      expect([host, networksOf(cluster.services[host]).some((network) => own.includes(network))]).toEqual([host, true]);
      expect([host, at]).toEqual([host, job === 'mingjing' ? port : '2113']);
    }
    const asked = targets.map(([, host]) => host);
    const nodes = Object.keys(cluster.services).filter((name) => /^(node|kurrentdb)-\d$/.test(name));
    expect(asked).toEqual(expect.arrayContaining(nodes));
  });

  it('is given the files it names', () => {
    const given = secretsOf(cluster, cluster.services.prometheus).map(({ path }) => path);
    const mounted = cluster.services.prometheus.volumes!.map((volume) => volume.split(':')[1]);
    const files = config.scrape_configs.flatMap(({ tls_config, basic_auth }) =>
      [tls_config?.ca_file, basic_auth?.password_file].filter(Boolean),
    );
    expect(given).toEqual(expect.arrayContaining(files));
    expect(mounted).toEqual(expect.arrayContaining(config.rule_files));
  });

  it('wakes people with a sentence, and says whether it can wait', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations, expr } of rules) {
      expect(['page', 'ticket']).toContain(labels.severity);
      const filled = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
      const { metrics, labels: known } = named(expr);
      const kept = [...known, ...OF_A_TARGET, ...metrics.flatMap((metric) => series.get(metric) ?? [])];
      for (const label of filled) expect([alert, kept]).toEqual([alert, expect.arrayContaining([label])]);
    }
    // A log that stands still is told the operator at the same age as by the server itself.
    expect(rules.find(({ alert }) => alert === 'LogStandsStill')!.expr).toMatch(
      /^max\(mingjing_log_oldest_unsealed_seconds\) > 10 unless /,
    );
  });

  it('knows a cause before the alerts that look at it', () => {
    const known = new Set<string>();
    for (const rule of ruled) {
      for (const [name] of rule.expr.matchAll(/mingjing:\w+/g))
        expect([rule.expr, known]).toEqual([rule.expr, new Set([...known, name])]);
      if ('record' in rule) known.add(rule.record);
    }
    for (const cause of [
      'nodes_away',
      'postgres_away',
      'event_store_away',
      'nobody_leads',
      'store_away',
      'known_cause',
    ])
      expect(known).toContain(`mingjing:${cause}`);
  });

  it.each([
    ['NodeDown', 'mingjing:nodes_away'],
    ['NodeWithoutPostgresql', 'mingjing:postgres_away'],
    ['EventStoreNotFollowed', 'mingjing:event_store_away'],
    ['KurrentdbDown', 'mingjing:event_store_away'],
    ['NobodyLeads', 'mingjing:postgres_away'],
    ['NobodyLeads', 'mingjing:nodes_away'],
    ['LogStandsStill', 'mingjing:known_cause'],
    ['LogCannotSeal', 'mingjing:known_cause'],
    ['LogCannotSeal', 'mingjing_log_oldest_unsealed_seconds'],
    ['ProjectionBehind', 'mingjing:known_cause'],
    ['ProjectionBehind', 'mingjing_projection_state'],
    ['AppendsFail', 'mingjing:store_away'],
    ['ServerErrors', 'mingjing:store_away'],
    ['ScrapeIncomplete', 'mingjing:store_away'],
    ['PostgresqlBusy', 'mingjing_postgres_up'],
  ])('leaves %s out while %s holds: one cause pages once', (alert, cause) => {
    const { expr } = rules.find((rule) => rule.alert === alert)!;
    expect(expr.slice(expr.indexOf('unless'))).toContain(cause);
  });

  it('has outages played through for every cause, with alerts that there are', () => {
    const { tests } = parse(text('prometheus/rules.test.yaml')) as {
      tests: Array<{ name: string; input_series: Array<{ series: string }> }>;
    };
    const played = text('prometheus/rules.test.yaml');
    const expected = [...played.matchAll(/alertname[:=] ?"?(\w+)/g)].map(([, name]) => name);
    expect(rules.map(({ alert }) => alert)).toEqual(expect.arrayContaining(expected));
    for (const cause of ['PostgresqlAway', 'EventStoreAway', 'NoNodeAnswers', 'NodeWithoutPostgresql'])
      expect(expected).toContain(cause);
    for (const { input_series } of tests) {
      for (const { series: each } of input_series) expect([...series.keys()]).toContain(each.replace(/\{.*/, ''));
    }
  });
});
