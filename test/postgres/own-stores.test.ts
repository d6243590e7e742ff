import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { OWN_STORES } from './own-stores';

const TESTS = resolve(__dirname, '..');

/** What opens a store. */
const OPENS =
  /\b((SqliteEventStore|SqliteKeyVault|PostgresKeyVault|LogDirectory|Postgres)\.open|open(Mingjing|Ledger|LedgerAt|ReadModel|SharedReadModel|LogStorage|AccountsDb)|startServer|ensureCity)\(|EventStoreDbStore\.connect\(|new Database\(/;
/** Has stores that the run does not choose. */
const CHOOSES =
  /import [^;]*\b(IN_FILES|freshSchema|inPostgres)\b[^;]*fresh-schema'|\bnew Nodes\(|\bPostgresServer\.start\(/;
const FOLLOWS = /\bstoresUnderTest\(/;

const text = (file: string): string => readFileSync(file, 'utf8');

/** A test's file and all that it has from other files of `test/`, child processes too. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || file === join(__dirname, 'fresh-schema.ts')) return seen;
  seen.add(file);
  for (const [, name] of text(file).matchAll(/(?:from |__dirname, )'(\.[\w./-]+|[\w-]+\.ts)'/g)) {
    const path = resolve(dirname(file), name);
    const found = [path, `${path}.ts`, `${path}.tsx`].find((each) => /\.tsx?$/.test(each) && existsSync(each));
    if (found?.startsWith(TESTS)) reached(found, seen);
  }
  return seen;
}

it('every suite that opens stores runs on those of the run, or is in the table with the reason', () => {
  const suites = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((name) => /\.test\.tsx?$/.test(name));
  const own = suites.filter((name) => {
    const file = join(TESTS, name);
    if (CHOOSES.test(text(file))) return true;
    const all = [...reached(file)].map(text);
    return all.some((each) => OPENS.test(each)) && !all.some((each) => FOLLOWS.test(each));
  });
  const names = own.map((name) => relative('.', name).replace(/\.test\.tsx?$/, ''));
  expect(names.sort()).toEqual(Object.values(OWN_STORES).flat().sort());
});
