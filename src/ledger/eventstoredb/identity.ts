import { FORWARDS, type EventStoreDBClient } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { LedgerCorrupt, type LedgerIdentity } from '../event-store';
import { writeExactly } from './exact-append';
import type { Patience } from './patience';
import { readPage } from './read-page';
import { identityStream } from './stored-form';

const IDENTITY_TYPE = 'LedgerIdentity';
const FIRST = { direction: FORWARDS, fromRevision: 0n, maxCount: 1 } as const;

/** Which ledger is under a prefix; undefined when nobody has said. @throws LedgerCorrupt, Failure `ledger.store_unavailable` */
export async function readIdentity(
  client: EventStoreDBClient,
  patience: Patience,
  prefix: string,
): Promise<LedgerIdentity | undefined> {
  const [resolved] = await readPage(client, patience, identityStream(prefix), FIRST);
  if (!resolved) return undefined;
  const { id, vault } = (resolved.event?.data ?? {}) as Partial<LedgerIdentity>;
  if (resolved.event?.type !== IDENTITY_TYPE || typeof id !== 'string' || typeof vault !== 'string')
    throw new LedgerCorrupt(0, `${identityStream(prefix)} does not say which ledger this is`);
  return { id, vault };
}

/** The same, said now when nobody has. Nodes that start together append to a stream that must not be there: one of them does. */
export async function keepIdentity(
  client: EventStoreDBClient,
  patience: Patience,
  prefix: string,
  vault: string,
): Promise<LedgerIdentity> {
  const known = await readIdentity(client, patience, prefix);
  if (known) return known;
  const id = randomUUID();
  await writeExactly(client, patience, identityStream(prefix), -1, [
    { id, type: IDENTITY_TYPE, contentType: 'application/json', data: { id, vault }, metadata: undefined },
  ]);
  return (await readIdentity(client, patience, prefix))!;
}
