import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MAX_PAGE_EVENTS } from '../../src/ledger/event-store';
import * as Body from '../../src/registry/body-commands';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { parseNote } from '../../src/verification/note';
import { Nodes } from './nodes';
import { personalCity, PLANTED } from '../projections/personal-city';
import { Running } from './running';
import { tellerOn } from './telling';
import { until } from '../until';

const NAMES = ['甲节点', '乙节点'];
const cluster = new Nodes();
const nodes = cluster.running;

const body = (name: string): object => ({
  ...{ name, kind: 'statutory', region: '明镜市', uscc: '11230500001755309F', legalRepresentative: '冯十' },
  ...{ legalBasis: ['行政处罚法 17'], officeAddress: '明镜市示例路 1 号', supervisionPhone: '12345' },
  supervisionEmail: 'supervision@mingjing.example',
});

/** A body that is registered, reviewed and announced through one node. */
async function register(node: Running, id: string, name = `${id}执法局`): Promise<number> {
  await node.give('registrar', 'bodies', id, Body.RegisterBody, body(name));
  await node.give('registrar', 'bodies', id, Body.ReviewBody, { qualified: true });
  await node.give('registrar', 'bodies', id, Body.FileBodyForRecord, { filedWith: '明镜市司法局', reference: id });
  return node.give('registrar', 'bodies', id, Body.AnnounceBody, { medium: '明镜市人民政府网站' });
}

beforeAll(async () => {
  await cluster.start(...NAMES);
  await nodes[0].account('registrar', { roles: ['registrar', 'admin', 'investigator'] });
});
afterAll(() => cluster.stop());

it('takes commands on any node and shows them on any other, by position; accounts are the same', async () => {
  for (const [n, [writer, reader]] of [nodes, [...nodes].reverse()].entries()) {
    const position = await register(writer, `body-${n}`);
    const { status, json } = await reader.request('GET', `/api/bodies/body-${n}?position=${position}`, {
      as: 'registrar',
    });
    expect([status, json.name]).toEqual([200, `body-${n}执法局`]);
  }
});

it('lets one of two nodes win that act on the same record at the same time, and answers a repetition on either', async () => {
  const path = '/api/bodies/raced/register-body';
  const send = (node: Running, key: string) =>
    node.request('POST', path, { as: 'registrar', body: body('同时登记'), headers: { 'idempotency-key': key } });
  const answers = await Promise.all(nodes.map((node, n) => send(node, `key-of-${n}`)));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses[0]).toBe(201);
  expect(statuses[1]).not.toBe(201);
  const won = answers.findIndex(({ status }) => status === 201);
  for (const node of nodes) {
    const again = await send(node, `key-of-${won}`);
    expect(again.json).toMatchObject({ position: answers[won].json.position, repeated: true });
  }
});

it('tells which node leads; only that one has work of its own', async () => {
  const told = (leader: Running): unknown =>
    nodes.map((node) => [node === leader, NAMES[nodes.indexOf(leader)], 200, node === leader]);
  await until(async () => {
    const leader = await cluster.leader(); // another one, after a moment in which this machine stood still
    const said: unknown[] = [];
    for (const node of nodes) {
      const { json } = await node.request('GET', '/api/operations/lease', { as: 'registrar' });
      const ready = await node.request('GET', '/readyz');
      said.push([json.leads, json.node, ready.status, ready.json.leads]);
    }
    return isDeepStrictEqual(said, told(leader));
  }, 'both say of the one that leads that it does');
});

it('serves the same log and proofs from every node', async () => {
  const position = await register(nodes[0], 'sealed-body');
  const notes: string[] = [];
  for (const node of nodes) {
    const proof = await node.request('GET', `/api/events/${position}/proof`, { as: 'registrar' });
    expect(proof.status).toBe(200);
    const { text } = await node.request('GET', '/log/checkpoint');
    expect(parseCheckpoint(parseNote(text).text).size).toBeGreaterThanOrEqual(position);
    notes.push((await node.request('GET', '/log/vkey')).text);
    expect((await node.request('GET', '/log/')).status).toBe(200);
  }
  expect(notes[0]).toBe(notes[1]);
});

it('goes on when the node that leads is closed, and when it comes back', async () => {
  const leader = await cluster.leader();
  const other = nodes.find((node) => node !== leader)!;
  const { epoch } = leader.mingjing.lease!.fence!;
  await leader.stop();
  nodes.splice(nodes.indexOf(leader), 1);
  try {
    const position = await register(other, 'after-takeover'); // recorded at once, shown when the next node leads
    expect((await other.read(`/api/bodies/after-takeover?position=${position}`, 'registrar')).name).toBe(
      'after-takeover执法局',
    );
    expect((await cluster.leader()).mingjing.lease!.fence!.epoch).toBeGreaterThan(epoch);
    expect((await other.request('GET', `/api/events/${position}/proof`, { as: 'registrar' })).status).toBe(200);
  } finally {
    await leader.start();
    nodes.push(leader);
  }
  const later = await register(leader, 'after-return');
  expect((await other.read(`/api/bodies/after-return?position=${later}`, 'registrar')).name).toBe('after-return执法局');
});

it('keeps one order: every position once, on both nodes the same', async () => {
  for (const { mingjing } of nodes) await mingjing.stored.present(); // what the other appended last may not have arrived
  const [first, second] = await Promise.all(
    nodes.map(({ mingjing }) => mingjing.stored.readAll({ direction: 'forwards', from: 1, limit: MAX_PAGE_EVENTS })),
  );
  const length = Math.min(first.length, second.length);
  expect(first.slice(0, length)).toEqual(second.slice(0, length));
  expect(first.map(({ position }) => position)).toEqual(first.map((_, n) => n + 1));
});

it('erases a subject on every node, whichever decides, and what other nodes have folded', async () => {
  const [here, there] = nodes;
  await here.account('privacy', { roles: ['privacy', 'supervisor'] });
  await personalCity(tellerOn(here));
  there.now = here.now;
  const seen = async (node: Running): Promise<string> =>
    JSON.stringify([
      await node.read('/api/complaints/c1', 'privacy'),
      await node.read('/api/cases/historical-h1/events', 'privacy'),
    ]);
  const planted = [...PLANTED['complainant:complainant-c1'], ...PLANTED['party:p-h']];
  for (const node of nodes) expect(await seen(node)).toContain(PLANTED['complainant:complainant-c1'][0]);
  const grounds = { 'complainant.complainant-c1': 'consent_withdrawn', 'party.p-h': 'purpose_achieved' };
  for (const [address, ground] of Object.entries(grounds)) {
    const path = `/api/subjects/${address}/erase-personal-data`;
    const { status, json } = await there.request('POST', path, { as: 'privacy', body: { ground } });
    expect(status).toBe(201);
    const erasure = `/api/erasures/${address}?position=${json.position as number}`;
    await until(async () => (await here.request('GET', erasure, { as: 'privacy' })).json.destroyedAt);
  }
  for (const node of nodes) {
    await until(async () => {
      const text = await seen(node); // the node that did not destroy the key hears of it
      return !planted.some((each) => text.includes(each));
    }, 'nothing of it is shown');
    await expect(node.mingjing.vault.keysForWriting(['party:p-h'])).rejects.toMatchObject({
      code: 'privacy.subject_erased',
    });
  }
});

it('goes on answering while the event store is away, refuses acts until it is back, and says so', async () => {
  const { process: store } = cluster.events;
  if (!store) return; // a real server is not ours to stop
  const position = await register(nodes[0], 'before-outage');
  await nodes[1].read(`/api/bodies/before-outage?position=${position}`, 'registrar');
  const send = () =>
    nodes[1].request('POST', '/api/bodies/in-outage/register-body', {
      ...{ as: 'registrar', body: body('停机'), headers: { 'idempotency-key': 'in-outage' } },
    });
  await store.stopServing();
  try {
    const refused = await send();
    expect([refused.status, refused.json.code]).toEqual([503, 'ledger.store_unavailable']);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    for (const node of nodes) {
      expect((await node.request('GET', '/api/bodies/before-outage')).status).toBe(200);
      const ready = await until(async () => {
        const told = await node.request('GET', '/readyz');
        return told.json.ledger === 'away' && told;
      });
      expect(ready.status).toBe(200);
    }
  } finally {
    await store.serve();
  }
  const again = await until(async () => {
    const answer = await send();
    return answer.status !== 503 && answer;
  });
  expect(again.status).toBe(201);
});

it('does not start a node with other keys than the ledger’s', async () => {
  const stranger = new Running({ seal: true, settings: cluster.stores });
  cluster.erased.push(stranger);
  await expect(stranger.start()).rejects.toMatchObject({ code: 'privacy.vault_key_missing' });
  copyFileSync(join(nodes[0].directory, 'vault.key'), join(stranger.directory, 'vault.key'));
  await expect(stranger.start()).rejects.toMatchObject({ code: 'log.key_missing' });
});
