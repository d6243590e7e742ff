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
    await expect(Postgres.open({ ...settings, schema: 'a b' })).rejects.toMatchObject({ code: 'postgres.bad_schema' });
  });
});
