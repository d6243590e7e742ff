import type { TopicRow } from '../../projections/complaints/complaints';
import type { RatingRow } from '../../projections/officer-performance/rows';
import type { LagStatistics } from '../disclosure/statistics.queries';
import { TOPICS } from '../oversight/complaint-lists';
import { Heading, None, Table, Zh } from './building-blocks';
import { binsOf, Histogram } from './histogram';
import { amount } from './shown-notice';
import { useView } from './view';

export interface Statistics {
  /** Of the scope that was asked for. */
  readonly lag: LagStatistics;
  readonly perBody: readonly LagStatistics[];
  readonly topics: readonly TopicRow[];
  readonly ratings: ReadonlyArray<RatingRow & { readonly bodyName: string }>;
}

export function StatisticsPage({ lag, perBody, topics, ratings }: Statistics) {
  const { t, href } = useView();
  return (
    <>
      <Heading title={t('statistics.title')} />
      <section aria-labelledby="lag">
        <h2 id="lag">{t('statistics.lag')}</h2>
        <p>
          {t('statistics.lag.lead')} {t('statistics.scope')}:{' '}
          {lag.scope === 'all' ? (
            t('statistics.scope.all')
          ) : (
            <>
              <Zh>{lag.scope}</Zh> · <a href={href('/statistics')}>{t('statistics.scope.all')}</a>
            </>
          )}
        </p>
        {lag.notices > 0 ? <Lag lag={lag} /> : <p className="nothing">{t('statistics.none')}</p>}
        {perBody.length > 0 && <PerBody rows={perBody} limitDays={lag.limitDays} />}
      </section>
      <section aria-labelledby="topics">
        <h2 id="topics">{t('statistics.complaints')}</h2>
        <Topics topics={topics} />
      </section>
      <section aria-labelledby="ratings">
        <h2 id="ratings">{t('statistics.ratings')}</h2>
        {ratings.length > 0 ? <Ratings ratings={ratings} /> : <p className="nothing">{t('statistics.none')}</p>}
      </section>
    </>
  );
}

function Lag({ lag }: { lag: LagStatistics }) {
  const { t } = useView();
  const bins = binsOf(lag);
  const figures = [
    [t('statistics.notices'), lag.notices],
    [t('statistics.min'), lag.min],
    [t('statistics.median'), lag.median],
    [t('statistics.max'), lag.max],
    [t('statistics.over', lag.limitDays), lag.overLimit],
  ] as const;
  return (
    <>
      <dl className="figures">
        {figures.map(([what, n], i) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{i > 0 && i < 4 ? t('notice.days', amount(n ?? 0)) : amount(n ?? 0)}</dd>
          </div>
        ))}
      </dl>
      <figure>
        <Histogram statistics={lag} bins={bins} />
        <figcaption>
          <span className="key within" aria-hidden="true" /> {t('statistics.within', lag.limitDays)}{' '}
          <span className="key over" aria-hidden="true" /> {t('statistics.beyond', lag.limitDays)}
        </figcaption>
      </figure>
      <details>
        <summary>{t('statistics.histogram.table')}</summary>
        <Table
          narrow
          caption={t('statistics.histogram')}
          rows={bins}
          keyOf={({ from }) => String(from)}
          columns={[
            {
              title: t('statistics.days'),
              cell: ({ from, to }) => (from === to ? from : `${from}–${to}`),
              numeric: true,
            },
            { title: t('statistics.notices'), cell: ({ notices }) => amount(notices), numeric: true },
          ]}
        />
      </details>
    </>
  );
}

function PerBody({ rows, limitDays }: { rows: readonly LagStatistics[]; limitDays: number }) {
  const { t, href } = useView();
  return (
    <Table
      caption={t('statistics.perBody')}
      showCaption
      rows={rows}
      keyOf={({ scope }) => scope}
      columns={[
        {
          title: t('notice.body'),
          cell: ({ scope }) => (
            <a href={href('/statistics', { body: scope })}>
              <Zh>{scope}</Zh>
            </a>
          ),
        },
        { title: t('statistics.notices'), cell: ({ notices }) => amount(notices), numeric: true },
        { title: t('statistics.min'), cell: ({ min }) => min ?? <None />, numeric: true },
        { title: t('statistics.median'), cell: ({ median }) => median ?? <None />, numeric: true },
        { title: t('statistics.max'), cell: ({ max }) => max ?? <None />, numeric: true },
        { title: t('statistics.over', limitDays), cell: ({ overLimit }) => amount(overLimit), numeric: true },
      ]}
    />
  );
}

/** All eleven topics (J01), also those without a complaint. */
function Topics({ topics }: { topics: readonly TopicRow[] }) {
  const { t, say } = useView();
  const byTopic = new Map(topics.map((row) => [row.topic, row]));
  return (
    <Table
      narrow
      caption={t('statistics.complaints')}
      rows={TOPICS}
      keyOf={({ code }) => code}
      columns={[
        { title: t('statistics.topic'), cell: say },
        { title: t('statistics.lodged'), cell: ({ code }) => amount(byTopic.get(code)?.lodged ?? 0), numeric: true },
        {
          title: t('statistics.answered'),
          cell: ({ code }) => amount(byTopic.get(code)?.answered ?? 0),
          numeric: true,
        },
        { title: t('statistics.closed'), cell: ({ code }) => amount(byTopic.get(code)?.closed ?? 0), numeric: true },
      ]}
    />
  );
}

function Ratings({ ratings }: Pick<Statistics, 'ratings'>) {
  const { t, href } = useView();
  return (
    <Table
      narrow
      caption={t('statistics.ratings')}
      rows={ratings}
      keyOf={({ bodyId }) => bodyId}
      columns={[
        {
          title: t('notice.body'),
          cell: ({ bodyId, bodyName }) => (
            <a href={href(`/bodies/${bodyId}`)}>
              <Zh>{bodyName}</Zh>
            </a>
          ),
        },
        { title: t('statistics.ratings.count'), cell: (row) => amount(row.ratings), numeric: true },
        {
          title: t('statistics.ratings.mean'),
          cell: ({ stars, ratings: n }) => (n > 0 ? (stars / n).toFixed(1) : <None />),
          numeric: true,
        },
      ]}
    />
  );
}
