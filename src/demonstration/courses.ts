import type { Bilingual } from '../kernel/errors';
import type { DiscretionLevel, Outcome, PartyKind } from '../enforcement/penalty-types';

/** The steps of an ordinary case that may be slow, and after which a case may stand today. */
export type Milestone = 'clue' | 'filed' | 'concluded' | 'submitted' | 'reviewed' | 'noticed' | 'decided' | 'served';

/** The course that a case takes: what differs from the plain one, in which everything goes as it should. */
export interface Course extends Bilingual {
  readonly id: string;
  /** How often it is drawn beyond once. */
  readonly weight: number;
  /** The code of the power, where the story needs one. */
  readonly power?: string;
  readonly simple?: 'paid' | 'collected' | 'warned';
  readonly parties?: readonly PartyKind[];
  /** Age of a natural person. */
  readonly age?: number;
  readonly level?: DiscretionLevel;
  /** Fines from this amount on, so that the party has a right to a hearing. */
  readonly heavy?: true;
  /** By the officers who answer for it in the end. */
  readonly byReserved?: true;
  readonly fromComplaint?: true;
  readonly declined?: true;
  readonly ended?: true;
  readonly outcome?: Outcome;
  readonly preserved?: true;
  readonly tested?: true;
  readonly contested?: true;
  readonly heard?: 'waived' | 'silent' | 'statement' | 'hearing';
  readonly payment?: 'on_time' | 'instalments' | 'late' | 'never';
  readonly remedy?: 'upheld' | 'revoked';
  readonly publication?: 'late' | 'withheld' | 'corrected';
  /** Working days more than usual before a step. */
  readonly slow?: Partial<Record<Milestone, number>>;
  /** Working days after the fact that a step is entered. */
  readonly enteredLate?: number;
  /** It stands there today. */
  readonly stands?: Milestone;
  /** Working days before today on which it began, for a course that needs its time; otherwise any day will do. */
  readonly began?: number;
}

const plain = { weight: 0 } as const;

/** Every course once, in this order; further cases draw by weight. */
export const courses: readonly Course[] = [
  {
    ...plain,
    id: 'complaint-to-archive',
    zh: '从投诉到归档',
    en: 'from complaint to archive',
    fromComplaint: true,
    heard: 'waived',
    weight: 8,
    began: 150,
  },
  {
    ...plain,
    id: 'defended',
    zh: '陈述申辩部分采纳',
    en: 'a defence accepted in part',
    heard: 'statement',
    weight: 6,
    began: 140,
  },
  {
    ...plain,
    id: 'hearing',
    zh: '听证后集体讨论决定',
    en: 'a hearing, then collective discussion',
    parties: ['organisation'],
    heavy: true,
    heard: 'hearing',
    weight: 1,
    began: 160,
  },
  {
    ...plain,
    id: 'instalments',
    zh: '分期缴纳',
    en: 'paid by instalments',
    payment: 'instalments',
    heard: 'silent',
    weight: 2,
    began: 190,
  },
  {
    ...plain,
    id: 'surcharge',
    zh: '逾期缴纳加处罚款',
    en: 'paid late, with the surcharge',
    payment: 'late',
    weight: 2,
    began: 120,
  },
  {
    ...plain,
    id: 'reconsidered',
    zh: '复议维持',
    en: 'upheld on reconsideration',
    remedy: 'upheld',
    heard: 'statement',
    weight: 1,
    began: 170,
  },
  {
    ...plain,
    id: 'revoked',
    zh: '复议撤销，公示撤回',
    en: 'revoked on reconsideration, notice withdrawn',
    remedy: 'revoked',
    byReserved: true,
    began: 195,
  },
  {
    ...plain,
    id: 'first-minor',
    zh: '首违轻微不予处罚',
    en: 'no penalty for a first minor violation',
    outcome: 'no_penalty_minor',
    level: 'minor',
    weight: 5,
    began: 110,
  },
  { ...plain, id: 'declined', zh: '不予立案', en: 'not filed', declined: true, weight: 3, began: 90 },
  {
    ...plain,
    id: 'police',
    zh: '涉嫌犯罪移送公安',
    en: 'transferred to the police',
    outcome: 'transfer',
    level: 'grave',
    power: 'SC-CF-0109',
    began: 130,
  },
  {
    ...plain,
    id: 'minor',
    zh: '未成年人从轻、不予公示',
    en: 'a minor: lighter, and not published',
    power: 'CG-CF-0211',
    age: 17,
    level: 'minor',
    publication: 'withheld',
    began: 100,
  },
  {
    ...plain,
    id: 'natural-person',
    zh: '自然人，公示隐名',
    en: 'a natural person, masked in public',
    parties: ['natural_person'],
    weight: 4,
    began: 95,
  },
  {
    ...plain,
    id: 'on-the-spot',
    zh: '当场处罚',
    en: 'on the spot',
    simple: 'paid',
    level: 'minor',
    weight: 12,
    began: 60,
  },
  {
    ...plain,
    id: 'on-the-spot-collected',
    zh: '当场处罚并当场收缴',
    en: 'on the spot, and collected there',
    simple: 'collected',
    level: 'minor',
    parties: ['natural_person'],
    weight: 3,
    began: 50,
  },
  {
    ...plain,
    id: 'warned',
    zh: '当场警告',
    en: 'warned on the spot',
    simple: 'warned',
    level: 'minor',
    weight: 3,
    began: 40,
  },
  {
    ...plain,
    id: 'served-late',
    zh: '送达逾期，责任追究',
    en: 'served late, and somebody answers for it',
    slow: { served: 12 },
    began: 185,
  },
  { ...plain, id: 'reviewed-late', zh: '审核逾期', en: 'reviewed late', slow: { reviewed: 14 }, weight: 1, began: 105 },
  { ...plain, id: 'published-late', zh: '公示逾期', en: 'published late', publication: 'late', weight: 1, began: 115 },
  {
    ...plain,
    id: 'running-late',
    zh: '办案逾期，尚未决定',
    en: 'overdue and not decided yet',
    slow: { reviewed: 90 },
    began: 78,
  },
  {
    ...plain,
    id: 'tested',
    zh: '登记保存、检验、延期',
    en: 'evidence preserved and tested, time extended',
    preserved: true,
    tested: true,
    weight: 1,
    began: 145,
  },
  {
    ...plain,
    id: 'contested-review',
    zh: '审核不通过，补充调查后通过',
    en: 'the review fails, then passes',
    contested: true,
    weight: 1,
    began: 135,
  },
  {
    ...plain,
    id: 'corrected',
    zh: '公示更正',
    en: 'the notice corrected',
    publication: 'corrected',
    weight: 1,
    began: 125,
  },
  {
    ...plain,
    id: 'court',
    zh: '催告后申请法院强制执行',
    en: 'to the court for enforcement',
    payment: 'never',
    began: 230,
  },
  { ...plain, id: 'ended', zh: '终止调查', en: 'investigation ended', ended: true, weight: 1, began: 85 },
  {
    ...plain,
    id: 'entered-late',
    zh: '检查记录事后补录',
    en: 'an inspection entered days after',
    enteredLate: 6,
    weight: 1,
    began: 75,
  },
  {
    ...plain,
    id: 'at-clue',
    zh: '线索核查中',
    en: 'under way: the clue is checked',
    stands: 'clue',
    fromComplaint: true,
  },
  { ...plain, id: 'at-investigation', zh: '调查中', en: 'under way: investigation', stands: 'filed', preserved: true },
  { ...plain, id: 'at-concluded', zh: '调查终结', en: 'under way: investigation concluded', stands: 'concluded' },
  { ...plain, id: 'at-review', zh: '法制审核中', en: 'under way: legal review', stands: 'submitted' },
  { ...plain, id: 'at-reviewed', zh: '审核通过待告知', en: 'under way: reviewed', stands: 'reviewed' },
  {
    ...plain,
    id: 'at-noticed',
    zh: '已告知待决定',
    en: 'under way: the party is told',
    stands: 'noticed',
    heard: 'statement',
  },
  { ...plain, id: 'at-decided', zh: '已决定待送达', en: 'under way: decided', stands: 'decided' },
  { ...plain, id: 'at-served', zh: '已送达待缴款', en: 'under way: served, to be paid', stands: 'served' },
];

export const drawn: readonly Course[] = courses.flatMap((course) => Array<Course>(course.weight).fill(course));
