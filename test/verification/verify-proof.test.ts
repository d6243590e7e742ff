import fc from 'fast-check';
import type { Failure } from '../../src/kernel/errors';
import { toBase64 } from '../../src/verification/bytes';
import { entryOf } from '../../src/verification/disclosure';
import { parsePolicy, type Policy } from '../../src/verification/policy';
import { formatProofFile, parseProofFile } from '../../src/verification/proof-file';
import { formatVerifierKey } from '../../src/verification/verifier-key';
import { openProof, verifyCheckpoint, verifyProof } from '../../src/verification/verify-proof';
import { naiveRoot } from './naive-tree';
import {
  checkpointOf,
  COSIGNED,
  digestsOf,
  disclosuresOf,
  edited,
  extraLine,
  FIELDS,
  INDEX,
  ORIGIN,
  proofOf,
  PUBLIC,
  sampleProof,
  SIZE,
  type Pieces,
  type Sample,
} from './sample-proof';
import { signerOf, witnessOf } from './signing';

let sample: Sample;
let policy: Policy;
beforeAll(async () => {
  sample = await sampleProof();
  policy = await parsePolicy(sample.policy);
});

/** A proof of other pieces than the sample's, every signature anew. */
const altered = (pieces: Partial<Pieces>): string => proofOf({ ...sample.pieces, ...pieces });
/** The same record with other digests, in a log that really holds it: what only the log's operator could make. */
async function recordOf(_sd: readonly string[], disclosures: readonly string[]): Promise<string> {
  return altered({ _sd, disclosures, entries: sample.pieces.entries.with(INDEX, await entryOf(_sd)) });
}

describe('a proof that holds', () => {
  it('says what was checked, against which checkpoint, and what it discloses', async () => {
    const report = await verifyProof(sample.proof, policy);
    expect(report).toMatchObject({
      warnings: [],
      position: INDEX + 1,
      disclosed: Object.fromEntries(PUBLIC.map((path) => [path, FIELDS[path]])),
      withheld: Object.keys(FIELDS).length - PUBLIC.length,
      checkpoint: { origin: ORIGIN, size: SIZE, root: toBase64(naiveRoot(sample.pieces.entries)) },
      log: formatVerifierKey(sample.log.key),
      cosigners: [
        { name: 'procuratorate', key: formatVerifierKey(sample.witnesses[0].key), time: COSIGNED[0] },
        { name: 'university', key: formatVerifierKey(sample.witnesses[1].key), time: COSIGNED[1] },
      ],
    });
    expect(report.steps.map(({ step }) => step)).toEqual([
      'disclosures',
      'entry',
      'inclusion',
      'signature',
      'cosignatures',
      'cosignatures',
    ]);
    const words = report.steps.map(({ zh, en }) => `${zh}\n${en}`).join('\n');
    for (const said of [ORIGIN, `${SIZE} 条`, report.checkpoint.root, 'procuratorate', '2026-11-22T01:02:03Z']) {
      expect(words).toContain(said);
    }
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('may disclose everything, or nothing, which is told', async () => {
    const all = await verifyProof(altered({ disclosures: [...disclosuresOf(FIELDS).values()] }), policy);
    expect([all.disclosed, all.withheld]).toEqual([FIELDS, 0]);
    const none = await verifyProof(altered({ disclosures: [] }), policy);
    expect([none.disclosed, none.withheld]).toEqual([{}, Object.keys(FIELDS).length]);
    expect(none.warnings.map(({ warning }) => warning)).toEqual(['nothing_disclosed']);
  });

  it('cosigned in the future, or days apart, holds, and that is told', async () => {
    const told = async (times: readonly number[], now?: number): Promise<string[]> => {
      const witnesses = sample.pieces.witnesses.map(([signer], at) => [signer, times[at]] as const);
      const { warnings } = await verifyProof(altered({ witnesses }), policy, now);
      return warnings.map(({ warning, en }) => `${warning}${en.includes('university') ? ' university' : ''}`);
    };
    const [t] = COSIGNED;
    expect(await told([t, t + 240], t)).toEqual([]); // clocks may differ a little
    expect(await told([t, t + 3600], t)).toEqual(['cosigned_in_future university']);
    expect(await told([t, t + 3600], t + 7200)).toEqual([]);
    expect(await told([t - 3 * 86_400, t], t)).toEqual(['cosigned_far_apart']);
    expect(await told([t, 6_979_262_400])).toEqual(['cosigned_far_apart']); // the year 2191, nobody asked for the time
  });

  it('without witnesses is weaker, which is told', async () => {
    const alone = await parsePolicy(`log ${formatVerifierKey(sample.log.key)}`);
    const { warnings, cosigners } = await verifyProof(altered({ witnesses: [] }), alone);
    expect([warnings.map(({ warning }) => warning), cosigners]).toEqual([['no_witnesses'], []]);
  });

  it('holds for the only entry of a log, and for any entry of any log', async () => {
    for (const size of [1, 2, 3, 7, 8, 9, 33]) {
      const { entries, _sd } = sample.pieces;
      for (let at = 0; at < size; at++) {
        const others = Array.from({ length: size }, (_, each) => entries[(each + 1) % SIZE]);
        const pieces = { entries: others.with(at, await entryOf(_sd)), leaf: at, index: at, disclosures: [] };
        expect(await verifyProof(altered(pieces), policy)).toMatchObject({ position: at + 1, checkpoint: { size } });
      }
    }
  });

  it('holds after the log has taken another key, while the policy names both', async () => {
    const next = await signerOf(ORIGIN, 9);
    const both = await parsePolicy(`log ${formatVerifierKey(next.key)}\nlog ${formatVerifierKey(sample.log.key)}`);
    for (const log of [sample.log, next]) {
      expect((await verifyProof(altered({ log }), both)).log).toBe(formatVerifierKey(log.key));
    }
  });

  it('ignores signatures of witnesses that the policy does not know', async () => {
    const stranger = await witnessOf('stranger.example', 77);
    const { cosigners } = await verifyProof(
      altered({ witnesses: [...sample.pieces.witnesses, [stranger, COSIGNED[0]]] }),
      policy,
    );
    expect(cosigners.map(({ name }) => name)).toEqual(['procuratorate', 'university']);
  });
});

describe('what does not hold is named', () => {
  const CASES: readonly (readonly [code: string, what: string, proof: () => string | Promise<string>])[] = [
    ['proof.malformed', 'no proof file at all', () => 'hello'],
    ['proof.malformed', 'a cut file', () => sample.proof.slice(0, -20)],
    ['proof.malformed', 'an extra that is something else', () => edited(sample.proof, /extra .*\n/, extraLine('{}'))],
    ['proof.malformed', 'digests out of order', () => altered({ _sd: [...sample.pieces._sd].reverse() })],
    ['proof.malformed', 'a disclosure that cannot be read', () => altered({ disclosures: ['e30'] })],
    ['proof.entry_missing', 'no extra', () => edited(sample.proof, /extra .*\n/, '')],
    [
      'proof.disclosure_forged',
      'a lower fine',
      () => altered({ disclosures: [disclosuresOf({ ...FIELDS, 'data.amountFen': 2 }).get('data.amountFen')!] }),
    ],
    [
      'proof.disclosure_forged',
      'an undisclosed field added',
      () =>
        altered({ disclosures: [...sample.pieces.disclosures, disclosuresOf({ 'data.more': 1 }).get('data.more')!] }),
    ],
    [
      'proof.disclosure_forged',
      'a disclosure twice',
      () => altered({ disclosures: [sample.pieces.disclosures[0], sample.pieces.disclosures[0]] }),
    ],
    [
      'proof.disclosure_forged',
      'two values of one field, both committed to',
      async () => {
        const [one, two] = [disclosuresOf(FIELDS), disclosuresOf({ 'data.amountFen': 2 }, 'another salt')];
        const _sd = await digestsOf([...one.values(), ...two.values()]);
        return recordOf(_sd, [one.get('data.amountFen')!, two.get('data.amountFen')!]);
      },
    ],
    [
      'proof.position_mismatch',
      'another position than its place in the log',
      async () => {
        const fields = disclosuresOf({ ...FIELDS, position: INDEX + 2 });
        return recordOf(await digestsOf(fields.values()), [fields.get('position')!]);
      },
    ],
    ['proof.position_mismatch', 'the index of another entry', () => altered({ index: INDEX - 1 })],
    [
      'proof.inclusion_failed',
      'the index of another entry, position withheld',
      () => altered({ index: INDEX - 1, disclosures: [] }),
    ],
    ['proof.inclusion_failed', 'an index beyond the tree', () => altered({ index: SIZE, disclosures: [] })],
    ['proof.inclusion_failed', 'the path of another entry', () => altered({ leaf: INDEX - 1 })],
    [
      'proof.inclusion_failed',
      'a digest left out',
      () => altered({ _sd: sample.pieces._sd.slice(1), disclosures: [] }),
    ],
    [
      'proof.inclusion_failed',
      'a digest put in, to disclose what was never recorded',
      async () => {
        const more = [...disclosuresOf({ 'data.more': 1 }).values()];
        return altered({ _sd: [...sample.pieces._sd, ...(await digestsOf(more))].sort(), disclosures: more });
      },
    ],
    [
      'proof.inclusion_failed',
      'a record that the log does not hold',
      () => altered({ entries: sample.pieces.entries.with(INDEX, new Uint8Array(32)) }),
    ],
    [
      'proof.inclusion_failed',
      'a root with the right size',
      () => edited(sample.proof, toBase64(naiveRoot(sample.pieces.entries)), toBase64(new Uint8Array(32))),
    ],
    ['proof.inclusion_failed', 'a hash left out', () => dropHash(sample.proof)],
    [
      'proof.signature_invalid',
      'another size in the checkpoint, of the same path',
      () => edited(sample.proof, `\n${SIZE}\n`, `\n${SIZE + 1}\n`),
    ],
    [
      'proof.checkpoint_unsigned',
      'no log’s signature',
      () => edited(sample.proof, new RegExp(`\u2014 ${ORIGIN} .*\n`), ''),
    ],
    [
      'proof.checkpoint_unsigned',
      'a checkpoint signed with another key of the same name',
      async () => altered({ log: await signerOf(ORIGIN, 99) }),
    ],
    [
      'proof.checkpoint_unsigned',
      'a checkpoint of a log that nobody knows',
      async () => altered({ log: await signerOf('fake.example/log', 1), origin: 'fake.example/log' }),
    ],
    ['proof.origin_mismatch', 'the log signing for another', () => altered({ origin: 'other.example/log' })],
    ['proof.signature_invalid', 'a signature of something else', () => swapSignatures()],
    [
      'proof.signature_invalid',
      'a cosignature with a witness’s name on another time',
      () => edited(sample.proof, /(procuratorate\.example \S{6}AAAA\S\S)\S\S/u, '$1bb'),
    ],
    ['proof.quorum_not_met', 'one witness away', () => altered({ witnesses: sample.pieces.witnesses.slice(1) })],
    ['proof.quorum_not_met', 'no witness', () => altered({ witnesses: [] })],
    [
      'proof.quorum_not_met',
      'one witness twice',
      () => altered({ witnesses: [sample.pieces.witnesses[0], sample.pieces.witnesses[0]] }),
    ],
    [
      'proof.quorum_not_met',
      'a stranger under a witness’s name',
      async () =>
        altered({
          witnesses: [[await witnessOf('witness.procuratorate.example', 66), COSIGNED[0]], sample.pieces.witnesses[1]],
        }),
    ],
    [
      'proof.quorum_not_met',
      'the log as its own witness',
      async () => altered({ witnesses: [[await witnessOf(ORIGIN, 1), COSIGNED[0]], sample.pieces.witnesses[1]] }),
    ],
  ];

  it.each(CASES)('%s: %s', async (code, _, proof) => {
    const error = await failureOf(proof());
    expect(error).toMatchObject({ kind: 'invalid', code });
    expect(error!.detail.zh).toMatch(/\p{Script=Han}/u);
    expect(error!.detail.en).toMatch(/^[A-Z].*\.$/u);
  });

  async function failureOf(proof: string | Promise<string>): Promise<Failure | undefined> {
    return verifyProof(await proof, policy).then(
      () => undefined,
      (error: Failure) => error,
    );
  }

  function dropHash(proof: string): string {
    const file = parseProofFile(proof);
    return formatProofFile({ ...file, hashes: file.hashes.slice(1) });
  }

  /** The log's signature of another checkpoint, under this one. */
  function swapSignatures(): string {
    const other = checkpointOf({ ...sample.pieces, entries: sample.pieces.entries.slice(1) });
    const line = new RegExp(`\u2014 ${ORIGIN} .*\n`);
    return edited(sample.proof, line, line.exec(other)![0]);
  }
});

describe('one byte', () => {
  it('changed anywhere in the file is noticed', async () => {
    const bytes = Buffer.from(sample.proof);
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const textOf = (changed: Buffer): string | undefined => {
      try {
        return decoder.decode(changed);
      } catch {
        return undefined; // not UTF-8: no reader gets it that far
      }
    };
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 1 << (at % 8);
      const text = textOf(changed);
      if (text === undefined) continue;
      const outcome = await verifyProof(text, policy).then(
        () => 'unnoticed',
        (error: Error) => error.name,
      );
      expect([at, outcome]).toEqual([at, 'Failure']);
    }
  });

  it('put in or left out, or a file cut or doubled, is noticed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sample.proof.length - 1),
        fc.string({ unit: 'binary', maxLength: 2 }),
        async (at, more) => {
          const changed = sample.proof.slice(0, at) + more + sample.proof.slice(at + 1);
          if (changed === sample.proof) return;
          await expect(verifyProof(changed, policy)).rejects.toMatchObject({ name: 'Failure' });
          await expect(verifyProof(sample.proof.slice(0, at), policy)).rejects.toMatchObject({ name: 'Failure' });
        },
      ),
    );
    await expect(verifyProof(sample.proof + sample.proof, policy)).rejects.toMatchObject({ name: 'Failure' });
  });
});

describe('a proof that is opened only', () => {
  it('is held to its entry and its tree, but nobody’s signature is asked for', async () => {
    const stranger = altered({ log: await signerOf('fake.example/log', 1), origin: 'fake.example/log', witnesses: [] });
    const { entry, position, disclosed, withheld } = await openProof(stranger);
    expect([position, disclosed.size, withheld]).toEqual([INDEX + 1, PUBLIC.length, 7]);
    expect(entry).toEqual(sample.pieces.entries[INDEX]);
    await expect(openProof(altered({ leaf: INDEX - 1 }))).rejects.toMatchObject({ code: 'proof.inclusion_failed' });
  });
});

describe('a checkpoint by itself', () => {
  it('says who signed it, and whether the witnesses are enough', async () => {
    const verified = await verifyCheckpoint(checkpointOf(sample.pieces), policy);
    expect(verified).toMatchObject({ checkpoint: { origin: ORIGIN, size: SIZE }, log: sample.log.key, met: true });
    expect(verified.cosigners.map(({ name, time }) => [name, time])).toEqual([
      ['procuratorate', COSIGNED[0]],
      ['university', COSIGNED[1]],
    ]);
    const lonely = checkpointOf({ ...sample.pieces, witnesses: [] });
    expect(await verifyCheckpoint(lonely, policy)).toMatchObject({ met: false, cosigners: [] });
  });

  it('of an empty log holds too', async () => {
    const empty = checkpointOf({ ...sample.pieces, entries: [] });
    expect((await verifyCheckpoint(empty, policy)).checkpoint).toEqual({
      origin: ORIGIN,
      size: 0,
      root: Uint8Array.from(naiveRoot([])),
    });
  });

  it('that is no checkpoint is refused', async () => {
    await expect(verifyCheckpoint('hello', policy)).rejects.toMatchObject({ code: 'note.malformed' });
    const text = 'a note\n';
    const note = `${text}\n\u2014 ${ORIGIN} ${toBase64(Uint8Array.of(0, 0, 0, 0, ...sample.log.sign(text).signature))}\n`;
    await expect(verifyCheckpoint(note, policy)).rejects.toMatchObject({ code: 'checkpoint.malformed' });
  });
});
