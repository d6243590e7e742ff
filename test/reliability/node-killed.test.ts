import { faults } from './faults';
import { runFault } from './run-fault';

/** The short form of `npm run test:faults`, which kills more, in larger installations, and counts. */
it('a node killed while clients write: all that was acknowledged is there once, in rows and log too', async () => {
  const fault = faults.find(({ composition, name }) => composition === 'embedded' && name === 'node-killed')!;
  const { figures, problems } = await runFault(fault, { commands: 200, clients: 16 });
  expect(problems).toEqual([]);
  expect(figures!.acknowledged).toBeGreaterThanOrEqual(200);
  expect(figures!.repeated).toBeGreaterThan(0);
});
