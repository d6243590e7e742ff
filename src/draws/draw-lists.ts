import type { Bilingual } from '../kernel/errors';

/** One entry of a closed list: stable code, both languages. */
export interface Entry extends Bilingual {
  readonly code: string;
}

const entries = (...rows: ReadonlyArray<readonly [string, string, string]>): Entry[] =>
  rows.map(([code, zh, en]) => ({ code, zh, en }));

export const codes = (list: readonly Entry[]): string[] => list.map((e) => e.code);

/** What an inspection can find: the kinds of result that the national credit publicity system shows (双随机抽查结果). */
export const INSPECTION_RESULTS = entries(
  ['no_problem', '未发现问题', 'No problem found'],
  ['information_missing', '未按规定公示应当公示的信息', 'Information not published as required'],
  ['information_false', '公示信息隐瞒真实情况、弄虚作假', 'Published information conceals or falsifies'],
  ['not_to_be_found', '通过登记的住所（经营场所）无法联系', 'Not to be found at its registered address'],
  ['rectification_ordered', '发现问题已责令改正', 'Problems found, rectification ordered'],
  ['uncooperative', '不配合检查情节严重', 'Gravely uncooperative'],
  ['not_in_that_business', '未发现开展本次抽查涉及的经营活动', 'Does not do the business inspected'],
  ['to_be_followed_up', '发现问题待后续处理', 'Problems found, to be followed up'],
);

/** Why an officer who was drawn does not inspect. */
export const ABSENCES = entries(
  ['recusal', '回避', 'Recusal'],
  ['leave', '请假、出差', 'On leave or away'],
  ['no_credential', '不再持有有效执法证件', 'Holds no valid credential any more'],
  ['transferred', '调离', 'Transferred'],
);
