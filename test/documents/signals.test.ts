import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { COUNTED, GAUGES, type MetricDefinition } from '../../src/telemetry/metric-table';

const DOCUMENT = join(__dirname, '../../docs/signals.md');
const METRICS: Readonly<Record<string, MetricDefinition>> = { ...COUNTED, ...GAUGES };

const rows = Object.entries(METRICS).map(
  ([name, { type, labels, help }]) =>
    `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
);

/** The document with the table of metrics as the program has it. */
function generated(text: string): string {
  const head = '|---|---|---|---|\n';
  const from = text.indexOf(head, text.indexOf('| metric | type |')) + head.length;
  return `${text.slice(0, from)}${rows.join('\n')}\n${text.slice(text.indexOf('\n\n', from) + 1)}`;
}

it('lists every metric as the program tells it', () => {
  const text = readFileSync(DOCUMENT, 'utf8');
  if (process.env.UPDATE) writeFileSync(DOCUMENT, generated(text));
  else expect(text).toBe(generated(text));
});

it('names its metrics as Prometheus wants them: seconds, and totals of what is counted', () => {
  for (const [name, { type }] of Object.entries(METRICS)) {
    expect(name).toMatch(/^mingjing_[a-z0-9_]+$/);
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|bytes_total)$/);
  }
});

/** Names of our metrics in an expression, without what a histogram adds to them. */
const metricsIn = (text: string): string[] =>
  [...text.matchAll(/mingjing_[a-z0-9_]+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));

it('recommends and ships alerts on metrics that there are', () => {
  const rules = readFileSync(join(__dirname, '../../docker/prometheus/rules.yaml'), 'utf8');
  const { groups } = parse(rules) as { groups: { rules: { expr: string }[] }[] };
  const shipped = groups.flatMap((group) => group.rules.map(({ expr }) => expr));
  for (const name of metricsIn(`${readFileSync(DOCUMENT, 'utf8')} ${shipped.join(' ')}`)) {
    expect(Object.keys(METRICS)).toContain(name);
  }
});
