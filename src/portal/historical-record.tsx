import type { HistoricalRow } from '../../projections/public-notices/rows';
import { Day, Fields, Lines, Zh } from './building-blocks';
import type { MessageKey } from './messages';
import { amount } from './shown-notice';
import { useView } from './view';

/** Where an imported act comes from, which rules it passed, and how a reconsideration ended. */
export function HistoricalRecord({ historical: h, recordedAt }: { historical: HistoricalRow; recordedAt: string }) {
  const { t } = useView();
  return (
    <>
      <section aria-labelledby="historical">
        <h2 id="historical">{t('notice.historical')}</h2>
        <p>{t('notice.historical.what')}</p>
        <Fields
          wide
          of={[
            [t('notice.historical.source'), h.sourceName && <Zh>{h.sourceName}</Zh>],
            [t('notice.historical.row'), h.row > 0 && String(h.row)],
            [t('notice.historical.sha'), h.fileSha256 && <code className="long">{h.fileSha256}</code>],
            [t('notice.historical.gates'), <code key="gates">{h.gates}</code>],
            [
              t('notice.historical.recorded'),
              <time key="at" dateTime={recordedAt}>
                {inChina(recordedAt)}
              </time>,
            ],
            [
              t('notice.historical.articles'),
              h.articles.length > 0 && (
                <Zh>
                  <Lines of={h.articles.map(({ text, violation }) => (violation ? `${text}：${violation}` : text))} />
                </Zh>
              ),
            ],
            [t('notice.historical.aggravation'), h.aggravation.length > 0 && <Zh>{h.aggravation.join('；')}</Zh>],
            [t('notice.historical.campaign'), h.campaign && <Zh>{h.campaign}</Zh>],
            [t('notice.historical.amount'), h.amount !== undefined && `${h.currency ?? ''} ${amount(h.amount)}`.trim()],
            [t('notice.historical.repairs'), h.repairs.length > 0 && <Lines of={h.repairs.map((r) => repair(t, r))} />],
          ]}
        />
      </section>
      {h.outcome && (
        <section aria-labelledby="reconsideration">
          <h2 id="reconsideration">{t('notice.reconsideration')}</h2>
          <Fields
            wide
            of={[
              [t('notice.reconsideration.outcome'), <strong key="outcome">{t(`outcome.${h.outcome.outcome}`)}</strong>],
              [t('notice.reconsideration.authority'), h.outcome.authority && <Zh>{h.outcome.authority}</Zh>],
              [t('notice.document'), h.outcome.documentNumber && <Zh>{h.outcome.documentNumber}</Zh>],
              [t('notice.decided'), h.outcome.decidedOn && <Day on={h.outcome.decidedOn} />],
              [t('notice.remarks'), <Zh key="text">{h.outcome.text}</Zh>],
            ]}
          />
        </section>
      )}
    </>
  );
}

/** An instant by the clock in China: `2026-03-20 10:00:00 UTC+8`. */
const inChina = (instant: string): string =>
  `${new Date(instant).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })} UTC+8`;

/** What the fields of a file are called on the page. */
const FIELDS: Readonly<Record<string, MessageKey>> = {
  partyName: 'notice.party',
  representative: 'bodies.representative',
  documentNumber: 'notice.document',
  decidedOn: 'notice.decided',
  publishedOn: 'notice.published',
  articles: 'notice.historical.articles',
  violation: 'notice.violation',
  remarks: 'notice.remarks',
};

/** `exchanged:documentNumber,violation` in words. */
function repair(t: ReturnType<typeof useView>['t'], code: string): string {
  const [kind, fields = ''] = code.split(':', 2);
  if (kind !== 'exchanged' && kind !== 'damaged') return code;
  const named = fields.split(',').map((field) => (FIELDS[field] ? t(FIELDS[field]) : field));
  return t(`repair.${kind}`, named.join(', '));
}
