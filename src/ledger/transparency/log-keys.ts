import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../kernel/errors';
import { formatNote, type Note } from '../../verification/note';
import {
  formatVerifierKey,
  hexKeyId,
  parseVerifierKey,
  verifierKeyOf,
  verifyNote,
  type VerifierKey,
} from '../../verification/verifier-key';

/** A key that signs checkpoints. */
interface SigningKey {
  readonly secret: KeyObject;
  readonly verifier: VerifierKey;
}

export interface LogKeysOptions {
  /** Where the keys are kept; made with one new key when it is missing and no `secret` is given. */
  readonly file: string;
  /** The log's name, which every key of it bears. */
  readonly origin: string;
  /**
   * Keys from the environment: the newest alone, as PKCS #8 (DER) in base64, or lines as in the file, with white space between.
   * They come before those of the file; no file is made then.
   */
  readonly secret?: string;
}

const SECRET_PREFIX = 'PRIVATE+KEY+';
const ED25519 = 1;
/** PKCS #8 around the 32 bytes of an Ed25519 seed (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

const HEADER = `# Mingjing log keys, newest first. Keep this file secret, and a copy of it in a safe place: without it the log ends.
# PRIVATE+KEY+... signs checkpoints; a key without that prefix is retired and only listed.
`;

/**
 * The Ed25519 keys of a log. Every checkpoint is signed by all that sign, so while a key is being replaced those who know only
 * the old one find the new one beside it on the same checkpoint.
 *
 * The file has one key a line, the newest first: `PRIVATE+KEY+<name>+<key id>+<base64 of 0x01 ‖ seed>` as Go's
 * `sumdb/note` writes them, and a verifier key (C2SP signed-note) for one that is retired.
 */
export class LogKeys {
  private constructor(
    readonly origin: string,
    /** Newest first; at least one. */
    private readonly signing: readonly SigningKey[],
    /** Newest first. */
    private readonly retired: readonly VerifierKey[],
  ) {}

  /**
   * The keys of a file and of the environment; makes the file with a first key where there is neither.
   * @throws Failure `log.key_exposed`, `log.key_invalid`, `log.origin_changed`
   */
  static async open({ file, origin, secret }: LogKeysOptions): Promise<LogKeys> {
    const stored = await LogKeys.read(file);
    const given = secret ? await fromEnvironment(origin, secret) : undefined;
    const name = given?.origin ?? stored?.origin ?? origin;
    if (name !== origin) throw originChanged(name, origin);
    if (given) return stored ? given.before(stored) : given;
    if (stored) return stored;
    const made = new LogKeys(origin, [await newKey(origin)], []);
    made.store(file);
    return made;
  }

  /** The keys of a file; undefined when there is none. @throws Failure `log.key_exposed`, `log.key_invalid` */
  static async read(file: string): Promise<LogKeys | undefined> {
    if (!existsSync(file)) return undefined;
    assertPrivate(file);
    return LogKeys.parse(readFileSync(file, 'utf8'));
  }

  /** One key that signs. */
  static of(origin: string, secret: KeyObject): Promise<LogKeys> {
    return signingKey(origin, secret).then((key) => new LogKeys(origin, [key], []));
  }

  /** The keys of a file's text. @throws Failure `log.key_invalid` */
  static async parse(text: string): Promise<LogKeys> {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const signing: SigningKey[] = [];
    const retired: VerifierKey[] = [];
    for (const line of lines) {
      if (line.startsWith(SECRET_PREFIX)) signing.push(await parseSecret(line));
      else retired.push(await parseVerifierKey(line));
    }
    const [origin, ...others] = new Set([...signing.map((key) => key.verifier), ...retired].map(({ name }) => name));
    if (signing.length === 0 || others.length > 0) throw invalidKey();
    return new LogKeys(origin, signing, retired);
  }

  /** The text of the file, secrets and all. */
  toText(): string {
    const secrets = this.signing.map(({ secret, verifier }) => {
      const data = Buffer.concat([Buffer.of(ED25519), seedOf(secret)]).toString('base64');
      return `${SECRET_PREFIX}${verifier.name}+${hexKeyId(verifier)}+${data}`;
    });
    return HEADER + [...secrets, ...this.retired.map(formatVerifierKey)].map((line) => `${line}\n`).join('');
  }

  private get verifiers(): VerifierKey[] {
    return this.signing.map((key) => key.verifier);
  }

  /** A verifier key for every key that was ever used, newest first (C2SP signed-note). */
  get verifierKeys(): string[] {
    return [...this.verifiers, ...this.retired].map(formatVerifierKey);
  }

  /** A checkpoint's body as a signed note. */
  signedNote(body: string): string {
    const signatures = this.signing.map(({ secret, verifier: { name, keyId } }) => ({
      name,
      keyId,
      signature: sign(null, Buffer.from(body), secret),
    }));
    return formatNote({ text: body, signatures });
  }

  /** Whether a key that signs now has signed this note. @throws Failure when a signature by a key of this log is false */
  async haveSigned(note: Note): Promise<boolean> {
    return (await verifyNote(note, this.verifiers)).length > 0;
  }

  /** These keys, and after them those of another list that are not among them. */
  private before(older: LogKeys): LogKeys {
    const known = new Set(this.verifierKeys);
    const isNew = (key: VerifierKey): boolean => !known.has(formatVerifierKey(key));
    return new LogKeys(
      this.origin,
      [...this.signing, ...older.signing.filter((key) => isNew(key.verifier))],
      [...this.retired, ...older.retired.filter(isNew)],
    );
  }

  /** With a new key in front: from the next start on it signs beside the others. */
  async rotated(): Promise<LogKeys> {
    return new LogKeys(this.origin, [await newKey(this.origin), ...this.signing], this.retired);
  }

  /**
   * With the newest key alone signing; the others stay listed, their secrets are forgotten.
   * @throws Failure `log.nothing_to_retire` when one key signs; `log.new_key_unseen` when the newest has not signed `newest`,
   *   the newest note, together with an older one: nobody could tell that it is this log's
   */
  async withoutOld(newest: Note): Promise<LogKeys> {
    const [current, ...old] = this.signing;
    if (old.length === 0) throw nothingToRetire();
    const both = await verifyNote(newest, this.verifiers);
    if (!both.some(({ key }) => key.keyId === current.verifier.keyId) || both.length < 2) throw newKeyUnseen();
    return new LogKeys(this.origin, [current], [...old.map((key) => key.verifier), ...this.retired]);
  }

  /** Writes the file, readable by its owner alone. A crash leaves the old file or the new one. */
  store(file: string): void {
    const temporary = `${file}.${process.pid}.tmp`;
    rmSync(temporary, { force: true });
    const descriptor = openSync(temporary, 'wx', 0o600);
    writeSync(descriptor, this.toText());
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(temporary, file);
    const directory = openSync(dirname(file), 'r');
    fsyncSync(directory);
    closeSync(directory);
  }
}

async function newKey(name: string): Promise<SigningKey> {
  return signingKey(name, generateKeyPairSync('ed25519').privateKey);
}

async function signingKey(name: string, secret: KeyObject): Promise<SigningKey> {
  return { secret, verifier: await verifierKeyOf(name, 'ed25519', publicBytes(secret)) };
}

async function parseSecret(line: string): Promise<SigningKey> {
  const [name, id, ...data] = line.slice(SECRET_PREFIX.length).split('+');
  const bytes = Buffer.from(data.join('+'), 'base64');
  if (bytes.length !== 33 || bytes[0] !== ED25519) throw invalidKey();
  const secret = Buffer.concat([PKCS8_PREFIX, bytes.subarray(1)]);
  const key = await signingKey(name, createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' }));
  if (hexKeyId(key.verifier) !== id) throw invalidKey();
  return key;
}

async function fromEnvironment(origin: string, text: string): Promise<LogKeys> {
  if (text.includes(SECRET_PREFIX)) return LogKeys.parse(text.trim().replaceAll(/\s+/g, '\n'));
  return LogKeys.of(origin, secretFromPkcs8(text));
}

function secretFromPkcs8(base64: string): KeyObject {
  try {
    const key = createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // not told further: the error could quote the secret
  }
  throw invalidKey();
}

const seedOf = (secret: KeyObject): Buffer => Buffer.from(secret.export({ format: 'jwk' }).d ?? '', 'base64url');

const publicBytes = (secret: KeyObject): Buffer =>
  Buffer.from(createPublicKey(secret).export({ format: 'jwk' }).x ?? '', 'base64url');

/** Windows has no such bits. */
function assertPrivate(file: string): void {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return;
  throw new Failure('unavailable', 'log.key_exposed', {
    zh: `日志密钥文件 ${file} 可被他人读取；请确认密钥未外泄后执行 chmod 600。`,
    en: `Others than its owner can read the log key in ${file}; make sure that nobody has, then chmod 600.`,
  });
}

const invalidKey = (): Failure =>
  new Failure('unavailable', 'log.key_invalid', {
    zh: '日志密钥无法识别：须为本日志的 Ed25519 密钥。',
    en: 'The log key cannot be read: it must be an Ed25519 key of this log.',
  });

export const originChanged = (is: string, wanted: string): Failure =>
  new Failure('unavailable', 'log.origin_changed', {
    zh: `本日志名为 ${is}，不能改为 ${wanted}；请改回设置，或在新目录中另立日志。`,
    en: `This log is named ${is} and cannot become ${wanted}; set it back, or begin another log in a new directory.`,
  });

const nothingToRetire = (): Failure =>
  new Failure('refused', 'log.nothing_to_retire', {
    zh: '目前只有一把密钥在签署，没有可停用的密钥。',
    en: 'One key alone signs: there is none to retire.',
  });

const newKeyUnseen = (): Failure =>
  new Failure('refused', 'log.new_key_unseen', {
    zh: '新密钥尚未与旧密钥一同签署检查点；请重启服务，待发布后再停用旧密钥。',
    en: 'The new key has not signed a checkpoint beside the old one yet; restart the server and let it publish one first.',
  });
