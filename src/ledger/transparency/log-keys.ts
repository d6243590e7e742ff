import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../kernel/errors';
import { parseCheckpoint } from '../../verification/checkpoint';
import { formatNote, parseNote, type Note } from '../../verification/note';
import {
  formatVerifierKey,
  hexKeyId,
  parseVerifierKey,
  verifierKeyOf,
  verifyNote,
  type VerifierKey,
} from '../../verification/verifier-key';

/** A key that signs checkpoints, or could. */
interface SigningKey {
  readonly secret: KeyObject;
  readonly verifier: VerifierKey;
}

/** A key that signs no more. */
export interface RetiredKey {
  readonly verifier: VerifierKey;
  /** It has signed no checkpoint of this size or a larger one; undefined where that is not known. */
  readonly below?: number;
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
  /**
   * The newest note of a log that several nodes seal in turn: each must have a key that has signed it, and makes none, which could only be
   * another.
   */
  readonly signed?: string;
  /** Of such a log, while nothing is signed. */
  readonly first?: FirstKey;
}

/**
 * With which key a log begins that several nodes share, as a verifier key. One that is given is kept when there is none yet, and the one that
 * stands is told.
 */
export type FirstKey = (own?: string) => Promise<string | undefined>;

const SECRET_PREFIX = 'PRIVATE+KEY+';
/** Before a secret that signs no more, and is kept until nobody needs it. */
const INACTIVE_PREFIX = 'INACTIVE+';
const ED25519 = 1;
/** PKCS #8 around the 32 bytes of an Ed25519 seed (RFC 8410 §7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

const HEADER = `# Mingjing log keys, newest first. Keep this file secret, and a copy of it in a safe place: without it the log ends.
# PRIVATE+KEY+... signs checkpoints; without INACTIVE+ before it, a key that is being retired would sign again. A verifier key is a
# retired one, only listed; the number after it: it has signed no checkpoint of that size or a larger one.
`;

/**
 * The Ed25519 keys of a log. Every checkpoint is signed by all that sign, so while a key is being replaced those who know only
 * the old one find the new one beside it on the same checkpoint.
 *
 * The file has one key a line, the newest first: `PRIVATE+KEY+<name>+<key id>+<base64 of 0x01 ‖ seed>` as Go's
 * `sumdb/note` writes them, the same after `INACTIVE+` for one that signs no more but could, and a verifier key (C2SP signed-note),
 * with `below` after a space where it is known, for one that is retired for good.
 */
export class LogKeys {
  private constructor(
    readonly origin: string,
    /** Newest first; at least one. */
    private readonly signing: readonly SigningKey[],
    /** Newest first: they sign no more, and their secrets are kept until the newest key is known to be accepted. */
    private readonly inactive: readonly SigningKey[],
    /** Newest first. */
    readonly retired: readonly RetiredKey[],
  ) {}

  /**
   * The keys of a file and of the environment; makes the file with a first key where there is neither.
   * @throws Failure `log.key_exposed`, `log.key_invalid`, `log.origin_changed`; of a log that others share: `log.key_missing`, `log.key_unknown`
   *   once it has `signed`, `log.other_key` before
   */
  static async open({ file, origin, secret, signed, first }: LogKeysOptions): Promise<LogKeys> {
    const stored = await LogKeys.read(file);
    const given = secret ? await fromEnvironment(origin, secret) : undefined;
    const name = given?.origin ?? stored?.origin ?? origin;
    if (name !== origin) throw originChanged(name, origin);
    const keys = given && stored ? given.before(stored) : (given ?? stored);
    if (signed === undefined) return LogKeys.ofBeginning(keys, file, origin, first);
    if (!keys) throw keyMissing(file);
    if (!(await keys.everSigned(parseNote(signed)))) throw keyUnknown();
    return keys;
  }

  /**
   * Of a log that has signed nothing. The file is there before others are told: after a crash between the two the next start tells of the same key.
   * A node that comes later makes none.
   */
  private static async ofBeginning(
    given: LogKeys | undefined,
    file: string,
    origin: string,
    first?: FirstKey,
  ): Promise<LogKeys> {
    if (!given && (await first?.()) !== undefined) throw keyMissing(file);
    const keys = given ?? (await LogKeys.make(file, origin));
    const [newest] = keys.verifierKeys;
    const begun = (await first?.(newest)) ?? newest;
    if (!keys.verifierKeys.includes(begun)) throw otherKey(begun, newest);
    return keys;
  }

  /** One new key. Of several that make the file at the same time one does, and the others take its key. */
  private static async make(file: string, origin: string): Promise<LogKeys> {
    const made = new LogKeys(origin, [await newKey(origin)], [], []);
    return made.store(file, { replace: false }) ? made : (await LogKeys.read(file))!;
  }

  /** The keys of a file; undefined when there is none. @throws Failure `log.key_exposed`, `log.key_invalid` */
  static async read(file: string): Promise<LogKeys | undefined> {
    if (!existsSync(file)) return undefined;
    assertPrivate(file);
    return LogKeys.parse(readFileSync(file, 'utf8'));
  }

  /** One key that signs. */
  static of(origin: string, secret: KeyObject): Promise<LogKeys> {
    return signingKey(origin, secret).then((key) => new LogKeys(origin, [key], [], []));
  }

  /** The keys of a file's text. @throws Failure `log.key_invalid` */
  static async parse(text: string): Promise<LogKeys> {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const signing: SigningKey[] = [];
    const inactive: SigningKey[] = [];
    const retired: RetiredKey[] = [];
    for (const line of lines) {
      if (line.startsWith(SECRET_PREFIX)) signing.push(await parseSecret(line));
      else if (line.startsWith(INACTIVE_PREFIX)) inactive.push(await parseSecret(line.slice(INACTIVE_PREFIX.length)));
      else retired.push(await parseRetired(line));
    }
    const [origin, ...others] = new Set([...signing, ...inactive, ...retired].map(({ verifier }) => verifier.name));
    if (signing.length === 0 || others.length > 0) throw invalidKey();
    return new LogKeys(origin, signing, inactive, retired);
  }

  /** The text of the file, secrets and all. */
  toText(): string {
    const lines = [
      ...this.signing.map(formatSecret),
      ...this.inactive.map((key) => INACTIVE_PREFIX + formatSecret(key)),
      ...this.retired.map(({ verifier, below = '' }) => `${formatVerifierKey(verifier)} ${below}`.trimEnd()),
    ];
    return HEADER + lines.map((line) => `${line}\n`).join('');
  }

  private get verifiers(): VerifierKey[] {
    return this.signing.map((key) => key.verifier);
  }

  /** A verifier key for every key that was ever used, newest first (C2SP signed-note). */
  get verifierKeys(): string[] {
    return this.everVerifiers.map(formatVerifierKey);
  }

  private get everVerifiers(): VerifierKey[] {
    return [...this.signing, ...this.inactive, ...this.retired].map(({ verifier }) => verifier);
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

  /** Whether any key that this log ever had has signed this note. @throws Failure as `haveSigned` */
  async everSigned(note: Note): Promise<boolean> {
    return (await verifyNote(note, this.everVerifiers)).length > 0;
  }

  /** These keys, and after them those of another list that are not among them. */
  private before(older: LogKeys): LogKeys {
    const known = new Set(this.verifierKeys);
    const isNew = ({ verifier }: { verifier: VerifierKey }): boolean => !known.has(formatVerifierKey(verifier));
    return new LogKeys(
      this.origin,
      [...this.signing, ...older.signing.filter(isNew)],
      [...this.inactive, ...older.inactive.filter(isNew)],
      [...this.retired, ...older.retired.filter(isNew)],
    );
  }

  /** With a new key in front: from the next start on it signs beside the others. */
  async rotated(): Promise<LogKeys> {
    return new LogKeys(this.origin, [await newKey(this.origin), ...this.signing], this.inactive, this.retired);
  }

  /**
   * With the newest key alone signing; the secrets of the others are kept, inactive: that somebody does not accept the new one may
   * show only now, and then they must be able to sign again.
   * @throws Failure `log.nothing_to_retire` when one key signs; `log.new_key_unseen` when the newest has not signed `newest`,
   *   the newest note, together with an older one: nobody could tell that it is this log's
   */
  async withoutOld(newest: Note): Promise<LogKeys> {
    const [current, ...old] = this.signing;
    if (old.length === 0) throw nothingToRetire();
    const both = await verifyNote(newest, this.verifiers);
    if (!both.some(({ key }) => key.keyId === current.verifier.keyId) || both.length < 2) throw newKeyUnseen();
    return new LogKeys(this.origin, [current], [...old, ...this.inactive], this.retired);
  }

  /** Whether there are secrets of keys that sign no more. */
  get hasInactive(): boolean {
    return this.inactive.length > 0;
  }

  /**
   * Without the secrets of the keys that sign no more; they stay listed.
   * @param published the checkpoint that readers see: with the quorum that the log needs
   * @throws Failure `log.new_key_unaccepted` unless the keys that sign now have signed it without the inactive ones
   */
  async withoutInactive(published: Note): Promise<LogKeys> {
    const inactive = await verifyNote(
      published,
      this.inactive.map(({ verifier }) => verifier),
    );
    if (inactive.length > 0 || !(await this.haveSigned(published))) throw newKeyUnaccepted();
    const below = parseCheckpoint(published.text).size;
    const forgotten = this.inactive.map(({ verifier }) => ({ verifier, below }));
    return new LogKeys(this.origin, this.signing, [], [...forgotten, ...this.retired]);
  }

  /**
   * Writes the file, readable by its owner alone. A crash leaves the old file or the new one. False when there is one that is not to be
   * replaced.
   */
  store(file: string, { replace = true } = {}): boolean {
    const temporary = `${file}.${randomUUID()}.tmp`; // several nodes may share the directory, and the number of their process
    const descriptor = openSync(temporary, 'wx', 0o600);
    writeSync(descriptor, this.toText());
    fsyncSync(descriptor);
    closeSync(descriptor);
    try {
      if (replace) renameSync(temporary, file);
      else linkSync(temporary, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      rmSync(temporary, { force: true });
    }
    const directory = openSync(dirname(file), 'r');
    fsyncSync(directory);
    closeSync(directory);
    return true;
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

function formatSecret({ secret, verifier }: SigningKey): string {
  const data = Buffer.concat([Buffer.of(ED25519), seedOf(secret)]).toString('base64');
  return `${SECRET_PREFIX}${verifier.name}+${hexKeyId(verifier)}+${data}`;
}

async function parseRetired(line: string): Promise<RetiredKey> {
  const [key, below, ...more] = line.split(' ');
  const size = below === undefined ? undefined : Number(below);
  if (more.length > 0 || (size !== undefined && !Number.isSafeInteger(size))) throw invalidKey();
  return { verifier: await parseVerifierKey(key), ...(size !== undefined && { below: size }) };
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

/** The log was signed by none of the keys that are here. */
export const keyUnknown = (): Failure =>
  new Failure('unavailable', 'log.key_unknown', {
    zh: '已签署的检查点不是由现有日志密钥签署的；请从备份恢复 log.key。',
    en: 'The newest checkpoint was not signed by a key that this log has now; restore log.key from its backup.',
  });

const keyMissing = (file: string): Failure =>
  new Failure('unavailable', 'log.key_missing', {
    zh: `本日志已由其他节点开始，而此处没有密钥 ${file}。各节点须使用同一密钥：设置 MINGJING_LOG_KEY，或令 MINGJING_LOG_KEY_FILE 指向共用的文件。`,
    en: `Other nodes have begun this log, and there is no key in ${file}. All nodes need the same: set MINGJING_LOG_KEY, or MINGJING_LOG_KEY_FILE to a file that they share.`,
  });

const otherKey = (begun: string, own: string): Failure =>
  new Failure('unavailable', 'log.other_key', {
    zh: `本日志已由其他节点以密钥 ${begun} 开始，而此处的密钥是 ${own}。各节点须使用同一密钥：设置 MINGJING_LOG_KEY，或令 MINGJING_LOG_KEY_FILE 指向共用的文件。`,
    en: `Another node has begun this log with the key ${begun}, and the one here is ${own}. All nodes need the same: set MINGJING_LOG_KEY, or MINGJING_LOG_KEY_FILE to a file that they share.`,
  });

/** The keys are of a log of another name. */
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
    zh: '新密钥尚未与旧密钥一同签署检查点；请重启服务，待下一条事件的检查点发布后再停用旧密钥。',
    en: 'The new key has not signed a checkpoint beside the old one yet; restart the server and wait until the checkpoint of the next event is published.',
  });

const newKeyUnaccepted = (): Failure =>
  new Failure('refused', 'log.new_key_unaccepted', {
    zh: '仅由新密钥签署的检查点尚未发布；请重启服务，待下一条事件的检查点发布后再删除旧密钥。在此之前旧密钥予以保留。',
    en: 'No checkpoint signed by the new key alone is published yet; restart the server and wait until the checkpoint of the next event is. Until then the old secret is kept.',
  });
