import { NOTICE_CATEGORIES, type NoticeCategory } from '../disclosure/notice-events';
import { Heading, KeepLanguage, Pager, Select } from './building-blocks';
import { NoticeList } from './notice-list';
import { parametersOf, type NoticeQuery } from './notice-search';
import type { Turned } from './public-rows';
import { amount, type ListedNotice } from './shown-notice';
import { useView } from './view';

export interface SearchResult {
  readonly query: NoticeQuery;
  readonly page: Turned<ListedNotice>;
  readonly count: number;
  readonly byCategory: ReadonlyArray<readonly [NoticeCategory, number]>;
  readonly bodies: readonly string[];
}

/** Search of the public notices; all of it is in the address. */
export function SearchPage({ query, page, count, byCategory, bodies }: SearchResult) {
  const { t, href } = useView();
  const asked = parametersOf(query);
  const narrowed = Object.values(asked).some((value) => value !== undefined);
  return (
    <>
      <Heading title={t('search.title')} />
      <SearchForm query={query} bodies={bodies} narrowed={narrowed} />
      <section aria-labelledby="results">
        <h2 id="results" className="unseen">
          {t('search.results')}
        </h2>
        <div className="summary">
          <p role="status">{t('search.count', amount(count))}</p>
          <p className="actions">
            <a href={href('/notices.csv', { ...asked })}>{t('search.export')}</a>
            <a href={href('/feed.atom', { body: asked.body })}>{t('search.follow')}</a>
          </p>
        </div>
        {byCategory.length > 1 && (
          <nav className="facets" aria-label={t('search.facets')}>
            <ul>
              <li>
                <a
                  href={href('/notices', { ...asked, category: undefined })}
                  aria-current={asked.category ? undefined : 'true'}
                >
                  {t('search.category.any')}
                </a>
              </li>
              {byCategory.map(([category, notices]) => (
                <li key={category}>
                  <a
                    href={href('/notices', { ...asked, category })}
                    aria-current={asked.category === category ? 'true' : undefined}
                  >
                    {t(`category.${category}`)} <span className="count">{amount(notices)}</span>
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {page.rows.length > 0 ? <NoticeList notices={page.rows} label={t('search.results')} /> : <Nothing />}
        <Pager
          previous={page.previous && href('/notices', { ...asked, before: page.previous })}
          next={page.next && href('/notices', { ...asked, after: page.next })}
        />
      </section>
    </>
  );
}

function SearchForm({ query, bodies, narrowed }: Pick<SearchResult, 'query' | 'bodies'> & { narrowed: boolean }) {
  const { t, href } = useView();
  const { decidedFrom: from, decidedTo: to } = query;
  return (
    <form className="search" role="search" aria-label={t('search.form')} action="/notices" method="get">
      <KeepLanguage />
      <div className="field grow">
        <label htmlFor="q">{t('search.q')}</label>
        <input id="q" name="q" type="search" maxLength={100} defaultValue={query.q} placeholder={t('search.q.hint')} />
      </div>
      <div className="field">
        <label htmlFor="document">{t('search.document')}</label>
        <input id="document" name="document" maxLength={100} defaultValue={query.document} />
      </div>
      <div className="field">
        <label htmlFor="body">{t('search.body')}</label>
        <input id="body" name="body" list="bodies" maxLength={100} defaultValue={query.body} />
        <datalist id="bodies">
          {bodies.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </div>
      <Select
        name="category"
        label={t('search.category')}
        any={t('search.category.any')}
        selected={query.category}
        options={NOTICE_CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))}
      />
      <DateField name="decidedFrom" label={t('search.from')} value={from} malformed={query.malformed} />
      <DateField name="decidedTo" label={t('search.to')} value={to} malformed={query.malformed} />
      <div className="submit">
        <button type="submit">{t('search.submit')}</button>
        {narrowed && <a href={href('/notices')}>{t('search.clear')}</a>}
      </div>
      {from && to && from > to && (
        <p className="error" role="alert">
          {t('search.bad_order')}
        </p>
      )}
    </form>
  );
}

function DateField(props: {
  name: 'decidedFrom' | 'decidedTo';
  label: string;
  value?: string;
  malformed: NoticeQuery['malformed'];
}) {
  const { name, label, value, malformed } = props;
  const { t } = useView();
  const bad = malformed.includes(name);
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <input
        id={name}
        name={name}
        type="date"
        defaultValue={value}
        aria-invalid={bad || undefined}
        aria-describedby={bad ? `${name}-error` : undefined}
      />
      {bad && (
        <p className="error" id={`${name}-error`}>
          {t('search.bad_date')}
        </p>
      )}
    </div>
  );
}

function Nothing() {
  const { t, href } = useView();
  return (
    <div className="nothing">
      <h3>{t('search.none')}</h3>
      <p>{t('search.none.hint')}</p>
      <ul>
        <li>{t('search.none.fewer')}</li>
        <li>{t('search.none.dates')}</li>
        <li>{t('search.none.person')}</li>
        <li>{t('search.none.expired')}</li>
      </ul>
      <p>
        <a href={href('/notices')}>{t('search.none.all')}</a>
      </p>
    </div>
  );
}
