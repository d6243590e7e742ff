import { Failure } from '../kernel/errors';
import { fromBase64, toBase64, utf8 } from './bytes';
import { HASH_BYTES } from './merkle-proof';
import { isPlainLine } from './note';

/** What a log states of itself: who it is, how many leaves it has, and the root of their tree (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes */
  readonly root: Uint8Array;
}

/**
 * Reads the body of a checkpoint: three lines. Extension lines are refused, because nobody could audit them.
 * @throws Failure `checkpoint.malformed`
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...rest] = text.split('\n');
  if (end !== '' || rest.length > 0) throw malformed('应为三行', 'it is not three lines');
  if (origin === '') throw malformed('没有日志名称', 'the origin is missing');
  if (!isPlainLine(origin)) throw malformed('日志名称含有不可见字符', 'its origin has invisible characters');
  return { origin, size: parseSize(size), root: parseRoot(root) };
}

/**
 * The body of a checkpoint, with its last line feed.
 * @throws Failure `checkpoint.malformed` for what could not be read back
 */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const body = `${origin}\n${size}\n${toBase64(root)}\n`;
  parseCheckpoint(body);
  return body;
}

/** What a witness signs (C2SP tlog-cosignature, cosignature/v1); `time` in Unix seconds. */
export function cosignedMessage(time: number, checkpointBody: string): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${checkpointBody}`);
}

/** A number of the log in decimal, without leading zeros, up to 2^53 − 1; undefined for anything else. */
export function parseDecimal(text: string): number | undefined {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function parseSize(text: string): number {
  const size = parseDecimal(text);
  if (size === undefined) throw malformed('条数不是规范的十进制数', 'its size is not a canonical decimal number');
  return size;
}

function parseRoot(text: string): Uint8Array {
  try {
    const root = fromBase64(text);
    if (root.length === HASH_BYTES) return root;
  } catch {
    // told below
  }
  throw malformed('根哈希不是 32 字节的 base64', 'its root is not 32 bytes of base64');
}

function malformed(zh: string, en: string): Failure {
  return new Failure('invalid', 'checkpoint.malformed', {
    zh: `检查点格式不对：${zh}。`,
    en: `The checkpoint is malformed: ${en}.`,
  });
}
