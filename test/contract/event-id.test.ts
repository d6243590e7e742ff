import { validate, version } from 'uuid';
import { eventIds } from '../../src/ledger/event-id';

describe('event ids', () => {
  it('ascend, within a millisecond and when the clock steps back, and are UUIDs of version 7', () => {
    const times = ['2026-03-02T01:00:00.000Z', '2026-03-02T01:00:00.001Z', '2026-03-02T00:59:00.000Z'];
    let now = times[0];
    const nextId = eventIds({ now: () => now });
    const ids = times.flatMap((time) => {
      now = time;
      return Array.from({ length: 2000 }, nextId);
    });
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !validate(id) || version(id) !== 7)).toEqual([]);
    expect(Number.parseInt(ids[0].slice(0, 13).replace('-', ''), 16)).toBe(Date.parse(times[0]));
  });
});
