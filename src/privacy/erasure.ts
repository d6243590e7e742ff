import { evolveBy, rule, when, type Circumstances, type Decider } from '../kernel/decider';
import { Failure, refused, require_ } from '../kernel/errors';
import { event, isOfOtherBody } from '../kernel/event';
import type { LocalDate } from '../kernel/time';
import { findPersonalData } from '../disclosure/redaction';
import { ErasePersonalData, RecordKeyDestroyed } from './erasure-commands';
import { PersonalDataErased, SubjectKeyDestroyed } from './erasure-events';
import { erasureGround, type ErasureGround } from './erasure-grounds';
import { subjectOf } from './subject';

/** A record that holds personal data of the subject. */
export interface Holding {
  readonly zh: string;
  readonly en: string;
  readonly id: string;
}

/** What the inquiry finds out of a subject before the decision (`subject.queries.ts`). */
export interface SubjectFound {
  /** Whether the vault has a key of the subject, had one that is destroyed, or never heard of it. */
  readonly key: 'present' | 'destroyed' | 'unknown';
  /** A record that is still worked on. */
  readonly open?: Holding;
  /** The record that must be kept longest, and until when. */
  readonly kept?: Holding & { readonly until: LocalDate };
  /** The bodies whose records hold data of the subject. */
  readonly bodyIds: readonly string[];
}

interface SubjectState {
  readonly erased: boolean;
}

/** 个人信息主体: whose personal data the ledger holds, by an opaque id. One command, which cannot be undone. */
export const subjectDecider: Decider<SubjectState> = {
  category: 'subject',
  collection: 'subjects',
  zh: '个人信息主体',
  en: 'Subjects of personal data',
  initialState: { erased: false },
  evolve: evolveBy<SubjectState>(when(PersonalDataErased, (): SubjectState => ({ erased: true }))),
  rules: [
    rule<SubjectState, ErasePersonalData>({
      command: ErasePersonalData,
      may: ['privacy'],
      basis: '个人信息保护法第47条',
      zh: '删除个人信息',
      en: 'Erase personal data',
      decide: erase,
    }),
  ],
};

interface RegisterState {
  readonly destroyed: number;
}

/**
 * 销毁登记簿: one stream, `erasure-register`, names every key that was destroyed, so that a vault restored from an older backup
 * is told again before anything is read with it, without searching the ledger.
 */
export const erasureRegister: Decider<RegisterState> = {
  category: 'erasure',
  collection: 'erasures',
  zh: '个人信息密钥销毁登记',
  en: 'Register of destroyed keys',
  initialState: { destroyed: 0 },
  evolve: evolveBy<RegisterState>(when(SubjectKeyDestroyed, ({ destroyed }) => ({ destroyed: destroyed + 1 }))),
  rules: [
    rule<RegisterState, RecordKeyDestroyed>({
      command: RecordKeyDestroyed,
      may: ['system'],
      basis: '个人信息保护法第47条',
      zh: '登记密钥销毁',
      en: 'Record that a key is destroyed',
      decide: ({ subject, erasureId }) => [event(SubjectKeyDestroyed, { subject, erasureId })],
    }),
  ],
};

export const REGISTER_ID = 'register';

function erase(c: ErasePersonalData, state: SubjectState, { id, today, actor, found }: Circumstances): object[] {
  if (state.erased) return []; // it was done, or is being done
  const subject = found as SubjectFound;
  require_(subject.key !== 'unknown', 'privacy.subject_unknown', {
    zh: `密钥库中没有主体 ${id}：请核对编号（如 party.p-17），编号区分种类。`,
    en: `There is no subject ${id}: check the id, which begins with its kind, such as party.p-17.`,
    basis: '个人信息保护法第47条',
  });
  if (subject.bodyIds.some((body) => isOfOtherBody(body, actor))) throw otherBody();
  const ground = groundOf(c, today);
  mustNameNobody(c);
  // A ledger restored from before the erasure: the data are gone already, and only the record of it is missing.
  const lost = subject.key === 'destroyed';
  if (!lost) mustBeErasable(subject, ground, today);
  const kept = !lost && subject.kept && subject.kept.until >= today ? subject.kept : undefined;
  return [
    event(PersonalDataErased, {
      subject: subjectOf(id),
      ground: ground.code,
      basis: ground.basis,
      document: c.document,
      reason: c.reason,
      retainedUntil: kept?.until,
    }),
  ];
}

function groundOf({ ground: code, document }: ErasePersonalData, today: LocalDate): ErasureGround {
  const ground = erasureGround(code, today);
  require_(ground, 'privacy.ground_not_in_force', {
    zh: '该删除事由当日尚未生效或者已失效。',
    en: 'This ground is not in force today.',
    basis: '个人信息保护法第47条、第74条',
    field: 'ground',
  });
  require_(!ground.needsDocument || document, 'privacy.document_required', {
    zh: `以“${ground.zh}”为由删除的，应当载明所依据的决定、裁判文号或者法条。`,
    en: 'This ground needs the decision, judgment or article that it rests on.',
    basis: ground.basis,
    field: 'document',
  });
  return ground;
}

/** What is said of the erasure is open or stays when the data are gone. */
function mustNameNobody({ reason, document }: ErasePersonalData): void {
  const [finding] = findPersonalData({ reason, document }, 'natural_person');
  require_(!finding, 'privacy.reason_holds_personal_data', {
    zh: `“${finding?.field}”中含有${finding?.datum.zh}；理由在删除后仍将保存，不得写入个人信息。`,
    en: `${finding?.field} holds ${finding?.datum.en}; it is kept when the data are gone.`,
    basis: '个人信息保护法第6条',
    field: finding?.field,
  });
}

function mustBeErasable({ open, kept }: SubjectFound, ground: ErasureGround, today: LocalDate): void {
  require_(!open, 'privacy.record_open', {
    zh: `${open?.zh} ${open?.id} 尚未办结归档，办理目的尚未实现，不得删除其中的个人信息。`,
    en: `The ${open?.en} ${open?.id} is not finished: the purpose of the data is not achieved, and they may not be erased.`,
    basis: '个人信息保护法第47条、行政处罚法第47条',
  });
  require_(!kept || kept.until < today || ground.overridesRetention, 'privacy.must_be_kept', {
    zh: `${kept?.zh} ${kept?.id} 的保管期限至 ${kept?.until}，届满前不得删除，只可存储并采取必要的安全保护措施。`,
    en: `The ${kept?.en} ${kept?.id} must be kept until ${kept?.until}; until then the data are stored and protected, and nothing else.`,
    basis: '个人信息保护法第47条第2款',
  });
}

const otherBody = (): Failure =>
  refused('privacy.other_body', {
    zh: '其他执法主体的记录也载有该主体的个人信息，应当由不限于单一主体的个人信息保护岗位决定。',
    en: 'Records of other bodies hold data of this subject as well; somebody who acts for all bodies decides.',
    basis: '个人信息保护法第20条',
  });
