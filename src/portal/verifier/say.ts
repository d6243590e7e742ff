import type { Bilingual } from '../../kernel/errors';
import { fillBoth } from '../bilingual';
import { verifyMessages, type VerifyMessageKey } from '../verify-messages';

export const languageOf = ({ documentElement }: Document): keyof Bilingual =>
  documentElement.lang.startsWith('en') ? 'en' : 'zh';

/** A text of the catalogue in the page's language. */
export const say = (key: VerifyMessageKey, ...values: ReadonlyArray<Bilingual | string | number>): string =>
  inPageLanguage(fillBoth(verifyMessages[key], ...values));

export const inPageLanguage = (text: Bilingual): string => text[languageOf(document)];
