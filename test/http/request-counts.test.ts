import { RequestCounts } from '../../src/access/request-counts';

const MINUTE = 60_000;

describe('requests of an address', () => {
  let now = 0;
  let counts: RequestCounts;
  const ask = (key = 'default 198.51.100.1') => counts.increment(key, MINUTE, 3, MINUTE);

  beforeEach(() => {
    now = 1_000_000;
    counts = new RequestCounts(() => now);
  });

  test('are let through up to the limit and then refused, with the seconds to wait', async () => {
    for (let hits = 1; hits <= 3; hits++) expect(await ask()).toMatchObject({ totalHits: hits, isBlocked: false });
    now += 30_000;
    expect(await ask()).toMatchObject({ isBlocked: true, timeToBlockExpire: 60 });
    now += 59_001;
    expect(await ask()).toMatchObject({ isBlocked: true, timeToBlockExpire: 1 });
  });

  test('are counted anew after the wait, and it is not prolonged by asking', async () => {
    for (let hits = 1; hits <= 10; hits++) await ask();
    now += MINUTE;
    expect(await ask()).toMatchObject({ totalHits: 1, isBlocked: false, timeToExpire: 60 });
  });

  test('are counted anew after a minute in which there were not too many', async () => {
    await ask();
    await ask();
    now += MINUTE;
    expect(await ask()).toMatchObject({ totalHits: 1, isBlocked: false });
  });

  test('are no other address’s', async () => {
    for (let hits = 1; hits <= 4; hits++) await ask();
    expect(await ask('default 198.51.100.2')).toMatchObject({ totalHits: 1, isBlocked: false });
  });
});
