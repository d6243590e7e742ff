import { createHash } from 'node:crypto';
import { verifyTLogInclusion } from '@sigstore/verify/dist/tlog';
import { decodeDisclosed, entryOf } from '../../src/verification/disclosure';
import { parseProofFile, type ProofFile } from '../../src/verification/proof-file';
import { edited, ORIGIN, sampleProof, type Sample } from './sample-proof';

type Entry = Parameters<typeof verifyTLogInclusion>[0];
type Authorities = Parameters<typeof verifyTLogInclusion>[1];

/** `@sigstore/verify` reads checkpoints and inclusion proofs of Rekor v2, which are the same formats. Its verifier of whole
 * bundles wants a certificate besides; what is called here is the step in it that deals with the log. */
describe('a reader written by others', () => {
  let sample: Sample;
  let file: ProofFile;
  let entry: Uint8Array;
  beforeAll(async () => {
    sample = await sampleProof();
    file = parseProofFile(sample.proof);
    entry = await entryOf(decodeDisclosed(file.extra!)._sd);
  });

  const authorities = (): Authorities => {
    const { keyId } = sample.log.key;
    const logID = Buffer.alloc(32);
    logID.writeUInt32BE(keyId);
    return [{ baseURL: `https://${ORIGIN}`, logID, publicKey: sample.log.publicKey, validFor: {} as never }];
  };
  const entryWith = (
    changes: { body?: Uint8Array; checkpoint?: string; hashes?: readonly Uint8Array[] } = {},
  ): Entry => {
    const { body = entry, checkpoint = file.checkpoint, hashes = file.hashes } = changes;
    return {
      canonicalizedBody: Buffer.from(body),
      inclusionProof: {
        logIndex: String(file.index),
        hashes: hashes.map((hash) => Buffer.from(hash)),
        checkpoint: { envelope: checkpoint },
      },
    } as never;
  };

  it('finds our entry in our log, under our signature', () => {
    expect(() => verifyTLogInclusion(entryWith(), authorities())).not.toThrow();
  });

  it('refuses what we refuse', () => {
    const other = Uint8Array.from(createHash('sha256').update('another').digest());
    for (const changes of [
      { body: other },
      { hashes: file.hashes.slice(1) },
      { hashes: [...file.hashes].reverse() },
      { checkpoint: edited(file.checkpoint, '\n11\n', '\n12\n') },
    ]) {
      expect(() => verifyTLogInclusion(entryWith(changes), authorities())).toThrow();
    }
  });
});
