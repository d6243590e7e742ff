import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../kernel/errors';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BASE64_OF_KEY = /^[A-Za-z0-9+/]{43}=$/;

const HEADER = `# Mingjing vault keys, newest first: 32 random bytes each, in base64. The keys of subjects in PostgreSQL are kept under the newest.
# Keep this file secret and apart from every copy of the database, and a copy of it in a safe place: without it all personal data are lost.
`;

export interface WrappingKeysOptions {
  readonly file: string;
  /** Keys from the environment, as in the file with white space between; they come before those of the file. */
  readonly secret?: string;
}

/** The public name of a wrapping key: the first 8 bytes of SHA-256 over a label and the key, in hex. */
export type WrappingKeyId = string;

const idOf = (key: Buffer): WrappingKeyId =>
  createHash('sha256').update('mingjing/wrapping-key-id/v1\0').update(key).digest('hex').slice(0, 16);

/**
 * The keys under which the vault's keys are kept in PostgreSQL (密钥加密密钥), which are never in it: what a database has written once
 * stays in its log, its replicas and its backups, and is worth nothing without these. One base64 of 32 bytes a line, the newest first.
 */
export class WrappingKeys {
  private keys: ReadonlyMap<WrappingKeyId, Buffer> = new Map();

  private constructor(private readonly options: WrappingKeysOptions) {
    this.reload();
  }

  /** The keys of the environment and of the file; none when there is neither. @throws Failure `privacy.vault_key_exposed`, `privacy.vault_key_invalid` */
  static open(options: WrappingKeysOptions): WrappingKeys {
    return new WrappingKeys(options);
  }

  get file(): string {
    return this.options.file;
  }

  /** Newest first. */
  get ids(): WrappingKeyId[] {
    return [...this.keys.keys()];
  }

  /** Whether the key is here; looks into the file again when it is not, which may have been copied here since. */
  has(id: WrappingKeyId): boolean {
    if (!this.keys.has(id)) this.reload();
    return this.keys.has(id);
  }

  /** Adds a new key in front, durable when this returns. @throws Failure `privacy.vault_key_from_environment` */
  make(): WrappingKeyId {
    if (this.options.secret) throw fromEnvironment();
    const key = randomBytes(KEY_BYTES);
    this.store([key, ...this.keys.values()]);
    return idOf(key);
  }

  /** Deletes all keys but one from the file. False when others are in the environment, where this cannot delete them. */
  keepOnly(id: WrappingKeyId): boolean {
    const ofFile = this.ofFile();
    const kept = ofFile.filter((key) => idOf(key) === id);
    if (kept.length < ofFile.length) this.store(kept);
    return this.ids.every((each) => each === id);
  }

  /**
   * A key as PostgreSQL keeps it: nonce (12 bytes) ‖ AES-256-GCM ‖ tag (16). What it is the key of is authenticated with it, so that one row
   * cannot be put in the place of another. The nonce is random: one wrapping key is good for 2³² keys.
   */
  wrap(id: WrappingKeyId, name: string, key: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(id), nonce).setAAD(labelOf(name));
    return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws Failure `privacy.vault_key_missing`; `privacy.vault_damaged` when these are not the bytes that were wrapped under this name */
  unwrap(id: WrappingKeyId, name: string, wrapped: Buffer): Buffer {
    const secret = this.keyOf(id);
    const end = wrapped.length - TAG_BYTES;
    try {
      const decipher = createDecipheriv('aes-256-gcm', secret, wrapped.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(labelOf(name)).setAuthTag(wrapped.subarray(end));
      return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, end)), decipher.final()]);
    } catch {
      throw damaged(name);
    }
  }

  /** @throws Failure `privacy.vault_key_missing` unless all are here */
  assertHas(ids: readonly WrappingKeyId[]): void {
    for (const id of ids) if (!this.has(id)) throw missing(id, this.file);
  }

  private keyOf(id: WrappingKeyId): Buffer {
    this.assertHas([id]);
    return this.keys.get(id)!;
  }

  private reload(): void {
    const given = parse(this.options.secret ?? '');
    this.keys = new Map([...given, ...this.ofFile()].map((key) => [idOf(key), key]));
  }

  private ofFile(): Buffer[] {
    if (!existsSync(this.file)) return [];
    assertPrivate(this.file);
    return parse(readFileSync(this.file, 'utf8').replaceAll(/^#.*$/gm, ''));
  }

  /** Writes the file, readable by its owner alone. A crash leaves the old file or the new one. */
  private store(keys: readonly Buffer[]): void {
    mkdirSync(dirname(this.file), { recursive: true });
    const temporary = `${this.file}.${process.pid}.tmp`;
    rmSync(temporary, { force: true });
    const descriptor = openSync(temporary, 'wx', 0o600);
    writeSync(descriptor, HEADER + keys.map((key) => `${key.toString('base64')}\n`).join(''));
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(temporary, this.file);
    const directory = openSync(dirname(this.file), 'r');
    fsyncSync(directory);
    closeSync(directory);
    this.reload();
  }
}

const labelOf = (name: string): Buffer => Buffer.from(`mingjing/wrapped-key/v1\0${name}`);

function parse(text: string): Buffer[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (!words.every((word) => BASE64_OF_KEY.test(word))) throw invalid();
  return words.map((word) => Buffer.from(word, 'base64'));
}

/** Windows has no such bits. */
function assertPrivate(file: string): void {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return;
  throw new Failure('unavailable', 'privacy.vault_key_exposed', {
    zh: `密钥库密钥文件 ${file} 可被他人读取；请确认密钥未外泄后执行 chmod 600，已外泄的须更换（mingjing vault rotate-key）。`,
    en: `Others than its owner can read the vault’s key in ${file}; make sure that nobody has, then chmod 600; a key that others have is replaced (mingjing vault rotate-key).`,
  });
}

const invalid = (): Failure =>
  new Failure('unavailable', 'privacy.vault_key_invalid', {
    zh: '密钥库密钥无法识别：每把须为 32 字节的 base64。',
    en: 'The vault’s key cannot be read: each is 32 bytes in base64.',
  });

const missing = (id: WrappingKeyId, file: string): Failure =>
  new Failure('unavailable', 'privacy.vault_key_missing', {
    zh: `数据库中的密钥以密钥库密钥 ${id} 加密，而 ${file} 和 MINGJING_VAULT_KEY 中都没有它；请从其他节点或备份复制。不会另行生成：新密钥打不开已有的内容。`,
    en: `The keys in the database are kept under the vault’s key ${id}, which is neither in ${file} nor in MINGJING_VAULT_KEY; copy it from another node or its backup. No new one is made: it would open nothing.`,
  });

const damaged = (name: string): Failure =>
  new Failure('damaged', 'privacy.vault_damaged', {
    zh: `密钥库中 ${name} 的密钥与写入时不符；请由备份恢复。`,
    en: `The key of ${name} in the vault is not as it was written; restore it from a backup.`,
  });

const fromEnvironment = (): Failure =>
  new Failure('refused', 'privacy.vault_key_from_environment', {
    zh: '密钥库密钥由环境变量 MINGJING_VAULT_KEY 提供：请在所有节点将新密钥（openssl rand -base64 32）置于旧密钥之前，以空格分隔，重启后再执行本命令。',
    en: 'The vault’s key comes from MINGJING_VAULT_KEY: on every node put a new one (openssl rand -base64 32) before the old one, with a space between, restart, and give this command again.',
  });
