import { readConfig } from '../../src/config';
import { ensureCity } from '../../src/demonstration/demonstration';
import { announceDraw, DEMO_DRAW } from '../../src/demonstration/draws';
import { parseDrawNotice } from '../../src/verification/draw-notice';
import { parsePolicy } from '../../src/verification/policy';
import { verifyDraw } from '../../src/verification/verify-draw';
import { Running } from '../end-to-end/running';
import { until } from '../until';

test('the running city draws at random, once, and anybody can repeat it', async () => {
  const server = new Running({ seal: true });
  const config = { ...readConfig({}), dataDirectory: server.directory, logLevel: 'silent', ...server.stores };
  const { today } = await ensureCity(config, { today: '2026-11-20', cases: 1 });
  server.now = '2026-11-20T04:00:00.000Z';
  await server.start();
  try {
    await announceDraw(server.mingjing.commands, today);
    const notice = await until(async () => {
      const { status, text } = await server.request('GET', `/api/draws/${DEMO_DRAW}`);
      const shown = status === 200 ? parseDrawNotice(text) : undefined;
      return shown?.held && shown;
    });
    expect(notice.quotas.map((q) => [q.listed, q.draw])).toEqual([
      [30, 2],
      [12, 2],
      [6, 2],
    ]);
    const { text: policy } = await server.request('GET', '/log/policy');
    const { steps, warnings } = await verifyDraw(notice, await parsePolicy(policy));
    expect(steps).toHaveLength(6);
    expect(warnings.map((w) => w.warning)).toEqual(['no_witness']);
    const head = await server.mingjing.store.head();
    await announceDraw(server.mingjing.commands, today);
    expect(await server.mingjing.store.head()).toBe(head);
  } finally {
    await server.stop();
    server.erase();
  }
});
