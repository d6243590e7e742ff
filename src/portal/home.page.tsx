import { NoticeList } from './notice-list';
import { KeepLanguage } from './building-blocks';
import type { MessageKey } from './messages';
import { amount, type ListedNotice } from './shown-notice';
import { useView } from './view';

export interface HomeFigures {
  readonly notices: number;
  readonly bodies: number;
  readonly officers: number;
  readonly powers: number;
  readonly medianLagDays?: number;
}

/** The seven public matters 七公开 (I01) and the page of each. */
const SEVEN: ReadonlyArray<readonly [path: string, title: MessageKey, what: MessageKey]> = [
  ['/bodies', 'home.seven.body', 'home.seven.body.what'],
  ['/officers', 'home.seven.officer', 'home.seven.officer.what'],
  ['/law', 'home.seven.basis', 'home.seven.basis.what'],
  ['/powers', 'home.seven.post', 'home.seven.post.what'],
  ['/powers?class=penalty', 'home.seven.procedure', 'home.seven.procedure.what'],
  ['/about#remedies', 'home.seven.remedy', 'home.seven.remedy.what'],
  ['/about#supervision', 'home.seven.phone', 'home.seven.phone.what'],
];

export function HomePage({ figures, recent }: { figures: HomeFigures; recent: readonly ListedNotice[] }) {
  const { t, href } = useView();
  return (
    <>
      <section className="hero" aria-labelledby="lead">
        <h1 id="lead">{t('home.lead')}</h1>
        <form role="search" aria-label={t('search.form')} action="/notices" method="get">
          <KeepLanguage />
          <label className="unseen" htmlFor="q">
            {t('home.search')}
          </label>
          <input id="q" name="q" type="search" maxLength={100} placeholder={t('home.search')} />
          <button type="submit">{t('search.submit')}</button>
        </form>
      </section>
      <Figures {...figures} />
      <div className="columns">
        <section aria-labelledby="recent">
          <h2 id="recent">{t('home.recent')}</h2>
          {recent.length > 0 ? (
            <NoticeList
              notices={recent}
              label={t('home.recent')}
              dayOf={(notice) => (notice.status === 'published' ? notice.publishedOn : undefined)}
            />
          ) : (
            <p>{t('home.none')}</p>
          )}
          <p className="more">
            <a href={href('/notices')}>{t('home.all')} →</a>
          </p>
        </section>
        <div>
          <section aria-labelledby="seven">
            <h2 id="seven">{t('home.seven')}</h2>
            <ol className="seven">
              {SEVEN.map(([path, title, what]) => (
                <li key={title}>
                  <a href={href(path)}>{t(title)}</a>
                  <span>{t(what)}</span>
                </li>
              ))}
            </ol>
          </section>
          <section aria-labelledby="check">
            <h2 id="check">{t('home.check')}</h2>
            <ul className="prose">
              <li>{t('home.check.1')}</li>
              <li>{t('home.check.2')}</li>
              <li>
                {t('home.check.3')} <a href={href('/feeds')}>{t('nav.feeds')}</a>
              </li>
              <li>
                {t('home.check.verify')} <a href={href('/log/')}>{t('nav.log')}</a>
              </li>
              <li>
                {t('home.check.4')} <a href={href('/complaints/new')}>{t('home.check.complain')}</a>
              </li>
            </ul>
          </section>
        </div>
      </div>
    </>
  );
}

function Figures({ notices, bodies, officers, powers, medianLagDays }: HomeFigures) {
  const { t, href } = useView();
  const figures: ReadonlyArray<readonly [path: string, n: number | undefined, what: MessageKey]> = [
    ['/notices', notices, 'home.figures.notices'],
    ['/statistics', medianLagDays, 'home.figures.median'],
    ['/bodies', bodies, 'home.figures.bodies'],
    ['/officers', officers, 'home.figures.officers'],
    ['/powers', powers, 'home.figures.powers'],
  ];
  return (
    <section aria-label={t('home.figures')}>
      <ul className="figures">
        {figures.map(
          ([path, n, what]) =>
            n !== undefined && (
              <li key={path}>
                <a href={href(path)}>
                  <strong>{amount(n)}</strong> <span>{t(what)}</span>
                </a>
              </li>
            ),
        )}
      </ul>
    </section>
  );
}
