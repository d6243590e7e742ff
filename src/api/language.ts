import type { Bilingual } from '../kernel/errors';

export type Language = keyof Bilingual;

/** The language of an answer by `Accept-Language`: Chinese, unless English is asked for with more weight. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const weights = { zh: 0, en: 0 };
  for (const part of (acceptLanguage ?? '').slice(0, 256).split(',')) {
    const [range, ...parameters] = part.trim().toLowerCase().split(';');
    const q = parameters.map((p) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(p)?.[1]).find((v) => v !== undefined);
    const language = range.split('-')[0];
    if (language === 'zh' || language === 'en') weights[language] = Math.max(weights[language], Number(q ?? 1));
  }
  return weights.en > weights.zh ? 'en' : 'zh';
}
