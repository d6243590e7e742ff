import { Test } from '@nestjs/testing';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LawModule } from '../../src/law/law.module';

describe('the law over HTTP, without signing in', () => {
  let app: NestFastifyApplication;
  const get = async (url: string) => (await app.inject({ method: 'GET', url })).json<Record<string, unknown>>();

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [LawModule] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.init();
  });
  afterAll(() => app.close());

  test('the figures in force on a date, and all of them', async () => {
    const on = (await get('/api/law/parameters?on=2021-07-14')).parameters;
    expect(on).toContainEqual(expect.objectContaining({ id: 'penalty.simple_max_citizen', value: 50 }));
    expect(on).not.toContainEqual(expect.objectContaining({ id: 'penalty.simple_max_citizen', value: 200 }));
    expect((await get('/api/law/parameters?on=all')).parameters).toContainEqual(
      expect.objectContaining({ id: 'penalty.simple_max_citizen', value: 200, basis: '行政处罚法第51条' }),
    );
  });

  test('one figure with its history', async () => {
    const { versions } = await get('/api/law/parameters/disclosure.credit_period_max');
    expect(versions).toMatchObject([
      { value: 3, validTo: '2026-03-31' },
      { value: 1, validFrom: '2026-04-01' },
    ]);
  });

  test('a year of the calendar', async () => {
    const { days, announcedUntil } = await get('/api/law/calendar/2026');
    expect(days).toContainEqual({
      date: '2026-10-10',
      type: 'make_up_working_day',
      working: true,
      holiday: '国庆节',
      provisional: false,
    });
    expect(announcedUntil).toMatch(/-12-31$/);
  });
});
