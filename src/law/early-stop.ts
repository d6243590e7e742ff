import type { Bilingual } from '../kernel/errors';

/** One condition of stopping the publicity of a penalty early 提前停止公示; all of them must be met. */
export interface EarlyStopCondition extends Bilingual {
  readonly code: string;
  readonly basis: string;
}

const article = '市场监督管理行政处罚信息公示规定第14条第1款';

/** 市场监督管理行政处罚信息公示规定 14 I. How long it must have been shown first: `disclosure.*_period_min` of the parameters. */
export const earlyStopConditions = [
  {
    code: 'performed',
    zh: '已经自觉履行行政处罚决定中规定的义务',
    en: 'what the decision imposes was performed voluntarily',
    basis: `${article}第1项`,
  },
  {
    code: 'harm_removed',
    zh: '已经主动消除危害后果和不良影响',
    en: 'the harm and its effects were removed on the party’s own initiative',
    basis: `${article}第2项`,
  },
  {
    code: 'not_repeated',
    zh: '未因同一类违法行为再次受到市场监督管理部门行政处罚',
    en: 'no further penalty for the like violation',
    basis: `${article}第3项`,
  },
  {
    code: 'not_listed',
    zh: '未在经营异常名录和严重违法失信名单中',
    en: 'on no list of abnormal operations or of grave dishonesty',
    basis: `${article}第4项`,
  },
] as const satisfies readonly EarlyStopCondition[];

export type EarlyStopCode = (typeof earlyStopConditions)[number]['code'];
