import { createHash } from 'node:crypto';
import { toBase64Url, utf8 } from '../../src/verification/bytes';
import { disclosureDigest, encodeDisclosed, encodeDisclosure, entryOf } from '../../src/verification/disclosure';
import { formatProofFile } from '../../src/verification/proof-file';
import { formatVerifierKey } from '../../src/verification/verifier-key';
import { naivePath, naiveRoot } from './naive-tree';
import { signedCheckpoint, signerOf, witnessOf, type Signer } from './signing';

export const ORIGIN = 'ledger.mingjing.example/log';
export const INDEX = 5;
export const SIZE = 11;
/** 2026-11-22T01:02:03Z and 04Z */
export const COSIGNED = [1795309323, 1795309324] as const;

/** An invented decision, as the paths that its event is committed by. */
export const FIELDS: Readonly<Record<string, unknown>> = {
  id: '019aa0f0-7d2c-7b1e-9a53-3f1f7f2f0a11',
  type: 'PenaltyDecided',
  schemaVersion: 1,
  stream: 'penalty-case-2026-0017',
  revision: 9,
  position: INDEX + 1,
  'metadata.occurredAt': '2026-11-21T08:30:00.000Z',
  'metadata.recordedAt': '2026-11-22T01:02:03.004Z',
  'metadata.actor': { account: 'a-7', kind: 'person', officer: 'o-3', roles: ['officer'] },
  'data.documentNumber': '明市监罚〔2026〕17号',
  'data.amountFen': 200_000,
  'data.partyName': { $digest: 'invented', $sealed: 'invented', $subject: 'party:p-17' },
};
export const PUBLIC = ['type', 'position', 'metadata.recordedAt', 'data.documentNumber', 'data.amountFen'];

/** Disclosures by path; every salt is drawn from the path and `salt`, so that the bytes are the same every time. */
export function disclosuresOf(fields: Readonly<Record<string, unknown>>, salt = ''): Map<string, string> {
  const saltOf = (path: string): string =>
    toBase64Url(createHash('sha256').update(`${salt}${path}`).digest().subarray(0, 16));
  return new Map(
    Object.entries(fields).map(([path, value]) => [path, encodeDisclosure({ salt: saltOf(path), path, value })]),
  );
}

export async function digestsOf(disclosures: Iterable<string>): Promise<string[]> {
  return (await Promise.all([...disclosures].map(disclosureDigest))).sort();
}

/** What a proof is made of; a test changes one piece and sees who notices. */
export interface Pieces {
  _sd: readonly string[];
  disclosures: readonly string[];
  index: number;
  /** The log's entries; the path is of the one at `leaf`. */
  entries: readonly Uint8Array[];
  leaf: number;
  origin: string;
  log: Signer;
  witnesses: readonly (readonly [Signer, number])[];
}

export interface Sample {
  readonly pieces: Pieces;
  readonly policy: string;
  readonly proof: string;
  readonly log: Signer;
  readonly witnesses: readonly [Signer, Signer];
}

/** A proof that holds, of a log of eleven entries, cosigned by both witnesses of its policy. */
export async function sampleProof(): Promise<Sample> {
  const log = await signerOf(ORIGIN, 1);
  const witnesses = [
    await witnessOf('witness.procuratorate.example', 2),
    await witnessOf('w.university.example', 3),
  ] as const;
  const disclosures = disclosuresOf(FIELDS);
  const _sd = await digestsOf(disclosures.values());
  const entries: Uint8Array[] = Array.from({ length: SIZE }, (_, at) =>
    Uint8Array.from(createHash('sha256').update(`${at}`).digest()),
  );
  const pieces: Pieces = {
    _sd,
    disclosures: PUBLIC.map((path) => disclosures.get(path)!),
    index: INDEX,
    entries: entries.with(INDEX, await entryOf(_sd)),
    leaf: INDEX,
    origin: ORIGIN,
    log,
    witnesses: [
      [witnesses[0], COSIGNED[0]],
      [witnesses[1], COSIGNED[1]],
    ],
  };
  const policy = [
    '# Whose word is taken for this ledger. 本台账的信任策略',
    `log ${formatVerifierKey(log.key)} https://${ORIGIN}/`,
    `witness procuratorate ${formatVerifierKey(witnesses[0].key)}`,
    `witness university ${formatVerifierKey(witnesses[1].key)}`,
    'group both all procuratorate university',
    'quorum both',
    '',
  ].join('\n');
  return { pieces, policy, proof: proofOf(pieces), log, witnesses: [witnesses[0], witnesses[1]] };
}

export function checkpointOf({ entries, origin, log, witnesses }: Pieces): string {
  return signedCheckpoint({ origin, size: entries.length, root: naiveRoot(entries) }, log, witnesses);
}

export function proofOf(pieces: Pieces): string {
  const { _sd, disclosures, index, leaf, entries } = pieces;
  return formatProofFile({
    extra: encodeDisclosed({ _sd, _sd_alg: 'sha-256', disclosures }),
    index,
    hashes: naivePath(leaf, entries),
    checkpoint: checkpointOf(pieces),
  });
}

/** A proof file with one piece of its text replaced; the piece must be there. */
export function edited(proof: string, piece: string | RegExp, by: string): string {
  const changed = proof.replace(piece, by);
  if (changed === proof) throw new Error(`nothing to change: ${piece}`);
  return changed;
}

export const extraLine = (json: string): string => `extra ${Buffer.from(utf8(json)).toString('base64')}\n`;
