import { sampleEvent } from '../contract/sample-events';
import { connected, everything } from './opened-stores';
import { ScriptedProcess } from './scripted-process';

describe('the scripted event store in a process of its own', () => {
  let server: ScriptedProcess;
  beforeEach(async () => {
    server = await ScriptedProcess.start();
  });
  afterEach(() => server.stop());

  it('is one store for all that connect, meets faults when told, and keeps its events while it is away', async () => {
    const patience = { attemptTimeoutMs: 500, silenceMs: 500, totalTimeoutMs: 20_000 };
    const nodes = await Promise.all([1, 2].map(() => connected(server, patience)));
    let appended = 0;
    const append = (node: number): Promise<unknown> =>
      nodes[node].append(`case-${++appended}`, 'no_stream', [sampleEvent(appended)]);

    await append(0);
    await server.appends('commit_then_stall');
    await server.subscriptions('end');
    await append(1);
    await server.cut();
    await append(0);
    await server.stopServing();
    const late = append(1);
    await server.serve();
    await late;
    server.freeze();
    const later = append(0);
    server.thaw();
    await later;
    await Promise.all(Array.from({ length: 200 }, (_, n) => append(n % 2)));

    await nodes[0].present(); // what the other node appended last may not have arrived here
    const all = await everything(nodes[0]);
    expect(new Set(all.map(({ stream }) => stream)).size).toBe(205);
    expect(all.map(({ position }) => position)).toEqual(all.map((_, i) => i + 1));
    expect(await server.head()).toBe(205);
  });
});
