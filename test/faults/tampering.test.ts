import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { FindingCode } from '../../src/ledger/auditing/findings';
import { formatProofFile, parseProofFile, type ProofFile } from '../../src/verification/proof-file';
import { decodeDisclosed, encodeDisclosed, encodeDisclosure, type Disclosed } from '../../src/verification/disclosure';
import { parsePolicy } from '../../src/verification/policy';
import { verifyProof } from '../../src/verification/verify-proof';
import { SealedLedger } from '../transparency/sealed-ledger';
import {
  changeByte,
  changeEvent,
  exchangeEvents,
  insertEvent,
  publish,
  removeEvent,
  signAllAnew,
  signedBy,
} from './tampering-hand';

/** 700 events under witnessed checkpoints of 100, 300, 520 and 700; `yesterday` is how it was at 520. */
let honest: SealedLedger;
let yesterday: SealedLedger;
let tampered: SealedLedger;
beforeAll(async () => {
  honest = await SealedLedger.make();
  for (const count of [100, 200, 220]) {
    await honest.record(count);
    await honest.seal();
    honest.keepCheckpoint();
  }
  yesterday = honest.copy();
  await honest.record(180);
  await honest.seal();
  honest.keepCheckpoint();
  await honest.keepProof(345);
  await honest.monitor();
});
afterAll(async () => {
  await yesterday.erase();
  await honest.erase();
});
beforeEach(() => (tampered = honest.copy()));
afterEach(() => tampered.erase());

interface Tampering {
  readonly what: string;
  readonly by: (ledger: SealedLedger) => void | Promise<void>;
  /** What the auditor has at hand, in `outside/`; nothing unless it says so. */
  readonly checkpoint?: readonly string[];
  readonly against?: string;
  /** The findings, without `check.`, and what each names. */
  readonly finds: ReadonlyArray<readonly [FindingCode, object?]>;
  /** The first event that differs. */
  readonly first?: number;
  /** What the server says when it is started again: a code, or that it goes on. */
  readonly restart: string | 'goes on';
}

const position = (first: number, through?: number): object => ({
  position: first,
  ...(through !== undefined && { through }),
});

/** Somebody with all rights on the machine and knowledge of the format, who makes every checksum fit again. */
const IN_THE_DATABASE: readonly Tampering[] = [
  {
    what: 'one character of what an event says',
    by: (ledger) => changeEvent(ledger, 345, ({ data }) => (data.cause = '未按规定明码标伪')),
    finds: [['event_changed', position(345)]],
    first: 345,
    restart: 'goes on', // a start derives the last tile of events alone
  },
  {
    what: 'the same in the newest tile',
    by: (ledger) => changeEvent(ledger, 699, ({ data }) => (data.amountFen = 1)),
    finds: [['event_changed', position(699)]],
    first: 699,
    restart: 'log.forked',
  },
  {
    what: 'when an act is said to have happened',
    by: (ledger) => changeEvent(ledger, 17, ({ metadata }) => (metadata.occurredAt = '2026-03-01T01:02:03.004Z')),
    finds: [['event_changed', position(17)]],
    first: 17,
    restart: 'goes on',
  },
  {
    what: 'when it is said to have been recorded',
    by: (ledger) =>
      changeEvent(ledger, 400, ({ metadata }) => (metadata.recordedAt = metadata.recordedAt.replace(/\d\dZ$/, '00Z'))),
    finds: [['event_changed', position(400)]],
    first: 400,
    restart: 'goes on',
  },
  {
    what: 'who did it',
    by: (ledger) => changeEvent(ledger, 256, ({ metadata }) => (metadata.actor.account = 'a-18')),
    finds: [['event_changed', position(256)]],
    first: 256,
    restart: 'goes on',
  },
  {
    what: 'the ciphertext of a personal field',
    by: (ledger) =>
      changeEvent(ledger, 30, ({ data }) => {
        const facts = data.facts as { $sealed: string };
        facts.$sealed = `${facts.$sealed.slice(0, 20)}${facts.$sealed[20] === 'A' ? 'B' : 'A'}${facts.$sealed.slice(21)}`;
      }),
    finds: [
      ['event_changed', position(30)],
      ['personal_unreadable', { ...position(30), fields: ['data.facts'] }],
    ],
    first: 30,
    restart: 'goes on',
  },
  {
    what: 'an event replaced by something that is none',
    by: (ledger) =>
      ledger.edit((db) => {
        const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
        const body = "UPDATE event SET body = json_remove(body, '$.metadata') WHERE position = 40";
        db.exec(body);
        const other = db.prepare('SELECT body FROM event WHERE position = 41').pluck().get() as string;
        db.prepare('UPDATE event SET body = ? WHERE position = 41').run(other.replace('"n":40', `"n":${nested}`));
      }),
    finds: [
      ['ledger_damaged', position(40)],
      ['ledger_damaged', position(41)],
    ],
    first: 40,
    restart: 'goes on',
  },
  {
    what: 'two events exchanged',
    by: (ledger) => exchangeEvents(ledger, 201, 202),
    finds: [['events_exchanged', position(201, 202)]],
    first: 201,
    restart: 'goes on',
  },
  {
    what: 'two events far from each other exchanged',
    by: (ledger) => exchangeEvents(ledger, 20, 605),
    finds: [['events_exchanged', position(20, 605)]],
    first: 20,
    restart: 'log.forked',
  },
  {
    what: 'an event in the middle removed, the rest moved up',
    by: (ledger) => removeEvent(ledger, 333),
    finds: [['events_removed', position(333, 333)]],
    first: 333,
    restart: 'log.behind_signed',
  },
  {
    what: 'two events in the middle removed',
    by: (ledger) => [334, 333].forEach((at) => removeEvent(ledger, at)),
    finds: [['events_removed', position(333, 334)]],
    first: 333,
    restart: 'log.behind_signed',
  },
  {
    what: 'a hundred events in the middle removed',
    by: (ledger) => removeEvent(ledger, 333, 100),
    finds: [['events_removed', position(333, 432)]],
    first: 333,
    restart: 'log.behind_signed',
  },
  {
    what: 'the newest event removed',
    by: (ledger) => removeEvent(ledger, 700),
    finds: [['events_missing', { ...position(700, 700), source: expect.any(String) as string }]],
    first: 700,
    restart: 'log.behind_signed',
  },
  {
    what: 'an event inserted in the middle, the rest moved down',
    by: (ledger) => insertEvent(ledger, 150),
    finds: [['events_inserted', position(150, 150)], ['unsealed']],
    first: 150,
    restart: 'log.forked',
  },
  {
    what: 'several events, each in another way',
    by: (ledger) => {
      changeEvent(ledger, 50, ({ data }) => (data.amountFen = 0));
      exchangeEvents(ledger, 101, 103);
      removeEvent(ledger, 480);
    },
    finds: [
      ['event_changed', position(50)],
      ['events_exchanged', position(101, 103)],
      ['events_removed', position(480, 480)],
    ],
    first: 50,
    restart: 'log.behind_signed',
  },
];

const IN_THE_LOG: readonly Tampering[] = [
  {
    what: 'a byte of a tile of leaves',
    by: (ledger) => changeByte(ledger, 'log/tile/0/001', 32 * 44 + 3),
    finds: [['file_changed', { path: 'tile/0/001', position: 301 }]],
    restart: 'goes on',
  },
  {
    what: 'a byte of the last tile of leaves',
    by: (ledger) => changeByte(ledger, 'log/tile/0/002.p/188', 32 * 187),
    finds: [['file_changed', { path: 'tile/0/002.p/188', position: 700 }]],
    restart: 'log.corrupt',
  },
  {
    what: 'a byte of a tile above the leaves',
    by: (ledger) => changeByte(ledger, 'log/tile/1/000.p/2', 5),
    finds: [['file_changed', { path: 'tile/1/000.p/2' }]],
    restart: 'log.forked',
  },
  {
    what: 'a byte of a bundle of entries',
    by: (ledger) => changeByte(ledger, 'log/tile/entries/000', 34 * 9 + 20),
    finds: [['file_changed', { path: 'tile/entries/000', position: 10 }]],
    restart: 'goes on',
  },
  {
    what: 'a bundle and its tile, so that they fit each other',
    by: (ledger) => {
      for (const path of ['log/tile/0/000', 'log/tile/entries/000']) {
        cpSync(yesterdaysOther(path), ledger.file(path));
      }
    },
    finds: [
      ['file_changed', { path: 'tile/0/000', position: 1 }],
      ['file_changed', { path: 'tile/entries/000', position: 1 }],
    ],
    restart: 'goes on',
  },
  {
    what: 'a checkpoint put into that list, larger than any',
    by: (ledger) =>
      ledger.editPublished(700, readFileSync(ledger.outside('700.checkpoint'), 'utf8').replace('\n700\n', '\n900\n')),
    finds: [['file_changed', { path: expect.stringMatching(/^published.db #/) as string }]],
    restart: 'goes on',
  },
  {
    what: 'an event, and all tiles made to fit it, by somebody without the key',
    by: async (ledger) => {
      const elsewhere = ledger.copy(); // where it has a key of its own
      changeEvent(elsewhere, 345, ({ data }) => (data.cause = '情节轻微'));
      await signAllAnew(elsewhere);
      for (const name of ['ledger.db', 'log/tile']) {
        rmSync(ledger.file(name), { recursive: true });
        cpSync(elsewhere.file(name), ledger.file(name), { recursive: true });
      }
      await elsewhere.erase();
    },
    finds: [
      ['root_contradicted', { ...position(301, 700), source: 'log/signed' }],
      ['root_contradicted', { ...position(301, 700), source: 'log/checkpoint' }],
      ['root_contradicted', { ...position(301, 700), source: 'vault.db' }],
      ['root_contradicted', { ...position(301, 520), source: expect.stringMatching(/^log\/published.db #/) as string }],
    ],
    first: 301, // no closer from within: the checkpoints of 300 and of 520 events say so much
    restart: 'log.forked',
  },
  {
    what: 'a checkpoint in the log’s own list of those it has published',
    by: (ledger) =>
      ledger.editPublished(300, readFileSync(ledger.outside('100.checkpoint'), 'utf8').replace('\n100\n', '\n300\n')),
    finds: [['file_changed', { path: expect.stringMatching(/^published.db #/) as string }]],
    restart: 'goes on',
  },
  {
    what: 'a tile removed',
    by: (ledger) => rmSync(ledger.file('log/tile/0/000')),
    finds: [['file_missing', { path: 'tile/0/000' }]],
    restart: 'goes on',
  },
  {
    what: 'the newest checkpoint signed by another key',
    by: async (ledger) => publish(ledger, await signedBy('another key', 'its root', ledger)),
    finds: [
      ['checkpoint_key_unknown', { source: 'log/signed' }],
      ['checkpoint_key_unknown', { source: 'log/checkpoint' }],
      ['quorum_not_met'],
    ],
    restart: 'log.key_unknown',
  },
  {
    what: 'the newest checkpoint with the right size and another root, signed by the log itself',
    by: async (ledger) => publish(ledger, await signedBy('own key', 'another root', ledger)),
    finds: [
      ['root_contradicted', { source: 'log/signed', size: 700 }],
      ['root_contradicted', { source: 'log/checkpoint', size: 700 }],
      ['quorum_not_met'],
    ],
    first: 521, // the ledger is as it was: here the log lies, and what it signed before still fits
    restart: 'log.forked',
  },
  {
    what: 'a byte of the newest checkpoint',
    by: (ledger) => ledger.editFile('log/signed', (bytes) => bytes.toString().replace('\n700\n', '\n699\n')),
    finds: [['checkpoint_forged', { source: 'log/signed' }]],
    restart: 'proof.signature_invalid',
  },
  {
    what: 'a signed size beyond all bounds, so that a check would never end',
    by: (ledger) => {
      for (const name of ['log/signed', 'log/checkpoint']) {
        ledger.editFile(name, (bytes) => bytes.toString().replace('\n700\n', '\n9007199254740991\n'));
      }
      ledger.editVault((db) => db.exec('DELETE FROM sealed_mark'));
    },
    finds: [
      ['checkpoint_forged', { source: 'log/signed' }],
      ['checkpoint_forged', { source: 'log/checkpoint' }],
      ['cosignature_forged'],
      ['file_missing'],
      ['quorum_not_met'],
    ],
    restart: 'proof.signature_invalid',
  },
  {
    what: 'the whole log removed',
    by: (ledger) => rmSync(ledger.file('log'), { recursive: true }),
    finds: [['signed_missing']],
    restart: 'log.signed_lost',
  },
];

/** A tile, and its bundle, of another ledger. */
const yesterdaysOther = (path: string): string => other.file(path);
let other: SealedLedger;
beforeAll(async () => {
  other = await SealedLedger.make({ witnessed: false });
  await other.record(256);
  await other.seal();
});
afterAll(() => other.erase());

const BACKWARDS: readonly Tampering[] = [
  {
    what: 'the database of yesterday in the place of today’s',
    by: (ledger) => {
      cpSync(yesterday.file('ledger.db'), ledger.file('ledger.db'));
      cpSync(yesterday.file('ledger.head'), ledger.file('ledger.head'));
    },
    finds: [['events_missing', position(521, 700)]],
    first: 521,
    restart: 'log.behind_signed',
  },
  {
    what: 'database and log of yesterday, beside today’s vault',
    by: (ledger) => {
      for (const name of ['ledger.db', 'ledger.head']) cpSync(yesterday.file(name), ledger.file(name));
      rmSync(ledger.file('log'), { recursive: true });
      cpSync(yesterday.file('log'), ledger.file('log'), { recursive: true });
    },
    finds: [
      ['events_missing', position(521, 700)],
      ['log_set_back', { source: 'vault.db', size: 700 }],
    ],
    first: 521,
    restart: 'log.behind_signed',
  },
  {
    what: 'everything of yesterday: shown by a checkpoint that somebody has kept, and refused by the witness',
    by: (ledger) => {
      rmSync(ledger.directory, { recursive: true });
      cpSync(yesterday.directory, ledger.directory, { recursive: true });
    },
    checkpoint: ['700.checkpoint'],
    finds: [
      ['events_missing', { ...position(521, 700), source: '700.checkpoint' }],
      ['log_set_back', { source: '700.checkpoint', size: 700, count: 520 }],
    ],
    first: 521,
    restart: 'log.witness_conflict',
  },
];

/** The holder of the key changes event 345 and signs everything anew: from within it cannot be seen. */
const rewrite = async (ledger: SealedLedger): Promise<void> => {
  changeEvent(ledger, 345, ({ data }) => (data.cause = '情节轻微'));
  await signAllAnew(ledger);
};

const BY_THE_OPERATOR: readonly Tampering[] = [
  {
    what: 'ledger and log rewritten with the key; nobody has kept anything',
    by: rewrite,
    finds: [['nothing_outside'], ['quorum_not_met']],
    restart: 'log.witness_conflict',
  },
  {
    what: 'the same; somebody has kept checkpoints',
    by: rewrite,
    checkpoint: ['100.checkpoint', '300.checkpoint', '520.checkpoint'],
    finds: [['root_contradicted', { ...position(301, 520), source: '520.checkpoint', size: 520 }], ['quorum_not_met']],
    first: 301,
    restart: 'log.witness_conflict',
  },
  {
    what: 'the same; somebody has kept the proof of that event',
    by: rewrite,
    checkpoint: ['event-345.tlog-proof'],
    finds: [
      ['proof_contradicted', { ...position(345), source: 'event-345.tlog-proof', fields: ['data.cause'] }],
      ['root_contradicted', { ...position(1, 700), source: 'event-345.tlog-proof' }],
      ['quorum_not_met'],
    ],
    first: 345,
    restart: 'log.witness_conflict',
  },
  {
    what: 'the same; somebody has mirrored the log',
    by: rewrite,
    against: 'monitor',
    finds: [['mirror_contradicted', position(345)], ['event_changed', position(345)], ['quorum_not_met']],
    first: 345,
    restart: 'log.witness_conflict',
  },
  {
    what: 'an event removed, and ledger and log rewritten; somebody has mirrored the log',
    by: async (ledger) => {
      removeEvent(ledger, 345);
      await ledger.record(1);
      await signAllAnew(ledger);
    },
    against: 'monitor',
    finds: [['mirror_contradicted', position(345)], ['events_removed', position(345, 345)], ['quorum_not_met']],
    first: 345,
    restart: 'log.witness_conflict',
  },
  {
    what: 'a second root for the same size, signed by the log and shown to one reader alone',
    by: async (ledger) =>
      writeFileSync(ledger.outside('shown.checkpoint'), await signedBy('own key', 'another root', ledger)),
    checkpoint: ['shown.checkpoint', '700.checkpoint'],
    finds: [['root_contradicted', { source: 'shown.checkpoint', size: 700 }]],
    first: 1,
    restart: 'goes on',
  },
];

describe.each([
  ['the database', IN_THE_DATABASE],
  ['the log’s files', IN_THE_LOG],
  ['time', BACKWARDS],
  ['the key', BY_THE_OPERATOR],
])('tampering with %s', (_, tamperings) => {
  it.each(tamperings.map((each) => [each.what, each] as const))('%s', async (_what, tampering) => {
    const { by, checkpoint, against, finds, first, restart } = tampering;
    await by(tampered);
    // what a machine takes to get here is no time that anybody has tampered with
    const report = await tampered.check({ checkpoint, against, toleranceMs: 3_600_000 });
    const found = report.findings.filter(({ code }) => checkpoint || against || code !== 'check.nothing_outside');
    const wanted = finds.filter(([code]) => checkpoint || against || code !== 'nothing_outside');
    expect(found.map(({ code }) => code.slice('check.'.length)).sort()).toEqual(wanted.map(([code]) => code).sort());
    for (const [code, facts] of wanted) {
      expect(found).toContainEqual(expect.objectContaining({ code: `check.${code}`, ...facts }));
    }
    expect(report.firstDifferentEvent?.position).toBe(first);
    expect(await restarted(tampered)).toBe(restart);
  });
});

/** What a start of the server comes to. */
async function restarted(ledger: SealedLedger): Promise<string> {
  try {
    await ledger.seal();
    return 'goes on';
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name;
  }
}

describe('a rewritten log, seen by a monitor that followed the old one', () => {
  it('is named as a fork, with the first event that differs', async () => {
    await rewrite(tampered);
    const look = await tampered.monitor();
    expect(look.findings).toContainEqual(
      expect.objectContaining({ code: 'monitor.fork', firstDifferentPosition: 345 }),
    );
  });
});

/** The proof of event 345, opened, and put together again after somebody has changed it. */
async function verifyChanged(change: (file: ProofFile, disclosed: Disclosed) => Partial<ProofFile>): Promise<unknown> {
  const file = parseProofFile(readFileSync(tampered.outside('event-345.tlog-proof'), 'utf8'));
  const changed = formatProofFile({ ...file, ...change(file, decodeDisclosed(file.extra!)) });
  writeFileSync(tampered.outside('changed.tlog-proof'), changed);
  return verifyProof(changed, await parsePolicy(tampered.policy));
}

describe('tampering with a proof', () => {
  const withDisclosures = (disclosed: Disclosed, disclosures: readonly string[]): Partial<ProofFile> => ({
    extra: encodeDisclosed({ ...disclosed, disclosures }),
  });
  const invented = (path: string, value: unknown): string => encodeDisclosure({ salt: 'A'.repeat(22), path, value });

  it.each<[string, (file: ProofFile, disclosed: Disclosed) => Partial<ProofFile>, object]>([
    [
      'another value for a disclosed field',
      (_, disclosed) => withDisclosures(disclosed, [...disclosed.disclosures.slice(1), invented('data.cause', '无')]),
      { code: 'proof.disclosure_forged', detail: expect.objectContaining({ field: 'data.cause' }) as object },
    ],
    [
      'a field that the event never had',
      (_, disclosed) => withDisclosures(disclosed, [...disclosed.disclosures, invented('data.excuse', '已整改')]),
      { code: 'proof.disclosure_forged', detail: expect.objectContaining({ field: 'data.excuse' }) as object },
    ],
    [
      'a digest taken away',
      (_, disclosed) => ({ extra: encodeDisclosed({ ...disclosed, _sd: disclosed._sd.slice(1), disclosures: [] }) }),
      { code: 'proof.inclusion_failed' },
    ],
    ['the place of another event', ({ index }) => ({ index: index + 1 }), { code: 'proof.position_mismatch' }],
    [
      'the place of another event, without saying which one it is of',
      ({ index }, disclosed) => ({ index: index + 1, ...withDisclosures(disclosed, []) }),
      { code: 'proof.inclusion_failed' },
    ],
  ])('%s', async (_what, change, failure) => {
    await expect(verifyChanged(change)).rejects.toMatchObject(failure);
    const report = await tampered.check({ checkpoint: ['changed.tlog-proof'] });
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: 'check.checkpoint_unconfirmed', severity: 'failure' }),
    );
  });
});
