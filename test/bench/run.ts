import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { projections } from '../../projections/all';
import { commitmentSpeed } from './commitment';
import { browserVerify } from './browser-verify';
import { checkSpeed } from './check';
import { httpSpeed } from './http';
import { benchImport, IMPORT_TARGET_ROWS_PER_SECOND } from './import';
import { appendSpeed, readSpeed, sizeOfAMillion } from './ledger';
import { atLeast, type Measured } from './measured';
import { rebuildSpeed } from './projecting';
import { fillCaseLedger } from './projecting-ledger';
import { checkpointAge, proofSpeed, sealBeside, sealSpeed } from './sealing';
import { serverOnAMillion } from './server';

/** The four read models that an inspector, an investigator and the public live from. */
const FOUR = ['case-file', 'public-notices', 'accountability', 'officer-performance'];
const REBUILD_EVENTS = 100_000;

/** Every benchmark by name; `npm run bench -- append read` runs some. */
const benches: Readonly<Record<string, () => Promise<Measured[]>>> = {
  append: async () => [await appendSpeed()],
  read: async () => [await readSpeed()],
  commitment: async () => [commitmentSpeed()],
  check: async () => [await checkSpeed()],
  rebuild: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-rebuild-'));
    try {
      await fillCaseLedger(directory, REBUILD_EVENTS);
      return [
        await rebuildSpeed(
          projections.filter((p) => FOUR.includes(p.name)),
          directory,
        ),
      ];
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  import: async () => {
    const { rows, rowsPerSecond } = await benchImport();
    return [atLeast(`import of ${rows} rows of one event`, 'rows/s', rowsPerSecond, IMPORT_TARGET_ROWS_PER_SECOND)];
  },
  seal: async () => [await sealSpeed()],
  'seal-beside': async () => [await sealBeside()],
  'checkpoint-age': async () => [await checkpointAge()],
  proof: async () => [await proofSpeed()],
  ledger: () => sizeOfAMillion(),
  server: () => serverOnAMillion(),
  http: () => httpSpeed(),
  'browser-verify': () => browserVerify(),
};

async function main(names: readonly string[]): Promise<void> {
  const chosen = names.length > 0 ? names : Object.keys(benches);
  process.stdout.write(`node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? ''}\n\n`);
  process.stdout.write(
    '| benchmark | measured | limit of the same run | ratio | target | |\n|---|---|---|---|---|---|\n',
  );
  let missed = 0;
  for (const name of chosen) {
    const bench = benches[name];
    if (!bench) throw new Error(`no benchmark is named ${name}; there are: ${Object.keys(benches).join(', ')}`);
    for (const m of await bench()) {
      if (!m.pass) missed++;
      process.stdout.write(`| ${row(m)} |\n`);
    }
  }
  process.stdout.write(`\nthis process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB at most\n`);
  if (missed > 0) {
    process.stdout.write(`${missed} target(s) missed\n`);
    process.exitCode = 1;
  }
}

const figure = (n: number, unit: string): string => `${n.toLocaleString('en')} ${unit}`;

const row = (m: Measured): string =>
  [
    m.name,
    figure(m.value, m.unit),
    figure(m.limit, m.unit),
    m.ratio.toFixed(2),
    `${m.atMost ? '≤' : '≥'} ${m.target}`,
    m.pass ? '✓' : 'missed',
  ].join(' | ');

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
