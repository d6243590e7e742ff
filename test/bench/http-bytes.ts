import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Config } from '../../src/config';
import { Postgres } from '../../src/ledger/postgres/postgres';
import type { Size } from './scale-figures';

/** Of the stores of a server that is closed. */
export async function bytesOnDisk(config: Config, events: number): Promise<Size[]> {
  const { bytes, subjects } = config.postgresUrl ? await inPostgres(config) : inFiles(config.dataDirectory);
  const perEvent = (what: string, value: number): Size => ({
    what: `${what}, an event`,
    value: value / events,
    unit: 'bytes',
  });
  return [
    ...(config.eventStoreUrl ? [] : [perEvent('ledger', sizeOf(config.dataDirectory, /^ledger\.db/))]),
    perEvent('rows', bytes.rows),
    perEvent('public log', bytes.log),
    { what: 'subjects with a key', value: subjects, unit: 'subjects' },
    { what: 'key vault, a subject', value: bytes.vault / subjects, unit: 'bytes' },
  ];
}

interface OnDisk {
  readonly bytes: Readonly<Record<'rows' | 'log' | 'vault', number>>;
  readonly subjects: number;
}

function inFiles(directory: string): OnDisk {
  const vault = new Database(join(directory, 'vault.db'), { readonly: true });
  const subjects = vault.prepare<[], number>('SELECT count(*) FROM subject_key').pluck().get() ?? 0;
  vault.close();
  const [rows, keys] = [/^read-model\.db/, /^vault\.db/].map((file) => sizeOf(directory, file));
  return { bytes: { rows, vault: keys, log: sizeOf(join(directory, 'log'), /./) }, subjects };
}

/** Bytes of the files and folders of a directory whose names match. */
const sizeOf = (directory: string, names: RegExp): number =>
  readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => names.test(name))
    .map((entry) => join(directory, entry.name))
    .reduce((sum, path) => sum + (statSync(path).isDirectory() ? sizeOf(path, /./) : statSync(path).size), 0);

/** Tables that hold no rows of projections, and which room they are of. */
const ROOMS: ReadonlyArray<readonly [RegExp, 'log' | 'vault' | undefined]> = [
  [/^log_/, 'log'],
  [/^(wrapping_key|subject_key|destroyed|ledger_key|sealed_mark)/, 'vault'],
  [/^(account|token|reading|lease|room_version)/, undefined],
];

async function inPostgres({ postgresUrl: url, postgresSchema: schema }: Config): Promise<OnDisk> {
  const postgres = await Postgres.open({ url, schema, maxConnections: 1 });
  const tables = await postgres.query<{ name: string; bytes: number }>(
    `SELECT relname AS name, pg_total_relation_size(oid) AS bytes FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind = 'r'`,
    [schema],
  );
  const [{ subjects }] = await postgres.query<{ subjects: number }>('SELECT count(*) AS subjects FROM subject_key');
  await postgres.close();
  const bytes = { rows: 0, log: 0, vault: 0 };
  for (const { name, bytes: more } of tables) {
    const other = ROOMS.find(([pattern]) => pattern.test(name));
    const room = other ? other[1] : 'rows';
    if (room) bytes[room] += more;
  }
  return { bytes, subjects };
}
