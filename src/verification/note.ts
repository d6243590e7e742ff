import { Failure } from '../kernel/errors';
import { concatBytes, fromBase64, toBase64 } from './bytes';

/** Characters of a signed note. */
export const MAX_NOTE_LENGTH = 1 << 20;
/** Signatures of a note: one by every log and every witness of the longest policy (`MAX_POLICY_LINES`). */
export const MAX_SIGNATURES = 256;

const SIGNATURE_PREFIX = '\u2014 ';
const KEY_ID_BYTES = 4;

/** One signature line: whose it says it is, and the bytes after the key id. */
export interface NoteSignature {
  readonly name: string;
  /** uint32 */
  readonly keyId: number;
  readonly signature: Uint8Array;
}

/** A text and who signed it (C2SP signed-note). `text` ends in a line feed. It says nothing until a signature is verified. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/**
 * Reads a signed note. The signatures begin after the last empty line.
 * @throws Failure `note.malformed`
 */
export function parseNote(source: string): Note {
  if (source.length > MAX_NOTE_LENGTH) throw malformed('过长', 'it is too long');
  if (!isNoteText(source)) throw malformed('含有控制字符', 'it has control characters');
  const split = source.lastIndexOf('\n\n');
  if (split < 0) throw malformed('缺少空行', 'the empty line is missing');
  if (!source.endsWith('\n')) throw malformed('末行没有换行', 'the last line does not end');
  const lines = source.slice(split + 2).split('\n');
  lines.pop(); // what follows the last line feed
  if (lines.length === 0) throw malformed('没有签名', 'it has no signature');
  if (lines.length > MAX_SIGNATURES) throw malformed('签名过多', 'it has too many signatures');
  return { text: source.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

/**
 * The signed note as text.
 * @throws Failure `note.malformed` for what could not be read back
 */
export function formatNote({ text, signatures }: Note): string {
  if (!text.endsWith('\n')) throw malformed('正文末行没有换行', 'the last line of its text does not end');
  const source = `${text}\n${signatures.map(formatSignatureLine).join('')}`;
  parseNote(source);
  return source;
}

/**
 * One signature line, without its line feed; witnesses answer with these.
 * @throws Failure `note.malformed`
 */
export function parseSignatureLine(line: string): NoteSignature {
  const [name, encoded, ...rest] = line.startsWith(SIGNATURE_PREFIX)
    ? line.slice(SIGNATURE_PREFIX.length).split(' ')
    : [];
  if (!isKeyName(name) || encoded === undefined || rest.length > 0) throw badSignatureLine();
  const bytes = signatureBytes(encoded);
  const keyId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return { name, keyId, signature: bytes.slice(KEY_ID_BYTES) };
}

/**
 * A signature line with its line feed.
 * @throws Failure `note.malformed` for a name that a key may not have, or no signature
 */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name) || signature.length === 0) throw badSignatureLine();
  return `${SIGNATURE_PREFIX}${name} ${toBase64(concatBytes(keyIdBytes(keyId), signature))}\n`;
}

/** Whether a key may have this name: not empty, without Unicode spaces and `+`, and a plain line. */
export function isKeyName(name: string | undefined): name is string {
  return name !== undefined && name !== '' && isPlainLine(name) && !/[\p{White_Space}+]/u.test(name);
}

/**
 * Whether a text has no control and no format character, nor anything that UTF-8 cannot write. The specification forbids less;
 * but names and origins are shown to people, and must neither steer a terminal nor look like another.
 */
export function isPlainLine(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text);
}

/** Whether a note may hold this text: no control character below U+0020 but the line feed, and nothing that UTF-8 cannot write. */
export function isNoteText(text: string): boolean {
  return !/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text);
}

function keyIdBytes(keyId: number): Uint8Array {
  const bytes = new Uint8Array(KEY_ID_BYTES);
  new DataView(bytes.buffer).setUint32(0, keyId);
  return bytes;
}

function signatureBytes(encoded: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(encoded);
  } catch {
    throw badSignatureLine();
  }
  if (bytes.length <= KEY_ID_BYTES) throw badSignatureLine();
  return bytes;
}

const badSignatureLine = (): Failure => malformed('签名行格式不对', 'a signature line is malformed');

function malformed(zh: string, en: string): Failure {
  return new Failure('invalid', 'note.malformed', {
    zh: `签名文本格式不对：${zh}。`,
    en: `The signed note is malformed: ${en}.`,
  });
}
