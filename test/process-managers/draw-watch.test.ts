import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { JsonLogger } from '../../src/api/logger';
import { logLocation, readConfig, type Config } from '../../src/config';
import { DrawHeld, type DrawAnnounced } from '../../src/draws/draw-events';
import { DrawWatch } from '../../src/draws/draw-watch.manager';
import { definitionOf, event, is } from '../../src/kernel/event';
import { systemClock } from '../../src/kernel/time';
import { eventIds } from '../../src/ledger/event-id';
import { openLogStorage, openPublished } from '../../src/ledger/location';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { keepingPublished } from '../../src/ledger/transparency/published-checkpoints';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { openMingjing, type Mingjing } from '../../src/server';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { formatSignatureLine, parseNote } from '../../src/verification/note';
import { notary, ORIGIN, university, type TestKey } from '../draws/signing';
import { announced, body } from '../given-when-then/draws-story';
import { storesUnderTest } from '../postgres/fresh-schema';

const nextId = eventIds();
let directory: string;
let config: Config;
let mingjing: Mingjing;

const open = async (): Promise<void> => {
  config = { ...readConfig({}), dataDirectory: directory, ...storesUnderTest(directory) };
  mingjing = await openMingjing(config, { logger: new JsonLogger('silent'), seal: false });
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mingjing-draw-watch-'));
  await open();
  await happened('body-body-1', ...body);
});
afterEach(async () => {
  await mingjing.close();
  rmSync(directory, { recursive: true });
});

async function happened(stream: string, ...acts: object[]): Promise<void> {
  for (const act of acts) {
    const [last] = await mingjing.store.readStream(stream, { direction: 'backwards', limit: 1 });
    const { name } = definitionOf(act.constructor as new () => object);
    const at = '2026-03-10T02:00:00.000Z';
    const actor = { kind: 'person', account: 'account-1', roles: ['head'] } as const;
    const told = { command: 'Told', commandId: nextId(), commandDigest: '', correlationId: 'draws' };
    const metadata = { occurredAt: at, recordedAt: at, actor, ...told };
    await mingjing.store.append(stream, last?.revision ?? 'no_stream', [
      { id: nextId(), type: name, schemaVersion: 1, data: { ...act }, metadata },
    ]);
  }
}

const announce = (id: string, changed: Partial<DrawAnnounced> = {}): Promise<void> =>
  happened(`draw-${id}`, Object.assign(event(announced.constructor as new () => DrawAnnounced, announced), changed));

/** The log is sealed and published; these witnesses cosign what is as large as `from`, the first of them anything. */
async function sealed(...witnesses: TestKey[]): Promise<number> {
  return sealedFrom(0, ...witnesses);
}

async function sealedFrom(from: number, ...witnesses: TestKey[]): Promise<number> {
  const storage = await openLogStorage(logLocation(config));
  const kept = await openPublished(logLocation(config));
  try {
    const sealer = await Sealer.open({
      store: mingjing.stored,
      storage: keepingPublished(storage, kept),
      keys: await LogKeys.open({ file: join(directory, 'log.key'), origin: ORIGIN }),
      commitmentKey: await mingjing.vault.commitmentKey(),
      clock: systemClock,
      intervalMs: 1000,
      witnesses: {
        collect: async (note) => {
          const { text } = parseNote(note);
          const some = parseCheckpoint(text).size < from ? witnesses.slice(0, 1) : witnesses;
          const cosignatures = some.map((w) => formatSignatureLine(w.signs(text)).trimEnd());
          return { cosignatures, met: true, troubles: [] };
        },
        cosignaturesOn: async (note) => note.split('\n').filter((line) => / (notary|university)\./.test(line)),
      },
    });
    return (await sealer.sealOnce())!.size;
  } finally {
    await kept.close();
    await storage.close();
  }
}

async function onlyNote(): Promise<string> {
  const published = await openPublished(logLocation(config), { readOnly: true });
  const [{ note }] = await published.covering(1, 0, 1);
  await published.close();
  return note;
}

/** Every note that was published becomes this one, as by somebody who may write there. */
async function replaceNotes(note: string): Promise<void> {
  const { postgresUrl: url, postgresSchema: schema } = config;
  if (url) {
    const postgres = await Postgres.open({ url, schema, maxConnections: 1 });
    await postgres.query('UPDATE log_published SET note = $1', [note]);
    return postgres.close();
  }
  const db = new Database(join(directory, 'log', 'published.db'));
  db.prepare('UPDATE published SET note = ?').run(note);
  db.close();
}

const look = async (): Promise<number> => mingjing.drawWatch.look(await mingjing.store.head());

/** How a draw was held; undefined while it is not. */
async function heldIn(id: string) {
  const events = await mingjing.store.readStream(`draw-${id}`, { direction: 'forwards', limit: 10 });
  const held = events.filter((e) => is(e, DrawHeld)).map((e) => e.data as unknown as DrawHeld);
  expect(held.length).toBeLessThan(2);
  return held.map((h) => ({ ...h, size: parseCheckpoint(parseNote(h.checkpoint).text).size }))[0];
}

test('a draw is held from the first published checkpoint that covers its announcement, once', async () => {
  await sealed(notary, university);
  await announce('d-1');
  expect(await look()).toBe(0);
  const size = await sealed(notary, university);
  await happened('body-body-2', ...body);
  await sealed(notary, university);
  expect(await look()).toBe(1);
  expect(await heldIn('d-1')).toMatchObject({ size, passedOver: [] });
  expect(await look()).toBe(0);
});

test('one that lacks an announced witness is passed over, and said to have been', async () => {
  await announce('d-1');
  const lacking = await sealed(notary);
  expect(await look()).toBe(0);
  await happened('body-body-2', body[0]);
  const size = await sealedFrom(lacking + 1, notary, university);
  expect(size).toBe(lacking + 1);
  expect(await look()).toBe(1);
  expect(await heldIn('d-1')).toMatchObject({ size, passedOver: [lacking] });
});

test('a witness that cosigns later what others have cosigned in public does not make it a seed', async () => {
  await announce('d-1');
  const first = await sealed(notary);
  expect(await sealed(notary, university)).toBe(first);
  expect(await look()).toBe(0);
  await happened('body-body-2', body[0]);
  const size = await sealed(notary, university);
  expect(await look()).toBe(1);
  expect(await heldIn('d-1')).toMatchObject({ size, passedOver: [first] });
});

test('after a crash between publication and draw it is the same first checkpoint, whatever came since', async () => {
  await announce('d-1');
  const size = await sealed(notary, university);
  await mingjing.close();
  await open();
  await happened('body-body-2', body[0]);
  await sealed(notary, university);
  expect(await look()).toBe(1);
  expect(await heldIn('d-1')).toMatchObject({ size, passedOver: [] });
});

test('one draw that cannot be held holds up no other', async () => {
  await announce('d-1', { logOrigin: 'other.example/log' });
  await announce('d-2', { witnesses: [] });
  await sealed();
  expect(await look()).toBe(1);
  expect([await heldIn('d-1'), (await heldIn('d-2'))?.passedOver]).toEqual([undefined, []]);
});

test('draws that wait for a witness who does not come hold up none after them, and are told of', async () => {
  const row = (at: number) => ({ id: `d-${at}`, position: 1, announcedAt: '2026-03-10T02:00:00.000Z' });
  const pages = [[row(1), row(2)], [row(3)]];
  const readModel = {
    waitFor: async () => undefined,
    list: async (_: string, __: string, { cursor = '0' }: { cursor?: string }) => ({
      rows: pages[Number(cursor)],
      ...(Number(cursor) + 1 < pages.length && { next: String(Number(cursor) + 1) }),
    }),
  } as never;
  const looked: number[] = [];
  const published = { covering: async (position: number) => (looked.push(position), []) };
  const alarms: object[] = [];
  const logger = { error: (fields: object) => void alarms.push(fields) } as never;
  let now = '2026-03-11T01:00:00.000Z';
  const watch = new DrawWatch(readModel, undefined as never, published, undefined as never, logger, { now: () => now });
  await watch.look();
  expect([looked.length, alarms]).toEqual([3, []]);
  now = '2026-03-11T03:00:00.000Z';
  await watch.look();
  await watch.look();
  expect(alarms).toEqual(['d-1', 'd-2', 'd-3'].map((draw) => expect.objectContaining({ draw }) as unknown));
});

test('nothing is drawn from a note that somebody has put among the published ones', async () => {
  await announce('d-1', { witnesses: [notary.line] });
  const size = await sealed(notary);
  const note = await onlyNote();
  const forged = note.replace(/[^=]==\n$/, (end) => (end.startsWith('A') ? 'B==\n' : 'A==\n'));
  await replaceNotes(note.replace(`\n${size}\n`, `\n${size + 1}\n`));
  expect(await look()).toBe(0);
  await replaceNotes(forged);
  expect(await look()).toBe(0);
  await replaceNotes(note);
  expect(await look()).toBe(1);
});
