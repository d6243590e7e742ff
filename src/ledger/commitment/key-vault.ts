import { createHmac } from 'node:crypto';
import { Failure } from '../../kernel/errors';
import type { Instant } from '../../kernel/time';

/** Whose personal data a field holds: `<kind>:<opaque id>`, such as `party:p-17`. Never a name or a number of a document. */
export type SubjectId = string;

/** Bytes of a subject's key: the first half encrypts, the second half makes salts. Two independent keys, never mixed. */
export const SUBJECT_KEY_BYTES = 64;
/** Bytes of the commitment key. */
export const COMMITMENT_KEY_BYTES = 32;

/** Keys by subject; those of erased subjects are missing. */
export type SubjectKeys = ReadonlyMap<SubjectId, Buffer>;

/** How far a transparency log has been seen to go, kept apart from the log: without it a log that is gone could begin again. */
export interface SealedMark {
  readonly origin: string;
  /** Leaves; 0 for a log that has begun and of which nothing more is known. */
  readonly size: number;
  /** Of the tree of that size, 32 bytes. */
  readonly root: Uint8Array;
}

/** One thing that a vault holds, as plain data: what moves when a ledger moves to another kind of store. Instants as they were recorded. */
export type VaultEntry =
  | { readonly kind: 'commitment-key'; readonly key: Uint8Array; readonly at: Instant }
  | { readonly kind: 'subject-key'; readonly subject: SubjectId; readonly key: Uint8Array; readonly at: Instant }
  | { readonly kind: 'destroyed'; readonly subject: SubjectId; readonly at: Instant }
  | ({ readonly kind: 'sealed-mark' } & SealedMark);

/** What has been put into a vault. */
export interface RestoredVault {
  /** Keys of subjects. */
  readonly keys: number;
  readonly destroyed: number;
}

/**
 * The only place where something can be erased: a key for each subject of personal data, and the ledger's commitment key.
 * Destroying a subject's key leaves ciphertext and digests in the ledger that nobody can read or guess.
 */
export abstract class KeyVault {
  /**
   * A key for each subject, made where there is none and durable before this resolves.
   * @throws Failure `privacy.subject_erased` when the key of one of them has been destroyed: it never gets another
   */
  abstract keysForWriting(subjects: Iterable<SubjectId>): Promise<SubjectKeys>;

  /**
   * The keys there are; subjects whose key has been destroyed are missing in the map.
   * @throws Failure `privacy.key_missing` when there is neither a key nor a record of its destruction: the wrong vault
   */
  abstract keysForReading(subjects: Iterable<SubjectId>): Promise<SubjectKeys>;

  /**
   * Destroys a subject's key for good, whether or not it ever had one; when this resolves no process is given it any more, and its bytes
   * are in no file of `vault.db`. What PostgreSQL keeps of them until when: README.md in this folder.
   * False when it had been destroyed before.
   */
  abstract destroy(subject: SubjectId, at: Instant): Promise<boolean>;

  /** The key from which all ordinary salts are derived; 32 bytes, made on first use. */
  abstract commitmentKey(): Promise<Buffer>;

  /**
   * Which vault this is, for those who know another: by its commitment key, on which every entry of the log hangs, so that it is the same after a
   * backup, a move to another kind of store and a change of the wrapping key. Nothing of the key can be learnt from it.
   */
  async fingerprint(): Promise<string> {
    return createHmac('sha256', await this.commitmentKey())
      .update('mingjing vault fingerprint')
      .digest('hex');
  }

  /**
   * Whose keys these are: the id of the ledger whose events they belong to, as all who share the vault have it. `own` is kept when none is known
   * yet, and the one that stands is given. A vault in a file has one process, and keeps none.
   */
  async ledgerId(own?: string): Promise<string | undefined> {
    return own;
  }

  /** The mark of a log; undefined when there never was one. */
  abstract sealedMark(origin: string): Promise<SealedMark | undefined>;

  /**
   * Raises the mark of a log; one that is as high or higher stays. A power cut may set it back by what was raised since the last
   * key was made; it is never above what the log has signed.
   */
  abstract raiseSealedMark(mark: SealedMark): Promise<void>;

  /** All that the vault holds at one moment, every key as it is, destructions instead of keys that are no more. */
  abstract contents(): AsyncIterable<VaultEntry>;

  /**
   * Puts in what another vault held; all or nothing.
   * @throws Failure `privacy.vault_not_empty` when this one holds anything: destructions could be undone
   */
  abstract restore(entries: AsyncIterable<VaultEntry> | Iterable<VaultEntry>): Promise<RestoredVault>;

  abstract close(): Promise<void>;

  private readonly listeners = new Set<() => void>();

  /**
   * Calls the listener after each destruction, by whichever node, and when some may have been missed: what was decrypted with a
   * key and kept in memory must be let go of. Returns how to stop.
   */
  onDestroyed(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  protected tellDestroyed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Something personal was to be recorded of a subject that is erased. */
export const subjectErased = (): Failure =>
  new Failure('refused', 'privacy.subject_erased', {
    zh: '该主体的个人信息已依法删除，不得再行记录。',
    en: 'The personal data of this subject have been erased; no more can be recorded.',
    basis: '个人信息保护法 47',
  });

/** The vault knows nothing of a subject that the ledger has sealed fields of. */
export const keyMissing = (subject: SubjectId): Failure =>
  new Failure('unavailable', 'privacy.key_missing', {
    zh: `密钥库中没有 ${subject} 的密钥，也没有销毁记录；请恢复与台账相配的 vault.db。`,
    en: `The vault has no key of ${subject} and no record of its destruction; restore the vault.db that belongs to this ledger.`,
  });

/** Keys are restored into an empty vault only. */
export const vaultNotEmpty = (): Failure =>
  new Failure('refused', 'privacy.vault_not_empty', {
    zh: '密钥库中已有内容，不予覆盖：否则已作的销毁可能失效。',
    en: 'The vault holds something already and is not overwritten: destructions could be undone.',
  });

/** More writes wait for the vault than it takes. */
export const vaultBusy = (): Failure =>
  new Failure('unavailable', 'privacy.vault_busy', {
    zh: '密钥库写入排队已满，请稍后重试。',
    en: 'Too many writes are waiting for the key vault; repeat the request later.',
  });

/** The vault is used after its end. */
export const vaultClosed = (): Failure =>
  new Failure('unavailable', 'privacy.vault_closed', { zh: '密钥库已关闭。', en: 'The key vault is closed.' });

/** @param reason a code, such as SQLite's */
export function vaultWriteFailed(reason: string, cause?: unknown): Failure {
  const failure = new Failure('unavailable', 'privacy.vault_write_failed', {
    zh: `密钥库写入失败（${reason}），请稍后重试。`,
    en: `The key vault could not be written (${reason}); repeat the request later.`,
  });
  failure.cause = cause;
  return failure;
}
