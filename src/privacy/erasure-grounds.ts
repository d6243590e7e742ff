import type { LocalDate } from '../kernel/time';

/** A ground on which personal data are erased (个人信息保护法 47), and what goes with it. */
export interface ErasureGround {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly basis: string;
  readonly validFrom: LocalDate;
  /** The last day in force. */
  readonly validTo?: LocalDate;
  /**
   * The time for which a file must be kept does not stand against it: what should never have been recorded, or what a court
   * orders away, is not kept for having been filed. On every other ground the data are kept, and kept only (第47条第2款).
   */
  readonly overridesRetention: boolean;
  /** The decision, judgment or instrument must be named. */
  readonly needsDocument: boolean;
}

const PIPL_SINCE = '2021-11-01';

const ground = (
  code: string,
  zh: string,
  en: string,
  basis: string,
  more: { readonly overridesRetention?: boolean; readonly needsDocument?: boolean } = {},
): ErasureGround => ({
  code,
  zh,
  en,
  basis,
  validFrom: PIPL_SINCE,
  overridesRetention: more.overridesRetention ?? false,
  needsDocument: more.needsDocument ?? false,
});

/** In the order of the article. */
export const ERASURE_GROUNDS: readonly ErasureGround[] = [
  ground(
    'purpose_achieved',
    '处理目的已实现、无法实现或者不再必要',
    'the purpose is achieved, cannot be achieved, or no longer needs them',
    '个人信息保护法第47条第1款第1项',
  ),
  ground(
    'retention_ended',
    '保存期限已届满',
    'the time for which they are kept is over',
    '个人信息保护法第47条第1款第2项',
  ),
  ground('consent_withdrawn', '个人撤回同意', 'the person has withdrawn consent', '个人信息保护法第47条第1款第3项'),
  ground(
    'unlawful',
    '违反法律、行政法规处理（包括误录他人信息）',
    'they were recorded unlawfully, or by mistake',
    '个人信息保护法第47条第1款第4项',
    { overridesRetention: true, needsDocument: true },
  ),
  ground(
    'other_law',
    '法律、行政法规规定的其他情形',
    'another law or administrative regulation says so',
    '个人信息保护法第47条第1款第5项',
    { needsDocument: true },
  ),
  ground('court_order', '人民法院生效裁判', 'a court has ordered it with final effect', '个人信息保护法第50条第2款', {
    overridesRetention: true,
    needsDocument: true,
  }),
];

export const ERASURE_GROUND_CODES: readonly string[] = ERASURE_GROUNDS.map(({ code }) => code);

/** The ground of a code, if it is in force on a day. */
export const erasureGround = (code: string, on: LocalDate): ErasureGround | undefined =>
  ERASURE_GROUNDS.find((g) => g.code === code && g.validFrom <= on && (g.validTo === undefined || on <= g.validTo));
