import { createContext, useContext } from 'react';
import type { HttpRequest } from '../access/http-exchange';
import type { ApiConfig } from '../api/api-config';
import type { Language } from '../api/language';
import type { Bilingual } from '../kernel/errors';
import { fill } from './bilingual';
import { messages, type MessageKey } from './messages';
import { textOf } from './query-text';

export type Parameters = Readonly<Record<string, string | number | undefined>>;

/** What a page needs to know of its request: the language, and how to write an address that keeps it. */
export interface View {
  readonly lang: Language;
  readonly agency: Bilingual;
  /** The address of this page without the language, such as `/notices?q=…`. */
  readonly here: string;
  /** Scheme and host by which people reach the portal, without a slash at the end. */
  readonly origin: string;
  /** What stands before every address of the portal: nothing, or in a copy for keeping the origin. */
  readonly base: string;
  t(key: MessageKey, ...values: ReadonlyArray<string | number>): string;
  /** A text that comes in both languages, in this page's. */
  say(text: Bilingual): string;
  /** An address of the portal that stays in this page's language; parameters without a value are left out. */
  href(path: string, parameters?: Parameters): string;
}

/** The same address in another language; Chinese is the one without a mark. */
export function inLanguage(address: string, lang: Language): string {
  if (lang === 'zh') return address;
  const [path, fragment] = address.split('#', 2);
  return `${path}${path.includes('?') ? '&' : '?'}lang=en${fragment === undefined ? '' : `#${fragment}`}`;
}

/** Path and query; parameters without a value are left out. */
export function addressOf(path: string, parameters: Parameters = {}): string {
  const [page, fragment] = path.split('#', 2);
  const query = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
      value === undefined || value === '' ? [] : [[name, String(value)]],
    ),
  ).toString();
  return `${page}${query && `?${query}`}${fragment === undefined ? '' : `#${fragment}`}`;
}

/** What a view is made from: the request, or of a form's answer the page that the form is on. */
type Asked = Pick<HttpRequest, 'url' | 'query' | 'headers'>;

export function originOf(config: Pick<ApiConfig, 'publicUrl'>, request: Pick<HttpRequest, 'headers'>): string {
  if (config.publicUrl) return config.publicUrl.replace(/\/+$/, '');
  const { host } = request.headers;
  return `http://${typeof host === 'string' && /^[\w.:[\]-]{1,255}$/.test(host) ? host : 'localhost'}`;
}

/** Texts of the catalogue in one language. */
export const translator =
  (lang: Language): View['t'] =>
  (key, ...values) =>
    fill(messages[key][lang], values);

export function viewOf(config: ApiConfig, request: Asked): View {
  const lang: Language = textOf(request.query, 'lang', 8) === 'en' ? 'en' : 'zh';
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  searchParams.delete('lang');
  searchParams.delete('position');
  return {
    lang,
    agency: { zh: config.agencyNameZh, en: config.agencyNameEn },
    here: `${pathname}${searchParams.size > 0 ? `?${searchParams.toString()}` : ''}`,
    origin: originOf(config, request),
    base: '',
    t: translator(lang),
    say: (text) => text[lang],
    href: (path, parameters) => inLanguage(addressOf(path, parameters), lang),
  };
}

/** The same for a page that is kept elsewhere: its addresses lead back to the portal. */
export const keptView = (view: View): View => ({
  ...view,
  base: view.origin,
  href: (path, parameters) => view.origin + view.href(path, parameters),
});

export const ViewContext = createContext<View | undefined>(undefined);

/** The view of the page being rendered. */
export function useView(): View {
  const view = useContext(ViewContext);
  if (!view) throw new Error('a part of the portal was rendered outside a page');
  return view;
}
