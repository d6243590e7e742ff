import { EventType, Internal, Open } from '../kernel/event';

/**
 * 个人信息删除: decided and in force. From this event on no row shows the subject's personal data, and the key they are encrypted
 * under is to be destroyed; `SubjectKeyDestroyed` says that it was. The subject is `<kind>:<id>`, as it stands beside the
 * encrypted fields, and opaque.
 */
@EventType({ zh: '个人信息删除', en: 'Personal data erased', basis: '个人信息保护法第47条' })
export class PersonalDataErased {
  @Internal() subject!: string;
  /** A code of `ERASURE_GROUNDS`. */
  @Open() ground!: string;
  /** The article behind the ground. */
  @Open() basis!: string;
  /** The judgment, decision or instrument that orders it, by its number or article. */
  @Open() document?: string;
  /** In the words of whoever decided; outlives the erasure, so it names nobody. */
  @Internal() reason?: string;
  /** A file that should have been kept until this day (LocalDate) is erased nevertheless, as the ground allows. */
  @Open() retainedUntil?: string;
}

/** The key was destroyed in the vault: what was encrypted under it can be read by nobody any more. */
@EventType({ zh: '个人信息密钥已销毁', en: 'Key of a subject destroyed', basis: '个人信息保护法第47条' })
export class SubjectKeyDestroyed {
  @Internal() subject!: string;
  /** Id of the `PersonalDataErased` that it carries out. */
  @Open() erasureId!: string;
}
