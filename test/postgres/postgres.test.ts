import { Failure } from '../../src/kernel/errors';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import { dropSchema, freshSchema } from './fresh-schema';

describe('a PostgreSQL database', () => {
  let settings: PostgresSettings;
  let postgres: Postgres;
  beforeEach(async () => {
    settings = freshSchema();
    postgres = await Postgres.open(settings);
  });
  afterEach(async () => {
    await postgres.close();
    await dropSchema(settings);
  });

  it('keeps what a transaction did, all or none, and gives positions as numbers', async () => {
    await postgres.query('CREATE TABLE place (position bigint, name text)');
    await postgres.transaction((session) => session.query('INSERT INTO place VALUES ($1, $2)', [2 ** 40, '明镜']));
    const failing = postgres.transaction(async (session) => {
      await session.query('INSERT INTO place VALUES (2, NULL)');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await postgres.query('SELECT * FROM place')).toEqual([{ position: 2 ** 40, name: '明镜' }]);
  });

  it('migrates each room once, whoever starts at the same time', async () => {
    const others = await Promise.all([Postgres.open(settings), Postgres.open(settings), Postgres.open(settings)]);
    const first = ['CREATE TABLE counted (n integer)', 'INSERT INTO counted VALUES (1)'];
    await Promise.all(others.map((each) => each.migrate('counting', first)));
    await postgres.migrate('counting', [...first, 'INSERT INTO counted VALUES (2)']);
    expect(await postgres.query('SELECT n FROM counted ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
    await expect(postgres.migrate('counting', first)).rejects.toMatchObject({ code: 'postgres.newer_schema' });
    await Promise.all(others.map((each) => each.close()));
  });

  it('goes by its own settings, whatever those of the role are', async () => {
    const others = {
      default_transaction_isolation: 'serializable',
      statement_timeout: '10ms',
      idle_in_transaction_session_timeout: '0',
      synchronous_commit: 'off',
    };
    const role = `role_of_${settings.schema}`;
    await postgres.query(`CREATE ROLE ${role} LOGIN; GRANT CREATE, USAGE ON SCHEMA ${settings.schema} TO ${role}`);
    for (const [name, value] of Object.entries(others))
      await postgres.query(`ALTER ROLE ${role} SET ${name} TO '${value}'`);
    const url = `${settings.url.replace('//mingjing@', `//${role}@`)}&options=${encodeURIComponent('-c search_path=public -c geqo=off')}`;
    const opened = await Postgres.open({ ...settings, url });
    try {
      const shown = [
        'current_user',
        'current_schema',
        "current_setting('geqo')",
        ...Object.keys(others).map((name) => `current_setting('${name}')`),
      ];
      const [row] = await opened.query<object>(`SELECT ${shown.map((each, i) => `${each} AS s${i}`).join(', ')}`);
      expect(Object.values(row)).toEqual([role, settings.schema, 'off', 'read committed', '0', '1min', 'on']);
    } finally {
      await opened.close();
      await postgres.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('says of a deadlock and of a server that takes no writes now that they pass', async () => {
    await postgres.query('CREATE TABLE place (n integer PRIMARY KEY)');
    await postgres.query('INSERT INTO place VALUES (1), (2)');
    let second = (): void => undefined;
    const both = new Promise<void>((resolve) => (second = resolve));
    let waiting = 0;
    const lock = (first: number, then: number): Promise<void> =>
      postgres.transaction(async (session) => {
        await session.query('SELECT 1 FROM place WHERE n = $1 FOR UPDATE', [first]);
        if (++waiting === 2) second();
        await both;
        await session.query('SELECT 1 FROM place WHERE n = $1 FOR UPDATE', [then]);
      });
    const outcomes = await Promise.allSettled([lock(1, 2), lock(2, 1)]);
    const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(failed).toEqual([expect.objectContaining({ kind: 'unavailable', code: 'postgres.unavailable' })]);
    const reading = postgres.transaction(async (session) => {
      await session.query('SET TRANSACTION READ ONLY');
      await session.query('INSERT INTO place VALUES (3)');
    });
    await expect(reading).rejects.toMatchObject({ kind: 'unavailable', code: 'postgres.unavailable' });
    expect(await postgres.query('SELECT count(*) AS places FROM place')).toEqual([{ places: 2 }]);
  });

  it('tells trouble with the server from trouble with a statement', async () => {
    await expect(postgres.query('SELECT nonsense')).rejects.not.toBeInstanceOf(Failure);
    await expect(
      postgres.session((session) => session.query('SELECT pg_terminate_backend(pg_backend_pid())')),
    ).rejects.toMatchObject({
      code: 'postgres.unavailable',
    });
    expect(await postgres.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const nowhere = { url: 'postgres://nobody@127.0.0.1:1/nothing', schema: 'nothing' };
    await expect(Postgres.open(nowhere)).rejects.toMatchObject({ code: 'postgres.unavailable' });
    const stranger = settings.url.replace('mingjing@', 'stranger:secret-word@');
    const refused = await Postgres.open({ ...settings, url: stranger }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'postgres.refused', detail: { field: 'MINGJING_POSTGRES' } });
    expect(JSON.stringify(refused)).not.toContain('secret-word');
    for (const url of ['mysql://db.example/mingjing', 'mingjing:secret-word@db.example']) {
      await expect(Postgres.open({ ...settings, url })).rejects.toMatchObject({ code: 'postgres.bad_url' });
    }
    await expect(Postgres.open({ ...settings, schema: 'a b' })).rejects.toMatchObject({ code: 'postgres.bad_schema' });
  });

  it('is not away while every connection of the pool is busy with statements that are answered', async () => {
    const narrow = await Postgres.open({ ...settings, maxConnections: 1 });
    let asked = true;
    const busy = narrow.session(async (session) => {
      while (asked) await session.query('SELECT pg_sleep(0.02)');
    });
    expect(await narrow.trouble()).toBeUndefined();
    asked = false;
    await busy;
    expect(await narrow.trouble()).toBeUndefined();
    await narrow.close();
  });
});
