import { Failure } from '../../kernel/errors';
import type { Instant } from '../../kernel/time';

/** Whose personal data a field holds: `<kind>:<opaque id>`, such as `party:p-17`. Never a name or a number of a document. */
export type SubjectId = string;

/** Bytes of a subject's key: the first half encrypts, the second half makes salts. Two independent keys, never mixed. */
export const SUBJECT_KEY_BYTES = 64;
export const COMMITMENT_KEY_BYTES = 32;

export type SubjectKeys = ReadonlyMap<SubjectId, Buffer>;

/** How far a transparency log has been seen to go, kept apart from the log: without it a log that is gone could begin again. */
export interface SealedMark {
  readonly origin: string;
  /** Leaves; 0 for a log that has begun and of which nothing more is known. */
  readonly size: number;
  /** Of the tree of that size, 32 bytes. */
  readonly root: Uint8Array;
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
   * Destroys a subject's key for good, whether or not it ever had one; when this resolves its bytes are in no file of the vault.
   * False when it had been destroyed before.
   */
  abstract destroy(subject: SubjectId, at: Instant): Promise<boolean>;

  /** The key from which all ordinary salts are derived; 32 bytes, made on first use. */
  abstract commitmentKey(): Promise<Buffer>;

  /** The mark of a log; undefined when there never was one. */
  abstract sealedMark(origin: string): Promise<SealedMark | undefined>;

  /**
   * Raises the mark of a log; one that is as high or higher stays. A power cut may set it back by what was raised since the last
   * key was made; it is never above what the log has signed.
   */
  abstract raiseSealedMark(mark: SealedMark): Promise<void>;

  abstract close(): Promise<void>;
}

export const subjectErased = (): Failure =>
  new Failure('refused', 'privacy.subject_erased', {
    zh: '该主体的个人信息已依法删除，不得再行记录。',
    en: 'The personal data of this subject have been erased; no more can be recorded.',
    basis: '个人信息保护法 47',
  });

export const keyMissing = (subject: SubjectId): Failure =>
  new Failure('unavailable', 'privacy.key_missing', {
    zh: `密钥库中没有 ${subject} 的密钥，也没有销毁记录；请恢复与台账相配的 vault.db。`,
    en: `The vault has no key of ${subject} and no record of its destruction; restore the vault.db that belongs to this ledger.`,
  });
