import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Accounts } from '../../src/access/accounts';
import { openAccountsDb, type AccountsDb } from '../../src/access/accounts-db';
import { ReadingRecord } from '../../src/access/reading-record';
import type { Actor } from '../../src/kernel/event';
import type { Clock } from '../../src/kernel/time';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { PostgresServer } from '../postgres/server';

interface Place {
  /** As another node, or another process, opens it. */
  open(): Promise<AccountsDb>;
  close(): Promise<void>;
}

function inFile(): Promise<Place> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-accounts-'));
  return Promise.resolve({
    open: () => openAccountsDb(join(directory, 'accounts.db')),
    close: async () => rmSync(directory, { recursive: true }),
  });
}

async function inPostgres(): Promise<Place> {
  const settings = freshSchema();
  const nodes: Postgres[] = [];
  return {
    open: async () => {
      nodes.push(await Postgres.open(settings));
      return openAccountsDb(nodes[nodes.length - 1]);
    },
    close: async () => {
      for (const node of nodes) await node.close();
      await dropSchema(settings);
    },
  };
}

const time = { ms: Date.parse('2026-03-10T02:00:00.000Z') };
const clock: Clock = { now: () => new Date(time.ms).toISOString() };
const LIFETIME_HOURS = 12;
const PASSWORD = 'correct-horse-明镜';
const clerk = { login: 'clerk', displayName: '缴款员', password: PASSWORD, roles: ['cashier'] };

describe.each([
  ['a file', inFile],
  ['PostgreSQL', inPostgres],
])('two nodes on the accounts in %s', (_, make) => {
  let place: Place;
  let dbs: AccountsDb[];
  let here: Accounts;
  let there: Accounts;
  beforeEach(async () => {
    place = await make();
    dbs = await Promise.all([place.open(), place.open()]);
    [here, there] = dbs.map((db) => new Accounts(db, clock, LIFETIME_HOURS));
  });
  afterEach(async () => {
    for (const accounts of [here, there]) await accounts.onApplicationShutdown();
    await place.close();
  });

  it('a token of one holds on the other, and ends on both at once', async () => {
    const { account } = await here.create(clerk, 'test');
    const tokens = [
      await here.issueToken(account.id),
      await there.issueToken(account.id),
      await here.issueToken(account.id),
    ];
    for (const { token } of tokens) {
      for (const node of [here, there]) expect((await node.resolveToken(token))?.account).toEqual(account);
    }
    await there.revokeToken(tokens[0].token);
    expect(await here.resolveToken(tokens[0].token)).toBeUndefined();
    await there.change(account.id, { roles: ['registrar'] }, 'test');
    expect((await here.resolveToken(tokens[1].token))?.actor.roles).toEqual(['registrar']);
    await there.change(account.id, { disabled: true }, 'test');
    expect(await here.resolveToken(tokens[1].token)).toBeUndefined();
    await there.change(account.id, { disabled: false }, 'test');
    expect(await here.resolveToken(tokens[2].token)).toBeUndefined();
    expect((await here.changesOf(account.id)).map(({ change }) => Object.keys(change)[0])).toEqual([
      'disabled',
      'disabled',
      'roles',
      'created',
    ]);
  });

  it('the same login made on both at once is one account, noted once', async () => {
    const made = await Promise.all([here, there, here, there].map((node) => node.create(clerk, 'test')));
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(made.map(({ account }) => account.id)).size).toBe(1);
    expect(await here.changesOf(made[0].account.id)).toHaveLength(1);
    expect((await there.authenticate('CLERK', PASSWORD))?.id).toBe(made[0].account.id);
  });

  it('a new password ends every token; the twenty newest are kept; expired ones are deleted', async () => {
    const { account } = await here.create(clerk, 'test');
    const tokens: string[] = [];
    for (let n = 0; n < 22; n++) {
      time.ms += 1000;
      tokens.push((await here.issueToken(account.id)).token);
    }
    const live = async (): Promise<number[]> =>
      (await Promise.all(tokens.map((token) => there.resolveToken(token)))).flatMap((found, n) => (found ? [n] : []));
    expect(await live()).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
    await there.setPassword(account.id, 'another-one-明镜', 'test');
    expect(await live()).toEqual([]);
    expect(await here.authenticate('clerk', PASSWORD)).toBeUndefined();
    await here.issueToken(account.id);
    time.ms += LIFETIME_HOURS * 3_600_000;
    await here.issueToken(account.id);
    expect(await dbs[0].selectFrom('tokens').select('expires_at').execute()).toHaveLength(1);
    await expect(here.setPassword('no-such', PASSWORD, 'test')).rejects.toMatchObject({ code: 'account.not_found' });
  });

  it('what was read and what was changed stays on record', async () => {
    const record = new ReadingRecord(dbs[0], clock);
    const reader: Actor = { kind: 'person', account: 'a-1', body: 'body-1', roles: ['officer'] };
    for (let n = 0; n < 5; n++) await record.enter(reader, 'cases', `c-${n % 2}`, `request-${n}`);
    await record.enter({ kind: 'public', account: 'public', roles: [] }, 'cases', 'c-0', 'request-public');
    const there = new ReadingRecord(dbs[1], clock);
    const all = await there.list({ limit: 10 });
    expect(all.map(({ correlationId }) => correlationId)).toEqual([4, 3, 2, 1, 0].map((n) => `request-${n}`));
    expect(
      await there.list({ collection: 'cases', record: 'c-0', body: 'body-1', before: all[0].n, limit: 1 }),
    ).toEqual([
      {
        n: all[2].n,
        at: clock.now(),
        account: 'a-1',
        body: 'body-1',
        collection: 'cases',
        record: 'c-0',
        correlationId: 'request-2',
      },
    ]);
    expect(await there.list({ account: 'a-2', limit: 1 })).toEqual([]);
    await here.create(clerk, 'test');
    const appendOnly = { message: expect.stringContaining('append-only') as string };
    for (const table of ['readings', 'account_changes']) {
      await expect(sql`DELETE FROM ${sql.table(table)}`.execute(dbs[0])).rejects.toMatchObject(appendOnly);
      await expect(sql`UPDATE ${sql.table(table)} SET at = ''`.execute(dbs[0])).rejects.toMatchObject(appendOnly);
    }
    expect(await there.list({ limit: 10 })).toHaveLength(5);
  });
});

it('while PostgreSQL is away, signing in and every token say so; they hold again when it is back', async () => {
  const server = await PostgresServer.start();
  const postgres = await Postgres.open({ url: server.url, schema: 'away' });
  try {
    const accounts = new Accounts(await openAccountsDb(postgres), clock, LIFETIME_HOURS);
    const { account } = await accounts.create(clerk, 'test');
    const { token } = await accounts.issueToken(account.id);
    await server.stop('immediate');
    const away = { kind: 'unavailable', code: 'postgres.unavailable' };
    await expect(accounts.resolveToken(token)).rejects.toMatchObject(away);
    await expect(accounts.authenticate('clerk', PASSWORD)).rejects.toMatchObject(away);
    await expect(accounts.issueToken(account.id)).rejects.toMatchObject(away);
    await server.resume();
    expect((await accounts.resolveToken(token))?.account).toEqual(account);
  } finally {
    await postgres.close();
    await server.remove();
  }
});
