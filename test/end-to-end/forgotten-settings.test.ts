import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import * as Body from '../../src/registry/body-commands';
import { parseNote } from '../../src/verification/note';
import { parseVerifierKey, verifyNote } from '../../src/verification/verifier-key';
import { sharedEventStore, type SharedEventStore } from '../eventstoredb/scripted-process';
import { dropSchema, freshSchema, IN_FILES } from '../postgres/fresh-schema';
import { until } from '../until';
import { Running } from './running';

/** Nodes of which one has a setting or a file less than it needs: it does not start, and the others go on with the one ledger. */
const nodes: Running[] = [];
let events: SharedEventStore;
let database: PostgresSettings;
let postgres: Partial<Config>;
let eventStore: Partial<Config>;

beforeEach(async () => {
  events = await sharedEventStore();
  const { eventStoreUrl, eventStorePrefix } = events;
  eventStore = { eventStoreUrl, eventStorePrefix };
  database = freshSchema();
  postgres = { postgresUrl: database.url, postgresSchema: database.schema };
});
afterEach(async () => {
  for (const node of nodes.splice(0)) {
    if (node.mingjing) await node.stop();
    node.erase();
  }
  await events.stop();
  await dropSchema(database);
});

/** Each with a data directory of its own, and settings over those of a node alone. */
function node(settings: Partial<Config>, keysOf?: Running): Running {
  const made = new Running({
    seal: true,
    settings: { ...IN_FILES, publicUrl: 'https://mingjing.example', ...settings },
  });
  if (keysOf)
    for (const key of ['log.key', 'vault.key']) copyFileSync(join(keysOf.directory, key), join(made.directory, key));
  nodes.push(made);
  return made;
}

/** That it records, and seals what it has recorded under a key that it serves. */
async function worksAlone(running: Running): Promise<void> {
  await running.account('registrar', { roles: ['registrar', 'admin', 'investigator'] });
  const position = await running.give('registrar', 'bodies', 'body-1', Body.RegisterBody, {
    ...{ name: '执法局', kind: 'statutory', region: '明镜市', uscc: '11230500001755309F', legalRepresentative: '冯十' },
    ...{ legalBasis: ['行政处罚法 17'], officeAddress: '明镜市示例路 1 号', supervisionPhone: '12345' },
    supervisionEmail: 'supervision@mingjing.example',
  });
  expect(position).toBe(1);
  await until(async () => ((await running.request('GET', '/readyz')).json.log as { size: number }).size === position);
  const { text: note } = await running.request('GET', '/log/checkpoint');
  const { text: vkey } = await running.request('GET', '/log/vkey');
  const keys = await Promise.all(vkey.trim().split('\n').map(parseVerifierKey));
  expect(await verifyNote(parseNote(note), keys)).toHaveLength(1);
}

it('PostgreSQL shared, events forgotten: the second node, whose events would be its own, does not start', async () => {
  const first = await node(postgres).start();
  const refused = { code: 'ledger.other_events' };
  await expect(node(postgres, first).start()).rejects.toMatchObject(refused);
  await worksAlone(first);
  await expect(node({ ...postgres, ...eventStore }, first).start()).rejects.toMatchObject(refused);
});

it('events shared, PostgreSQL forgotten on both: the second node, whose keys and log would be its own, does not start', async () => {
  const first = await node(eventStore).start();
  const refused = { code: 'ledger.other_vault' };
  await expect(node(eventStore).start()).rejects.toMatchObject(refused);
  await worksAlone(first);
  await first.restart(); // alone it may go on
  expect((await first.request('GET', '/readyz')).json.ready).toBe(true);
});

it('events shared, PostgreSQL forgotten on one: that one does not start', async () => {
  const first = await node({ ...postgres, ...eventStore }).start();
  await expect(node(eventStore).start()).rejects.toMatchObject({ code: 'ledger.other_vault' });
  await worksAlone(first);
});

it('two nodes that start at once without a log key: one begins the log, and the other does not start until it has that key', async () => {
  const shared = { ...postgres, ...eventStore };
  const first = node(shared);
  const vaultKeyFile = join(first.directory, 'vault.key');
  const second = node({ ...shared, vaultKeyFile });
  const outcomes = await Promise.allSettled([first.start(), second.start()]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { reason } = outcomes.find((outcome) => outcome.status === 'rejected')!;
  expect(['log.other_key', 'log.key_missing']).toContain((reason as { code: string }).code);
  const [begun, other] = outcomes[0].status === 'fulfilled' ? [first, second] : [second, first];
  await worksAlone(begun);
  await expect(other.start()).rejects.toMatchObject({ code: expect.stringMatching(/^log\.key_(missing|unknown)$/) });
  copyFileSync(join(begun.directory, 'log.key'), join(other.directory, 'log.key'));
  await other.start();
  expect((await other.request('GET', '/log/vkey')).text).toBe((await begun.request('GET', '/log/vkey')).text);
});

it('a node that comes to lead with keys that the log has replaced says that it cannot seal', async () => {
  const shared = { ...postgres, ...eventStore };
  const first = await node(shared).start();
  await worksAlone(first);
  const behind = await node(shared, first).start();
  // What a third node leaves, whose keys were replaced in two steps while this one was forgotten.
  const newest = await LogKeys.open({ file: join(first.directory, 'next.key'), origin: 'mingjing.example/log' });
  const { text } = parseNote((await first.mingjing.log.storage.signed())!);
  const tables = await Postgres.open(database);
  const note = newest.signedNote(text);
  await tables.query(`UPDATE log_text SET content = $1 WHERE name IN ('signed', 'checkpoint')`, [note]);
  await tables.close();
  await first.stop();
  nodes.splice(nodes.indexOf(first), 1);
  const ready = await until(async () => {
    const { json } = await behind.request('GET', '/readyz');
    return (json.log as { trouble?: string } | undefined)?.trouble && json;
  });
  expect(ready).toMatchObject({ leads: true, log: { trouble: 'log.key_unknown' } });
  first.erase();
});
