import { MAX_APPEND_EVENTS } from '../../src/ledger/event-store';
import { sampleEvent, sampleEvents } from '../contract/sample-events';
import { everything, idsFrom, until } from './opened-stores';
import { closeAll, connectedTo } from './real-server';
import { freshPrefix } from './run';
import { sealingSuite } from './sealing.suite';

afterAll(closeAll);

sealingSuite('a ledger in a real EventStoreDB', async () => {
  const prefix = freshPrefix();
  return [await connectedTo(prefix), await connectedTo(prefix)];
});

describe('nodes of one ledger in a real EventStoreDB', () => {
  it('count the same while they race, over records of the order, and after a new start', async () => {
    const prefix = freshPrefix();
    const nodes = [await connectedTo(prefix), await connectedTo(prefix)];
    await nodes[0].append('case-0', 'no_stream', sampleEvents(MAX_APPEND_EVENTS - 10));
    const reading = idsFrom(nodes[1], 0, MAX_APPEND_EVENTS + 190);
    const appended = await Promise.all(
      Array.from({ length: 200 }, (_, n) => nodes[n % 2].append(`case-${n + 1}`, 'no_stream', [sampleEvent(n)])),
    );
    expect(new Set(appended.map(({ position }) => position)).size).toBe(200);
    await until(async () => (await nodes[0].head()) === MAX_APPEND_EVENTS + 190); // the other's come a moment later
    const all = await everything(nodes[0]);
    expect(await reading).toEqual(all.map(({ id }) => id));
    const later = await connectedTo(prefix);
    expect(await everything(later)).toEqual(all);
    const page = await later.readStream('case-0', { direction: 'forwards', limit: MAX_APPEND_EVENTS });
    expect(page.map(({ position }) => position)).toEqual(page.map((_, i) => i + 1));
  });

  it('recognise what one of them has recorded', async () => {
    const prefix = freshPrefix();
    const nodes = [await connectedTo(prefix), await connectedTo(prefix)];
    const events = sampleEvents(3);
    const [a, b] = await Promise.all(nodes.map((node) => node.append('case-1', 'no_stream', events)));
    expect(a.position).toBe(b.position);
    const later = await connectedTo(prefix);
    expect(await later.append('case-1', 'no_stream', events)).toEqual({ revision: 2, position: 3, repeated: true });
  });
});
