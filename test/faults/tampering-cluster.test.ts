import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logCommand } from '../../src/cli/log.command';
import type { FindingCode } from '../../src/ledger/auditing/findings';
import { Lease } from '../../src/ledger/postgres/lease';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { formatCheckpoint, parseCheckpoint } from '../../src/verification/checkpoint';
import { parseNote } from '../../src/verification/note';
import { ORIGIN } from '../transparency/sealed-ledger';
import { CLUSTER_PREFIX, ledgerEvents, rewrite, SealedCluster, type Changeable } from '../transparency/sealed-cluster';

/** 1,300 events, more than the order records at a time, under checkpoints of 300 and 1,300. */
let cluster: SealedCluster;
let at300: string;
beforeAll(async () => {
  cluster = await SealedCluster.make();
  await cluster.record(300);
  at300 = await cluster.seal();
  await cluster.record(1000);
  await cluster.seal();
  await cluster.remember();
});
afterEach(() => cluster.putBack());
afterAll(() => cluster.erase());

/** What somebody with the files of the event store does to the ledger's events; `at` is a position. */
const toEvents =
  (change: (events: Changeable[], at: (position: number) => number) => void): (() => void) =>
  () =>
    cluster.edit((events) => {
      const places = ledgerEvents(events);
      change(events, (position) => places[position - 1]);
      return events;
    });

const query =
  (sql: string, ...parameters: (string | number | Buffer)[]): (() => Promise<unknown>) =>
  () =>
    cluster.postgres.query(sql, parameters);

interface Tampering {
  readonly what: string;
  readonly by: () => unknown;
  /** What is found; further findings are allowed where `also` says so. */
  readonly finds: ReadonlyArray<readonly [FindingCode, object?]>;
  readonly also?: readonly FindingCode[];
  readonly first?: number;
}

const RECORDED = { reason: expect.stringContaining('are not those recorded') as string };

const EVENTS: readonly Tampering[] = [
  {
    what: 'one word of what an event says is changed',
    by: toEvents((events, at) => rewrite(events[at(345)], (data) => (data.cause = '未按规定明码标伪'))),
    finds: [['event_changed', { position: 345 }]],
    first: 345,
  },
  {
    what: 'when an act happened',
    by: toEvents((events, at) =>
      rewrite(events[at(1299)], (data) => (data.occurredAt = '2026-03-01T01:02:03.004Z'), 'metadata'),
    ),
    finds: [['event_changed', { position: 1299 }]],
    first: 1299,
  },
  {
    what: 'an event is made what is none',
    by: toEvents((events, at) => (events[at(20)].data = Buffer.from('{"torn'))),
    finds: [['ledger_damaged', { position: 20 }]],
    first: 20,
  },
  {
    what: 'the ciphertext of a personal field',
    by: toEvents((events, at) =>
      rewrite(events[at(30)], (data) => {
        const facts = data.facts as { $sealed: string };
        facts.$sealed = `${facts.$sealed.slice(0, 20)}${facts.$sealed[20] === 'A' ? 'B' : 'A'}${facts.$sealed.slice(21)}`;
      }),
    ),
    finds: [
      ['event_changed', { position: 30 }],
      ['personal_unreadable', { position: 30, fields: ['data.facts'] }],
    ],
    first: 30,
  },
  {
    what: 'an event is removed',
    by: toEvents((events, at) => void events.splice(at(345), 1)),
    finds: [
      ['events_removed', { position: 345, through: 345 }],
      ['ledger_damaged', RECORDED],
    ],
    also: ['ledger_damaged', 'personal_unreadable'],
    first: 345,
  },
  {
    what: 'the newest events are removed',
    by: toEvents((events, at) => void events.splice(at(1291))),
    finds: [['events_missing', { position: 1291, through: 1300 }]],
    first: undefined,
  },
  {
    what: 'two events of one stream change places',
    by: toEvents((events, at) => {
      const [a, b] = [events[at(400)], events[at(401)]];
      const { id, data, metadata } = a;
      Object.assign(a, { id: b.id, data: b.data, metadata: b.metadata });
      Object.assign(b, { id, data, metadata });
    }),
    finds: [
      ['events_exchanged', { position: 400, through: 401 }],
      ['ledger_damaged', RECORDED],
    ],
    first: 400,
  },
  {
    what: 'an event is put in between',
    by: toEvents((events, at) => {
      const before = events[at(345)];
      const stream = `${CLUSTER_PREFIX}case-99`;
      events.splice(at(345) + 1, 0, { ...before, id: randomUUID(), stream, revision: 0, prepare: before.prepare + 1 });
    }),
    finds: [
      ['events_inserted', { position: 346, through: 346 }],
      ['ledger_damaged', RECORDED],
    ],
    also: ['personal_unreadable'],
    first: 346,
  },
  {
    what: 'an event gets the id of another',
    by: toEvents((events, at) => (events[at(1298)].id = events[at(5)].id)),
    finds: [
      ['event_changed', { position: 1298 }],
      ['ledger_damaged', { position: 1298, reason: 'its id is that of event 5' }],
    ],
    also: ['personal_unreadable'],
    first: 1298,
  },
  {
    what: 'metadata hide events, or will',
    by: () => {
      cluster.write(`$$${CLUSTER_PREFIX}case-1`, '$metadata', { $tb: 5 });
      cluster.write(`$$${CLUSTER_PREFIX}case-2`, '$metadata', { $maxCount: 10, $maxAge: 60 });
      cluster.write(`$$${CLUSTER_PREFIX}case-3`, '$metadata', { $maxCount: 10 });
      cluster.write(`$$${CLUSTER_PREFIX}case-3`, '$metadata', {});
    },
    finds: [
      ['events_hidden', { stream: 'case-1', reason: '$tb' }],
      ['events_hidden', { stream: 'case-2', reason: '$maxAge, $maxCount' }],
    ],
  },
  {
    what: 'a stream is deleted',
    by: () => cluster.write(`${CLUSTER_PREFIX}case-4`, '$streamDeleted', {}),
    finds: [['events_hidden', { stream: 'case-4', reason: 'deleted' }]],
  },
  {
    what: 'a record of the order is changed',
    by: () =>
      cluster.edit((events) => {
        rewrite(
          events.find(({ stream }) => stream.endsWith('$order'))!,
          (data) => {
            data.keys = Buffer.alloc(8 * 1024, 1).toString('base64');
          },
        );
        return events;
      }),
    finds: [['ledger_damaged', RECORDED]],
  },
];

const LOG: readonly Tampering[] = [
  {
    what: 'a byte of a tile',
    by: query(`UPDATE log_object SET bytes = set_byte(bytes, 40, get_byte(bytes, 40) # 1) WHERE path = 'tile/0/001'`),
    finds: [['file_changed', { path: 'tile/0/001', position: 258 }]],
  },
  {
    what: 'a byte of a bundle',
    by: query(
      `UPDATE log_object SET bytes = set_byte(bytes, 40, get_byte(bytes, 40) # 1) WHERE path = 'tile/entries/002'`,
    ),
    finds: [['file_changed', { path: 'tile/entries/002', position: 514 }]],
  },
  {
    what: 'a tile above',
    by: query(`UPDATE log_object SET bytes = set_byte(bytes, 7, get_byte(bytes, 7) # 1) WHERE path = 'tile/1/000.p/5'`),
    finds: [['file_changed', { path: 'tile/1/000.p/5' }]],
  },
  {
    what: 'a partial tile that is still there',
    by: query(
      `UPDATE log_object SET bytes = set_byte(bytes, 7, get_byte(bytes, 7) # 1) WHERE path = 'tile/0/001.p/44'`,
    ),
    finds: [['file_changed', { path: 'tile/0/001.p/44' }]],
  },
  {
    what: 'a tile and its bundle are removed',
    by: query(`DELETE FROM log_object WHERE path IN ('tile/0/003', 'tile/entries/003')`),
    finds: [['file_missing', { path: 'tile/0/003', count: 2 }]],
  },
  {
    what: 'everything is removed',
    by: async () => {
      for (const table of ['log_object', 'log_text', 'log_published'])
        await cluster.postgres.query(`DELETE FROM ${table}`);
    },
    finds: [['signed_missing'], ['file_missing']],
  },
  {
    what: 'the log is set back to an older checkpoint',
    by: () =>
      cluster.postgres.query(`UPDATE log_text SET content = $1 WHERE name IN ('signed', 'checkpoint')`, [at300]),
    finds: [['log_set_back', { source: 'sealed_mark', size: 1300, count: 300 }]],
  },
  {
    what: 'another has signed it',
    by: async () => {
      const file = join(mkdtempSync(join(tmpdir(), 'mingjing-stranger-')), 'log.key');
      const stranger = await LogKeys.open({ file, origin: ORIGIN });
      rmSync(join(file, '..'), { recursive: true });
      const [{ content }] = await cluster.postgres.query<{ content: string }>(
        `SELECT content FROM log_text WHERE name = 'signed'`,
      );
      const note = stranger.signedNote(parseNote(content).text);
      await cluster.postgres.query(`UPDATE log_text SET content = $1 WHERE name = 'signed'`, [note]);
    },
    finds: [['checkpoint_key_unknown', { source: 'log/signed' }]],
  },
  {
    what: 'another root is signed with the log’s own key',
    by: async () => {
      const forged = formatCheckpoint({ origin: ORIGIN, size: 1300, root: Buffer.alloc(32, 9) });
      const note = (await cluster.keys()).signedNote(forged);
      await cluster.postgres.query(`UPDATE log_text SET content = $1 WHERE name = 'signed'`, [note]);
    },
    finds: [['root_contradicted', { size: 1300, source: 'log/signed' }]],
  },
  {
    what: 'a line is put among those that were published',
    by: query(`UPDATE log_published SET note = replace(note, E'\\n300\\n', E'\\n301\\n') WHERE size = 300`),
    finds: [['file_changed', { path: expect.stringMatching(/^log_published #\d+$/) as string }]],
  },
];

it('a ledger in an event store, its log and its keys in PostgreSQL are sound as they were recorded', async () => {
  const report = await cluster.check();
  expect(report.findings.map(({ code }) => code)).toEqual(['check.nothing_outside']);
  expect(report).toMatchObject({
    sound: true,
    ledger: { events: 1300, streams: 7 },
    log: { size: 1300, published: 2 },
    firstDifferentEvent: null,
  });
  expect(report.checkpoints.map(({ holds }) => holds)).toEqual([true, true, true]); // the mark, checkpoint, signed
});

it('what somebody kept outside is held against it, and an interrupted check goes on', async () => {
  const outside = [{ name: '300.checkpoint', text: at300 }];
  expect(await cluster.check({ outside })).toMatchObject({ sound: true, findings: [] });
  const stateFile = join(cluster.directory, 'check.state');
  const signal = AbortSignal.abort();
  await expect(cluster.check({ outside, stateFile, signal })).rejects.toMatchObject({ code: 'check.interrupted' });
  const resumed = await cluster.check({ outside, stateFile, resume: true });
  expect(resumed.findings).toEqual([expect.objectContaining({ code: 'check.resumed', through: 1024 })]);
  expect(resumed.sound).toBe(true);
});

describe.each([
  ['events in the event store', EVENTS],
  ['the log in PostgreSQL', LOG],
])('%s', (_, tamperings) => {
  it.each(tamperings)('$what: it is found', async ({ by, finds, also = [], first }) => {
    await by();
    const report = await cluster.check();
    const told = report.findings.filter(({ severity }) => severity !== 'note');
    for (const [code, facts = {}] of finds) {
      expect(told).toContainEqual(expect.objectContaining({ code: `check.${code}`, ...facts }));
    }
    const expected = new Set([...finds.map(([code]) => code), ...also].map((code) => `check.${code}`));
    expect(told.filter(({ code }) => !expected.has(code))).toEqual([]);
    expect(report.sound).toBe(false);
    if (first !== undefined) expect(report.firstDifferentEvent).toMatchObject({ position: first });
  });
});

describe('mingjing log recover, where the log was lost in PostgreSQL', () => {
  const environment = process.env;
  afterEach(() => (process.env = environment));

  it('makes it anew from the newest checkpoint that was kept, unless a node leads', async () => {
    const { settings, directory, server } = cluster;
    process.env = {
      ...environment,
      MINGJING_DATA: directory,
      MINGJING_EVENTSTORE: server.connectionString,
      MINGJING_EVENTSTORE_PREFIX: CLUSTER_PREFIX,
      MINGJING_POSTGRES: settings.url,
      MINGJING_POSTGRES_SCHEMA: settings.schema,
    };
    const [{ content: newest }] = await cluster.postgres.query<{ content: string }>(
      `SELECT content FROM log_text WHERE name = 'checkpoint'`,
    );
    const file = join(directory, 'newest.checkpoint');
    writeFileSync(file, newest);
    await cluster.postgres.query('DELETE FROM log_object');
    await cluster.postgres.query('DELETE FROM log_text');
    const logger = { info: () => undefined, warn: () => undefined };
    const lease = await Lease.open({ postgres: cluster.postgres, node: 'a node', logger });
    await new Promise<void>((leads) => {
      lease.campaign(async (__, lost) => {
        leads();
        if (!lost.aborted) await new Promise((resolve) => lost.addEventListener('abort', resolve));
      });
    });
    const recovering = logCommand().parseAsync(['recover', '--checkpoint', file], { from: 'user' });
    await expect(recovering).rejects.toMatchObject({ code: 'lease.held' });
    await lease.close();
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await logCommand().parseAsync(['recover', '--checkpoint', file], { from: 'user' });
    write.mockRestore();
    expect(parseCheckpoint(parseNote(await cluster.seal()).text).size).toBe(1300);
    expect(await cluster.check()).toMatchObject({ sound: true });
    expect(readFileSync(file, 'utf8')).toBe(newest);
  });
});
