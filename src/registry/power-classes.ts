import type { Bilingual } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import type { PowerClass } from './registry-events';

/** What is particular to a class of power 权力类别 (B01). */
export interface PowerClassRow extends Bilingual {
  /** Burdens people: rests on laws, regulations and rules only, not on other documents (G01, 行政处罚法 16). */
  readonly needsRule: boolean;
  /** From this day on nothing is listed in it, and what was is no longer in force. */
  readonly closedFrom?: LocalDate;
  readonly basis: string;
}

export const powerClasses: Readonly<Record<PowerClass, PowerClassRow>> = {
  licence: { zh: '行政许可', en: 'licence', needsRule: true, basis: 'B01、行政许可法第17条' },
  penalty: { zh: '行政处罚', en: 'penalty', needsRule: true, basis: 'B01、行政处罚法第16条' },
  compulsion: { zh: '行政强制', en: 'compulsion', needsRule: true, basis: 'B01、行政强制法第10条' },
  levy: { zh: '行政征收', en: 'levy', needsRule: true, basis: 'B01' },
  inspection: { zh: '行政检查', en: 'inspection', needsRule: true, basis: 'B01' },
  confirmation: { zh: '行政确认', en: 'confirmation', needsRule: false, basis: 'B01' },
  reward: { zh: '行政奖励', en: 'reward', needsRule: false, basis: 'B01' },
  adjudication: { zh: '行政裁决', en: 'adjudication', needsRule: true, basis: 'B01' },
  payment: { zh: '行政给付', en: 'payment', needsRule: false, basis: 'B01' },
  charge: { zh: '行政收费', en: 'charge', needsRule: true, basis: 'B01' },
  other: { zh: '其他行政权力', en: 'other', needsRule: false, basis: 'B01' },
  non_licence_approval: {
    zh: '非行政许可审批',
    en: 'approval other than licensing',
    needsRule: false,
    closedFrom: '2015-05-10',
    basis: 'B01、国发〔2015〕27号',
  },
};
