import { createHash } from 'node:crypto';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Instant } from '../kernel/time';
import { mark, stylesheet, verifyScript } from './assets';
import { Around } from './building-blocks';
import type { Page } from './layout';
import type { Offer } from './verifier/verify-notice';
import { inChina } from './verifier/shown-fields';
import { KEPT_PROOFS } from './verify-panel';
import { inLanguage, useView, ViewContext, type View } from './view';

/** What a copy for keeping holds besides the page. */
export interface Kept {
  readonly offer: Offer;
  readonly keptAt: Instant;
  /** Of the page on the site. */
  readonly address: string;
}

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Nothing from anywhere, and of what is in the file only our style sheet and our program: text that was typed into a record,
 * or put into the file later, runs nothing.
 */
const POLICY = [
  "default-src 'none'",
  `script-src ${sha256(verifyScript.content)}`,
  `style-src ${sha256(stylesheet.content)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A notice as one file that needs nothing else: style, proofs and the program that verifies them. */
export function renderCopy(view: View, page: Page, kept: Kept): string {
  return `<!doctype html>\n${renderToStaticMarkup(
    <ViewContext value={view}>
      <Copy page={page} kept={kept} />
    </ViewContext>,
  )}\n`;
}

function Copy({ page: { title, content }, kept: { offer, keptAt, address } }: { page: Page; kept: Kept }) {
  const { t, lang, say, agency, origin } = useView();
  const home = origin + inLanguage(address, lang);
  return (
    <html lang={lang === 'zh' ? 'zh-CN' : 'en'}>
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${title} · ${say(agency)}`}</title>
        <link rel="icon" href={inline(mark.content, mark.type)} />
        <style dangerouslySetInnerHTML={{ __html: stylesheet.content }} />
      </head>
      <body>
        <header className="site">
          <div className="bar">
            <span className="brand">
              <img src={inline(mark.content, mark.type)} alt="" width="40" height="40" />
              <span>
                <strong>{say(agency)}</strong>
                <small>{t('copy.title')}</small>
              </span>
            </span>
          </div>
        </header>
        <main id="content">
          <p className="aside kept">
            <Around text="copy.what">
              <time dateTime={keptAt}>{inChina(keptAt)}</time>
            </Around>{' '}
            <a href={home}>{home}</a>
          </p>
          {content}
        </main>
        <script type="application/json" id={KEPT_PROOFS} dangerouslySetInnerHTML={{ __html: asData(offer) }} />
        <script type="module" dangerouslySetInnerHTML={{ __html: verifyScript.content }} />
      </body>
    </html>
  );
}

const inline = (content: string, type: string): string =>
  `data:${type};base64,${Buffer.from(content).toString('base64')}`;

/** JSON that no parser of HTML takes for markup. */
const asData = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');
