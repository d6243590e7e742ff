import { createPrivateKey, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../kernel/errors';
import { fromBase64, toBase64 } from '../verification/bytes';
import { cosignedMessage } from '../verification/checkpoint';
import { formatSignatureLine, isKeyName } from '../verification/note';
import {
  formatVerifierKey,
  hexKeyId,
  timestampedSignature,
  verifierKeyOf,
  type VerifierKey,
} from '../verification/verifier-key';

/** The Ed25519 key a witness cosigns with. */
export interface WitnessKey {
  readonly verifier: VerifierKey;
  /** What logs and verifiers put into their policies. */
  readonly vkey: string;
  /** A signature line, newline included: cosignature/v1 of a checkpoint's body, saying the time in Unix seconds. */
  cosign(checkpointBody: string, time: number): string;
}

const KEY_FILE = 'witness.key';
const COSIGNATURE_V1 = 4;
const SEED_BYTES = 32;
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410 §7, before the seed

/** Whether there is a key in the directory. */
export const hasWitnessKey = (directory: string): boolean => existsSync(join(directory, KEY_FILE));

/**
 * The key in `witness.key`, made on first start: one line for the owner alone, in the form of Go's `note` package
 * (`PRIVATE+KEY+<name>+<key id>+<base64(type ‖ seed)>`). Made durable before it is used, or a witness might cosign and forget
 * with what. A crash while it is made leaves a `witness.key.<pid>.new`, of no use to anybody.
 * @param name needed on first start; afterwards it must be the same, or left out
 * @throws Failure `witness.name_missing`, `witness.name_invalid`, `witness.name_changed`, `witness.key_unreadable`
 */
export async function witnessKey(directory: string, name?: string): Promise<WitnessKey> {
  const path = join(directory, KEY_FILE);
  const line = read(path) ?? (await makeKey(path, name));
  const parts = /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n$/.exec(line);
  const secret = parts ? fromBase64(parts[3]) : new Uint8Array();
  if (!parts || secret.length !== 1 + SEED_BYTES || secret[0] !== COSIGNATURE_V1) throw unreadable(path);
  if (name !== undefined && name !== parts[1]) throw renamed(parts[1], name);
  const key = await keyOf(parts[1], Buffer.from(secret.subarray(1)));
  if (hexKeyId(key.verifier) !== parts[2]) throw unreadable(path);
  return key;
}

async function keyOf(name: string, seed: Buffer): Promise<WitnessKey> {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const verifier = await verifierKeyOf(name, 'cosignature/v1', publicBytes(secret));
  return {
    verifier,
    vkey: formatVerifierKey(verifier),
    cosign(checkpointBody, time) {
      const signature = timestampedSignature(time, sign(null, cosignedMessage(time, checkpointBody), secret));
      return formatSignatureLine({ name, keyId: verifier.keyId, signature });
    },
  };
}

const publicBytes = (secret: KeyObject): Uint8Array =>
  createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES);

async function makeKey(path: string, name: string | undefined): Promise<string> {
  if (!name) {
    throw new Failure('invalid', 'witness.name_missing', {
      zh: '首次启动须用 --name 指定见证人的名称，如 witness.example.edu.cn/mingjing。',
      en: 'The first start needs --name, the name of this witness, such as witness.example.edu.cn/mingjing.',
    });
  }
  if (!isKeyName(name)) {
    throw new Failure('invalid', 'witness.name_invalid', {
      zh: '见证人的名称不能含有空格、加号或不可见字符，应如 witness.example.edu.cn/mingjing。',
      en: 'The name of a witness has no spaces, plus signs or invisible characters; it is such as witness.example.edu.cn/mingjing.',
      field: '--name',
    });
  }
  const seed = randomBytes(SEED_BYTES);
  const { verifier } = await keyOf(name, seed);
  const line = `PRIVATE+KEY+${name}+${hexKeyId(verifier)}+${toBase64(Buffer.concat([Buffer.of(COSIGNATURE_V1), seed]))}\n`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, line);
    fsyncSync(file);
    linkSync(temporary, path); // never over another key: of two first starts at once one fails
  } finally {
    closeSync(file);
    rmSync(temporary, { force: true });
  }
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
  return line;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const unreadable = (path: string): Failure =>
  new Failure('invalid', 'witness.key_unreadable', {
    zh: `无法读取见证人密钥文件 ${path}。`,
    en: `The key file ${path} cannot be read as a witness's key.`,
  });

const renamed = (was: string, now: string): Failure =>
  new Failure('invalid', 'witness.name_changed', {
    zh: `该目录中的密钥属于 ${was}，不能改用 ${now}；新名称需要新目录和新密钥。`,
    en: `The key in this directory is that of ${was}, not of ${now}. A new name needs a new directory and a new key.`,
  });
