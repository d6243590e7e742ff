import type { Bilingual } from '../kernel/errors';

/** The kinds of administrative penalty (行政处罚法 art 9), lightest first: the order in which a decision of several kinds counts. */

export interface PenaltyKind extends Bilingual {
  readonly id: string;
  /** The paragraph of art 9 that names it. */
  readonly item: 1 | 2 | 3 | 4 | 5 | 6;
  /** A hearing must be offered (art 63): always, from an amount, or not for this kind by itself. */
  readonly hearing: 'always' | 'from_amount' | 'never';
  /** A graver penalty 较重的行政处罚: decided collectively (art 57), and its publicity does not stop early (45号令 art 14). */
  readonly grave: boolean;
  /** It lasts, so that a decision says how long: in days, in months, or without end. */
  readonly lasts: boolean;
  /** How long the credit publicity system shows it (45号令 arts 2, 13). */
  readonly publicity: 'none' | 'short' | 'by_amount' | 'long' | 'by_restriction';
}

const kind = (
  id: string,
  item: PenaltyKind['item'],
  zh: string,
  en: string,
  hearing: PenaltyKind['hearing'],
  grave: boolean,
  publicity: PenaltyKind['publicity'],
  lasts = false,
): PenaltyKind => ({ id, item, zh, en, hearing, grave, publicity, lasts });

/**
 * Lightest first; restricting a business counts among the other graver penalties 其他较重的行政处罚 of art 63 (5), so that a
 * hearing is offered. 其他 stands before all because a named kind outweighs it. */
export const penaltyKinds = [
  kind('other', 6, '其他', 'other', 'never', false, 'long'),
  kind('warning', 1, '警告', 'warning', 'never', false, 'none'),
  kind('criticism', 1, '通报批评', 'circulated criticism', 'never', false, 'short'),
  kind('fine', 2, '罚款', 'fine', 'from_amount', false, 'by_amount'),
  kind('confiscate_gains', 2, '没收违法所得', 'confiscation of illegal gains', 'from_amount', false, 'long'),
  kind('confiscate_property', 2, '没收非法财物', 'confiscation of illegal property', 'from_amount', false, 'long'),
  kind('suspend_licence', 3, '暂扣许可证件', 'suspension of a licence', 'never', false, 'long', true),
  kind('lower_grade', 3, '降低资质等级', 'lowering of a grade of qualification', 'always', true, 'long'),
  kind(
    'restrict_business',
    4,
    '限制开展生产经营活动',
    'restriction of business',
    'always',
    true,
    'by_restriction',
    true,
  ),
  kind('suspend_business', 4, '责令停产停业', 'order to suspend business', 'always', true, 'long', true),
  kind('close_business', 4, '责令关闭', 'order to close down', 'always', true, 'long', true),
  kind('restrict_employment', 4, '限制从业', 'restriction of employment', 'always', true, 'by_restriction', true),
  kind('revoke_licence', 3, '吊销许可证件', 'revocation of a licence', 'always', true, 'long'),
  kind('detention', 5, '行政拘留', 'administrative detention', 'never', true, 'long', true),
] as const satisfies readonly PenaltyKind[];

export const penaltyKindIds: readonly string[] = penaltyKinds.map(({ id }) => id);

const byId: ReadonlyMap<string, PenaltyKind> = new Map(penaltyKinds.map((k) => [k.id, k]));

/** The kind by id; undefined for an unknown one. */
export const penaltyKind = (id: string): PenaltyKind | undefined => byId.get(id);
