import { trustedLogs } from '../../src/witness/trusted-logs';
import { startWitness } from '../../src/witness/witness-server';
import { WitnessStore } from '../../src/witness/witness-store';

/**
 * The witness that the test kills: `<directory> <log's vkey> <size> <when>`. It dies by SIGKILL when it is to cosign this size,
 * `before` or `after` it has stored it; it prints its address, or why it has none.
 */
const [directory, vkey, size, when] = process.argv.slice(2);

const { advance } = WitnessStore.prototype;
WitnessStore.prototype.advance = function (this: WitnessStore, origin, old, next, now) {
  const dies = next.size === Number(size);
  if (dies && when === 'before') process.kill(process.pid, 'SIGKILL');
  const advanced = advance.call(this, origin, old, next, now);
  if (dies) process.kill(process.pid, 'SIGKILL');
  return advanced;
};

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const address = { host: '127.0.0.1', port: 0, name: 'witness.example.edu.cn/mingjing' };
trustedLogs([vkey])
  .then((logs) => startWitness({ ...address, directory, logs, logger }))
  .then(
    ({ url }) => console.log(url),
    (error: { code?: string }) => console.log(error.code ?? error),
  );
