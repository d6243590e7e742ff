import { connected, scripted } from './opened-stores';
import { sealingSuite } from './sealing.suite';

sealingSuite('a ledger in EventStoreDB', async () => {
  const server = await scripted();
  const patient = { attemptTimeoutMs: 5000 };
  return [await connected(server, patient), await connected(server, patient)];
});
