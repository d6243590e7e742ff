import type { HistoricalRow } from '../../projections/public-notices/rows';
import { Fields } from './building-blocks';
import { useField } from './proven';
import { useView } from './view';

/** Where an imported act comes from, which rules it passed, and how a reconsideration ended. */
export function HistoricalRecord({ historical }: { historical: HistoricalRow }) {
  const { t } = useView();
  const field = useField();
  return (
    <>
      <section aria-labelledby="historical">
        <h2 id="historical">{t('notice.historical')}</h2>
        <p>{t('notice.historical.what')}</p>
        <Fields
          wide
          of={[
            [t('notice.historical.source'), field('historical.sourceName')],
            [t('notice.historical.row'), field('historical.row')],
            [t('notice.historical.sha'), field('historical.fileSha256', true)],
            [t('notice.historical.gates'), field('historical.gates', true)],
            [t('notice.historical.recorded'), field('historical.recordedAt')],
            [t('notice.historical.articles'), field('historical.articles')],
            [t('notice.historical.aggravation'), field('historical.aggravation')],
            [t('notice.historical.campaign'), field('historical.campaign')],
            [t('notice.historical.amount'), field('historical.amount')],
            [t('notice.historical.repairs'), field('historical.repairs')],
          ]}
        />
      </section>
      {historical.outcome && (
        <section aria-labelledby="reconsideration">
          <h2 id="reconsideration">{t('notice.reconsideration')}</h2>
          <Fields
            wide
            of={[
              [t('notice.reconsideration.outcome'), <strong key="outcome">{field('outcome.outcome')}</strong>],
              [t('notice.reconsideration.authority'), field('outcome.authority')],
              [t('notice.document'), field('outcome.documentNumber')],
              [t('notice.decided'), field('outcome.decidedOn')],
              [t('notice.remarks'), field('outcome.text')],
            ]}
          />
        </section>
      )}
    </>
  );
}
