import type { LocalDate } from '../kernel/time';

/** The Republic of China calendar (民國) counts from 1912 as year 1. */
const ROC_ERA = 1911;

interface DateForm {
  readonly pattern: RegExp;
  readonly era: number;
}

const form = (pattern: RegExp, era = 0): DateForm => ({ pattern, era });

/** The forms a profile may name in `dates`, with an example of each. */
export const DATE_FORMS = {
  /** 105/07/29, 104/5/11 */
  'roc-slash': form(/^(\d{2,3})\/(\d{1,2})\/(\d{1,2})$/, ROC_ERA),
  /** 1050729 */
  'roc-compact': form(/^(\d{2,3})(\d{2})(\d{2})$/, ROC_ERA),
  /** 105年7月29日, 民國105年7月29日 */
  'roc-han': form(/^(?:中華民國|民國)?(\d{2,3})年(\d{1,2})月(\d{1,2})日$/, ROC_ERA),
  /** 2016-07-29 */
  iso: form(/^(\d{4})-(\d{1,2})-(\d{1,2})$/),
  /** 2016/07/29 */
  slash: form(/^(\d{4})\/(\d{1,2})\/(\d{1,2})$/),
  /** 20160729 */
  compact: form(/^(\d{4})(\d{2})(\d{2})$/),
  /** 2016年7月29日 */
  han: form(/^(\d{4})年(\d{1,2})月(\d{1,2})日$/),
} as const;

export type DateFormName = keyof typeof DATE_FORMS;

export const isDateFormName = (name: string): name is DateFormName => Object.hasOwn(DATE_FORMS, name);

/** Leap and century rules included: 105/02/29 is a day, 104/02/29 is none. */
function realDate(year: number, month: number, day: number): LocalDate | undefined {
  if (year < 1000 || month < 1 || month > 12 || day < 1) return undefined;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > last) return undefined;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The date in a cell, by the first form that fits; spaces and a full stop at the end are no part of it. Undefined: unreadable. */
export function readDate(cell: string, forms: readonly DateFormName[]): LocalDate | undefined {
  const text = cell.trim().replace(/[.。．]$/, '');
  for (const name of forms) {
    const { pattern, era } = DATE_FORMS[name];
    const found = pattern.exec(text);
    if (found) return realDate(Number(found[1]) + era, Number(found[2]), Number(found[3]));
  }
  return undefined;
}
