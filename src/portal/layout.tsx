import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { mark, stylesheet } from './assets';
import type { MessageKey } from './messages';
import { inLanguage, useView, ViewContext, type View } from './view';

/** The document of a page: its `title`, and the trail of pages above it. */
export interface Page {
  readonly title: string;
  readonly trail?: ReadonlyArray<{ readonly title: string; readonly href: string }>;
  /** Search engines shall not keep it. */
  readonly noindex?: boolean;
  readonly content: ReactNode;
}

const NAV: ReadonlyArray<readonly [path: string, title: MessageKey]> = [
  ['/notices', 'nav.notices'],
  ['/bodies', 'nav.bodies'],
  ['/officers', 'nav.officers'],
  ['/powers', 'nav.powers'],
  ['/draws', 'nav.draws'],
  ['/statistics', 'nav.statistics'],
  ['/law', 'nav.law'],
  ['/complaints/new', 'nav.complain'],
];

/** A whole page as HTML. */
export function renderPage(view: View, page: Page): string {
  return `<!doctype html>\n${renderToStaticMarkup(
    <ViewContext value={view}>
      <Document {...page} />
    </ViewContext>,
  )}\n`;
}

function Document({ title, trail = [], noindex, content }: Page) {
  const { t, say, lang, agency, origin, here, href } = useView();
  const home = here === '/';
  return (
    <html lang={lang === 'zh' ? 'zh-CN' : 'en'}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {noindex && <meta name="robots" content="noindex" />}
        <title>{home ? `${say(agency)} · ${t('site.name')}` : `${title} · ${say(agency)}`}</title>
        <link rel="stylesheet" href={stylesheet.path} />
        <link rel="icon" type={mark.type} href={mark.path} />
        <link rel="canonical" href={origin + inLanguage(here, lang)} />
        <link rel="alternate" hrefLang="zh-CN" href={origin + here} />
        <link rel="alternate" hrefLang="en" href={origin + inLanguage(here, 'en')} />
        <link rel="alternate" type="application/atom+xml" title="Atom" href={href('/feed.atom')} />
        <link rel="alternate" type="application/feed+json" title="JSON Feed" href={href('/feed.json')} />
      </head>
      <body>
        <a className="skip" href="#content">
          {t('site.skip')}
        </a>
        <Header />
        <main id="content" tabIndex={-1}>
          {!home && (
            <nav className="trail" aria-label={t('site.trail')}>
              <ol>
                {[{ title: t('site.home'), href: href('/') }, ...trail].map((step) => (
                  <li key={step.href}>
                    <a href={step.href}>{step.title}</a>
                  </li>
                ))}
              </ol>
            </nav>
          )}
          {content}
        </main>
        <Footer />
      </body>
    </html>
  );
}

function Header() {
  const { t, lang, agency, here, href } = useView();
  const names = lang === 'zh' ? [agency.zh, agency.en] : [agency.en, agency.zh];
  const other = lang === 'zh' ? 'en' : 'zh';
  return (
    <header className="site">
      <div className="bar">
        <a className="brand" href={href('/')}>
          <img src={mark.path} alt="" width="40" height="40" />
          <span>
            <strong>{names[0]}</strong>
            <small lang={other === 'en' ? 'en' : 'zh-CN'}>{names[1]}</small>
          </span>
        </a>
        <a
          className="language"
          href={inLanguage(here, other)}
          hrefLang={other === 'en' ? 'en' : 'zh-CN'}
          lang={other === 'en' ? 'en' : 'zh-CN'}
        >
          {other === 'en' ? 'English' : '中文'}
        </a>
      </div>
      <nav aria-label={t('site.nav')}>
        <ul>
          {NAV.map(([path, key]) => (
            <li key={path}>
              <a href={href(path)} aria-current={isWithin(here, path) ? 'page' : undefined}>
                {t(key)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

const isWithin = (here: string, path: string): boolean => here.split('?', 1)[0].split('/')[1] === path.split('/')[1];

function Footer() {
  const { t, href, origin, here, lang } = useView();
  return (
    <footer className="site">
      <p>{t('site.ledger')}</p>
      <nav aria-label={t('site.footer')}>
        <ul>
          <li>
            <a href={href('/about')}>{t('nav.about')}</a>
          </li>
          <li>
            <a href={href('/log/')}>{t('nav.log')}</a>
          </li>
          <li>
            <a href={href('/feeds')}>{t('nav.feeds')}</a>
          </li>
          <li>
            <a href={href('/ratings/new')}>{t('nav.rate')}</a>
          </li>
          <li>
            <a href="/api/docs">{t('nav.api')}</a>
          </li>
        </ul>
      </nav>
      <p className="printed">
        {t('site.printed')} {origin}
        {inLanguage(here, lang)}
      </p>
    </footer>
  );
}
