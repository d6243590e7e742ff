import { sampleEvents } from '../contract/sample-events';
import { connected, everything, PREFIX, scripted, until } from './opened-stores';

const order = `${PREFIX}$order`;

it('a connection for reading gives every event, appends none, and leaves the records of the order to others', async () => {
  const server = await scripted();
  const writer = await connected(server, { attemptTimeoutMs: 5000 });
  await writer.append('case-1', 'no_stream', sampleEvents(1000));
  await until(async () => (await writer.head()) === 1000);
  await writer.close(); // before there is a record
  const reader = await connected(server, { readOnly: true, attemptTimeoutMs: 5000 });
  const refused = reader.append('case-2', 'no_stream', sampleEvents(1));
  await expect(refused).rejects.toMatchObject({ code: 'ledger.not_writable' });

  const other = await connected(server, { attemptTimeoutMs: 5000 });
  await other.append('case-2', 'no_stream', sampleEvents(100));
  await until(() => server.log.stream(order).length === 1);
  await other.close();
  const late = await connected(server, { readOnly: true, attemptTimeoutMs: 5000 });
  for (const each of [reader, late]) {
    await until(async () => (await each.head()) === 1100);
    expect((await everything(each)).map(({ position }) => position)).toEqual([...Array(1100).keys()].map((i) => i + 1));
  }
});

it('alone with a ledger whose order nobody has recorded, it records nothing', async () => {
  const server = await scripted();
  const bytes = (value: object): Buffer => Buffer.from(JSON.stringify(value));
  const written = sampleEvents(1100).map(({ id, type, data, metadata }) => ({
    ...{ id, type, contentType: 'application/json', data: bytes(data) },
    metadata: bytes({ ...metadata, $schemaVersion: 1, $after: 0 }),
  }));
  server.log.write(`${PREFIX}case-1`, written);
  const reader = await connected(server, { readOnly: true, attemptTimeoutMs: 5000 });
  expect(await everything(reader)).toHaveLength(1100);
  expect(await reader.readStream('case-1', { direction: 'backwards', limit: 1 })).toMatchObject([{ position: 1100 }]);
  expect(server.log.stream(order)).toEqual([]);
});
