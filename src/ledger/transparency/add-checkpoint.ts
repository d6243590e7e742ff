import { Failure } from '../../kernel/errors';
import { fromBase64, toBase64 } from '../../verification/bytes';
import { HASH_BYTES } from '../../verification/merkle-proof';

/** What a log sends to a witness, `POST <submission prefix>/add-checkpoint` (c2sp.org/tlog-witness). */
export interface AddCheckpoint {
  /** The size that the log believes this witness to have cosigned last; 0 for none. */
  readonly old: number;
  /** RFC 6962 consistency proof from `old` to the checkpoint's size; empty from 0 and to the same size. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly note: string;
}

/** More hashes no consistency proof of the protocol has. */
export const MAX_PROOF_LINES = 63;
/** The media type of a 409 that tells the size which the witness has. */
export const SIZE_TYPE = 'text/x.tlog.size';

const OLD_LINE = /^old (0|[1-9][0-9]{0,15})$/;
const SIZE_BODY = /^(0|[1-9][0-9]{0,18})\n$/;

/** The body of a request. */
export function formatAddCheckpoint({ old, proof, note }: AddCheckpoint): string {
  return [`old ${old}`, ...proof.map(toBase64), '', note].join('\n');
}

/**
 * Reads the body of a request; the checkpoint in it is not looked at.
 * @throws Failure `witness.request_malformed`, `encoding.base64_invalid`
 */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const end = body.indexOf('\n\n');
  const [first, ...lines] = body.slice(0, Math.max(end, 0)).split('\n');
  const old = Number(OLD_LINE.exec(first)?.[1]);
  if (!Number.isSafeInteger(old) || lines.length > MAX_PROOF_LINES) throw malformed();
  const proof = lines.map(fromBase64);
  if (proof.some((hash) => hash.length !== HASH_BYTES)) throw malformed();
  return { old, proof, note: body.slice(end + 2) };
}

/** The body of a 409: the size this witness has. */
export const formatSize = (size: number): string => `${size}\n`;

/** The size in the body of a 409; undefined when there is none. A bigint, because whoever wrote it may be lying. */
export function parseSize(body: string): bigint | undefined {
  const digits = SIZE_BODY.exec(body)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

function malformed(): Failure {
  return new Failure('invalid', 'witness.request_malformed', {
    zh: 'add-checkpoint 请求的格式不正确。',
    en: 'This is not the body of an add-checkpoint request.',
    basis: 'c2sp.org/tlog-witness',
  });
}
