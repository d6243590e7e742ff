import type { Bilingual } from '../kernel/errors';

/** A text of the catalogue. */
export const m = (zh: string, en: string): Bilingual => ({ zh, en });

/** A text with its `{0}`, `{1}` filled in. */
export const fill = (text: string, values: ReadonlyArray<string | number>): string =>
  text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)] ?? ''));

/** Both languages of a text, filled in. A value may come in both languages itself. */
export const fillBoth = (text: Bilingual, ...values: ReadonlyArray<Bilingual | string | number>): Bilingual => ({
  zh: fill(text.zh, inOne(values, 'zh')),
  en: fill(text.en, inOne(values, 'en')),
});

const inOne = (values: ReadonlyArray<Bilingual | string | number>, lang: keyof Bilingual): Array<string | number> =>
  values.map((value) => (typeof value === 'object' ? value[lang] : value));
