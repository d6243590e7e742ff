import { createHash } from 'node:crypto';
import type { Projection } from '../../../projections/projection';
import { canonicalJson } from '../../kernel/canonical-json';
import type { ReadModel } from './read-model';

/**
 * Every row of a projection, a line each: table, key and row as canonical JSON (RFC 8785), in order of table and key. The same
 * events give the same lines, however they were batched and whatever store keeps the rows.
 */
export async function* dump(readModel: ReadModel, { name, tables }: Projection): AsyncGenerator<string, void, void> {
  for (const table of Object.keys(tables).sort()) {
    for await (const { key, row } of readModel.scan(name, table)) yield `${canonicalJson([table, key, row])}\n`;
  }
}

/** SHA-256 of `dump` in hex, and how many rows there are. */
export async function digest(readModel: ReadModel, projection: Projection): Promise<{ sha256: string; rows: number }> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const line of dump(readModel, projection)) {
    hash.update(line);
    rows += 1;
  }
  return { sha256: hash.digest('hex'), rows };
}
