import type { Instrument } from '../law/instruments';
import type { LegalParameter } from '../law/parameters';
import { Heading, Table, Zh } from './building-blocks';
import { messages, type MessageKey } from './messages';
import { amount } from './shown-notice';
import { useView, type View } from './view';

/** A figure with its unit: `7 个工作日`, `50,000 元`, `1/3`. */
export function figureOf(t: View['t'], { value, unit, dayKind }: LegalParameter): string {
  if (unit === 'day') return t(`unit.day.${dayKind ?? 'calendar'}`, amount(value));
  return t(`unit.${unit}`, unit === 'fraction' ? fraction(value) : amount(value));
}

function fraction(value: number): string {
  for (let below = 2; below <= 20; below++) {
    const above = Math.round(value * below);
    if (above > 0 && Math.abs(above / below - value) < 1e-9) return `${above}/${below}`;
  }
  return String(Number(value.toFixed(4)));
}

function areaOf(id: string): MessageKey {
  const key = `area.${id.split('.', 1)[0]}`;
  return Object.hasOwn(messages, key) ? (key as MessageKey) : 'area.other';
}

/** The figures of the law in force on a day, each with its article. */
export function LawPage(props: {
  parameters: readonly LegalParameter[];
  instruments: readonly Instrument[];
  q?: string;
  on: string;
}) {
  const { parameters, instruments, q, on } = props;
  const { t } = useView();
  const areas = new Map<MessageKey, LegalParameter[]>();
  for (const p of parameters) areas.set(areaOf(p.id), [...(areas.get(areaOf(p.id)) ?? []), p]);
  return (
    <>
      <Heading title={t('law.title')} lead={t('law.lead')} />
      <form className="search short" role="search" action="/law" method="get">
        <LawFields q={q} on={on} />
      </form>
      <p className="summary" role="status">
        {t('law.count', parameters.length)}
      </p>
      <nav className="facets" aria-label={t('law.areas')}>
        <ul>
          {[...areas].map(([area, rows]) => (
            <li key={area}>
              <a href={`#${area}`}>
                {t(area)} <span className="count">{rows.length}</span>
              </a>
            </li>
          ))}
          {instruments.length > 0 && (
            <li>
              <a href="#instruments">
                {t('law.instruments')} <span className="count">{instruments.length}</span>
              </a>
            </li>
          )}
        </ul>
      </nav>
      {parameters.length === 0 && <p className="nothing">{t('law.none')}</p>}
      {[...areas].map(([area, rows]) => (
        <section key={area} aria-labelledby={area}>
          <h2 id={area}>{t(area)}</h2>
          <Figures caption={t(area)} rows={rows} />
        </section>
      ))}
      {instruments.length > 0 && <Instruments rows={instruments} />}
    </>
  );
}

function LawFields({ q, on }: { q?: string; on: string }) {
  const { t, lang } = useView();
  return (
    <>
      {lang === 'en' && <input type="hidden" name="lang" value="en" />}
      <div className="field grow">
        <label htmlFor="q">{t('law.q')}</label>
        <input id="q" name="q" type="search" defaultValue={q} maxLength={100} />
      </div>
      <div className="field">
        <label htmlFor="on">{t('law.on')}</label>
        <input id="on" name="on" type="date" defaultValue={on} />
      </div>
      <button type="submit">{t('search.submit')}</button>
    </>
  );
}

function Figures({ caption, rows }: { caption: string; rows: readonly LegalParameter[] }) {
  const { t, say } = useView();
  return (
    <Table
      caption={caption}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: t('law.what'),
          cell: (p) => (
            <>
              {say(p)}
              {p.local && <small className="note"> {t('law.local')}</small>}
            </>
          ),
        },
        { title: t('law.figure'), cell: (p) => <strong>{figureOf(t, p)}</strong>, numeric: true },
        { title: t('law.basis'), cell: ({ basis }) => <Zh>{basis}</Zh> },
        { title: t('law.since'), cell: ({ validFrom }) => <time dateTime={validFrom}>{validFrom}</time> },
        { title: t('law.mark'), cell: (p) => t(`law.mark.${p.mark}`) },
      ]}
    />
  );
}

function Instruments({ rows }: { rows: readonly Instrument[] }) {
  const { t, lang } = useView();
  return (
    <section aria-labelledby="instruments">
      <h2 id="instruments">{t('law.instruments')}</h2>
      <Table
        caption={t('law.instruments')}
        rows={rows}
        keyOf={({ id, validFrom }) => id + validFrom}
        columns={[
          {
            title: t('law.instrument'),
            cell: ({ title, en }) => (
              <>
                <Zh>{title}</Zh>
                {lang === 'en' && <small className="note"> {en}</small>}
              </>
            ),
          },
          { title: t('law.issued'), cell: ({ issued }) => issued && <Zh>{issued}</Zh> },
          { title: t('law.since'), cell: ({ validFrom }) => <time dateTime={validFrom}>{validFrom}</time> },
        ]}
      />
    </section>
  );
}
