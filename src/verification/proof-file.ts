import { Failure } from '../kernel/errors';
import { fromBase64, toBase64 } from './bytes';
import { parseCheckpoint, parseDecimal } from './checkpoint';
import { HASH_BYTES, MAX_PROOF_HASHES } from './merkle-proof';
import { parseNote } from './note';

/** Characters of a proof file. */
export const MAX_PROOF_LENGTH = 1 << 20;

const HEADER = 'c2sp.org/tlog-proof@v1';

/** Whether a text means to be a proof file, of this or another version: by its first line. */
export const looksLikeProof = (text: string): boolean => /^c2sp\.org\/tlog-proof@/.test(text);

/** A `.tlog-proof` (C2SP tlog-proof): an entry's place, its path to the root, and the checkpoint with that root. */
export interface ProofFile {
  /** What the entry is made of; not authenticated by itself. */
  readonly extra?: Uint8Array;
  /** From 0. */
  readonly index: number;
  /** 32 bytes each, the leaf's sibling first. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
}

/**
 * Reads a proof file. Its checkpoint is well-formed then, but not verified.
 * @throws Failure `proof.malformed`
 */
export function parseProofFile(text: string): ProofFile {
  if (text.length > MAX_PROOF_LENGTH) throw malformedProof('文件超过 1 MiB', 'the file is over 1 MiB');
  if (/^\s*[{<]/.test(text)) {
    throw malformedProof('这是服务器的答复，不是证明', 'this is a server’s answer, not a proof'); // JSON or HTML
  }
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformedProof('缺少空行', 'the empty line is missing');
  const [header, ...lines] = text.slice(0, split).split('\n');
  if (header !== HEADER) throw malformedProof(`首行应为 ${HEADER}`, `the first line is not ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? parseBytes(lines.shift()!.slice('extra '.length)) : undefined;
  const index = parseIndex(lines.shift());
  if (lines.length > MAX_PROOF_HASHES) throw malformedProof('哈希过多', 'it has too many hashes');
  const checkpoint = text.slice(split + 2);
  checkCheckpoint(checkpoint);
  return { ...(extra && { extra }), index, hashes: lines.map(parseHash), checkpoint };
}

/**
 * The text of a proof file.
 * @throws Failure `proof.malformed` for what could not be read back
 */
export function formatProofFile({ extra, index, hashes, checkpoint }: ProofFile): string {
  const lines = [
    HEADER,
    ...(extra ? [`extra ${toBase64(extra)}`] : []),
    `index ${index}`,
    ...hashes.map(toBase64),
    '',
    checkpoint,
  ];
  const text = lines.join('\n');
  parseProofFile(text);
  return text;
}

function parseIndex(line: string | undefined): number {
  const index = line?.startsWith('index ') ? parseDecimal(line.slice('index '.length)) : undefined;
  if (index === undefined) throw malformedProof('缺少规范的 index 行', 'a canonical index line is missing');
  return index;
}

function parseHash(line: string): Uint8Array {
  const hash = parseBytes(line);
  if (hash.length !== HASH_BYTES) throw malformedProof('哈希不是 32 字节', 'a hash is not 32 bytes');
  return hash;
}

function parseBytes(encoded: string): Uint8Array {
  try {
    const bytes = fromBase64(encoded);
    if (bytes.length > 0) return bytes;
  } catch {
    // told below
  }
  throw malformedProof('某行不是规范的 base64', 'a line is not canonical base64');
}

function checkCheckpoint(note: string): void {
  try {
    parseCheckpoint(parseNote(note).text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw malformedProof(error.detail.zh.replace(/。$/, ''), error.detail.en.replace(/\.$/, ''));
  }
}

/** What is wrong with a proof file's form. */
export function malformedProof(zh: string, en: string): Failure {
  return new Failure('invalid', 'proof.malformed', {
    zh: `证明文件格式不对：${zh}。`,
    en: `The proof file is malformed: ${en}.`,
  });
}
