import type { BenchmarkRow, PowerRow } from '../../projections/registers/rows';
import type { Bilingual } from '../kernel/errors';
import { powerClasses } from '../registry/power-classes';
import { POWER_CLASSES, type PowerClass } from '../registry/power-events';
import { Chip, Fields, Heading, Lines, ListSearch, None, Pager, Select, Table, Zh } from './building-blocks';
import type { Turned } from './public-rows';
import { amount, kindName } from './shown-notice';
import { useView } from './view';

/** The catalogue of powers 职权目录 (B03). */
export function PowersPage(props: {
  page: Turned<PowerRow>;
  q?: string;
  powerClass?: PowerClass;
  body?: { id: string; name: string };
  count: number;
}) {
  const { page, q, powerClass, body, count } = props;
  const { t, say, href } = useView();
  const asked = { q, class: powerClass, body: body?.id };
  return (
    <>
      <Heading title={t('powers.title')} lead={t('powers.lead')} />
      <ListSearch action="/powers" label={t('powers.q')} q={q}>
        <Select
          name="class"
          label={t('powers.class')}
          any={t('powers.class.any')}
          selected={powerClass}
          options={POWER_CLASSES.map((value) => ({ value, label: say(powerClasses[value]) }))}
        />
        {body && <input type="hidden" name="body" value={body.id} />}
      </ListSearch>
      <div className="summary">
        <p role="status">{t('list.count', amount(count))}</p>
        {body && (
          <p>
            <Zh>{body.name}</Zh> · <a href={href('/powers', { q, class: powerClass })}>{t('search.clear')}</a>
          </p>
        )}
      </div>
      {page.rows.length > 0 ? (
        <Table
          caption={t('powers.title')}
          rows={page.rows}
          keyOf={({ code }) => code}
          columns={[
            { title: t('powers.code'), cell: ({ code }) => <code>{code}</code> },
            {
              title: t('powers.name'),
              cell: ({ code, name, cancelledOn }) => (
                <>
                  <a href={href(`/powers/${encodeURIComponent(code)}`)}>
                    <Zh>{name}</Zh>
                  </a>{' '}
                  {cancelledOn && <Chip kind="warn">{t('powers.cancelled', cancelledOn)}</Chip>}
                </>
              ),
            },
            { title: t('powers.class'), cell: (power) => say(powerClasses[power.powerClass]) },
            { title: t('powers.body'), cell: ({ bodyName }) => <Zh>{bodyName}</Zh> },
            { title: t('powers.office'), cell: ({ office }) => <Zh>{office}</Zh> },
          ]}
        />
      ) : (
        <p className="nothing">{t('powers.none')}</p>
      )}
      <Pager
        previous={page.previous && href('/powers', { ...asked, before: page.previous })}
        next={page.next && href('/powers', { ...asked, after: page.next })}
      />
    </>
  );
}

/** One power with its published fields, its benchmarks (F02). */
export function PowerPage(props: {
  power: PowerRow;
  benchmarks: readonly BenchmarkRow[];
  procedures: ReadonlyArray<Bilingual & { readonly id: string }>;
}) {
  const { power, benchmarks, procedures } = props;
  const { t, say, href } = useView();
  return (
    <>
      <Heading title={<Zh>{power.name}</Zh>}>
        <p className="kicker">
          {say(powerClasses[power.powerClass])}
          {power.cancelledOn && <Chip kind="warn">{t('powers.cancelled', power.cancelledOn)}</Chip>}
        </p>
      </Heading>
      <Fields
        wide
        of={[
          [t('powers.code'), <code key="code">{power.code}</code>],
          [
            t('powers.basis'),
            <Zh key="basis">
              <Lines of={power.legalBasis.map(({ instrument, article }) => `《${instrument}》${article}`)} />
            </Zh>,
          ],
          [
            t('powers.body'),
            <a key="body" href={href(`/bodies/${power.bodyId}`)}>
              <Zh>{power.bodyName}</Zh>
            </a>,
          ],
          [t('powers.office'), <Zh key="office">{power.office}</Zh>],
          [t('powers.form'), <Zh key="form">{power.disclosureForm}</Zh>],
          [t('powers.scope'), <Zh key="scope">{power.disclosureScope}</Zh>],
          [t('powers.time'), <Zh key="time">{power.disclosureTime}</Zh>],
          [t('powers.fee'), power.fee ? <Zh>{power.fee}</Zh> : t('powers.fee.none')],
          [t('powers.statutory'), power.statutoryDays !== undefined && t('notice.days', power.statutoryDays)],
          [t('powers.promised'), power.promisedDays !== undefined && t('notice.days', power.promisedDays)],
          [t('powers.version'), t('powers.version.of', power.version, power.validFrom)],
        ]}
      />
      {power.powerClass === 'penalty' && (
        <section aria-labelledby="procedures">
          <h2 id="procedures">{t('powers.flowchart')}</h2>
          <ul>
            {procedures.map((procedure) => (
              <li key={procedure.id}>
                <a href={href(`/powers/${encodeURIComponent(power.code)}/procedures/${procedure.id}`)}>
                  {say(procedure)}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {power.powerClass === 'penalty' && (
        <section aria-labelledby="benchmarks">
          <h2 id="benchmarks">{t('powers.benchmark')}</h2>
          {benchmarks.length === 0 && <p>{t('powers.benchmark.none')}</p>}
          {benchmarks.map((benchmark) => (
            <Benchmark key={benchmark.id} benchmark={benchmark} />
          ))}
        </section>
      )}
    </>
  );
}

/** The five published items of a benchmark: basis, kinds, scope, standard, range (F02). */
function Benchmark({ benchmark: b }: { benchmark: BenchmarkRow }) {
  const { t, say, lang } = useView();
  return (
    <>
      <h3>
        <Zh>{b.violation}</Zh>
      </h3>
      <p className="by">
        <Zh>{b.legalBasis.map(({ instrument, article }) => `《${instrument}》${article}`).join('；')}</Zh>
        {' · '}
        {b.penaltyKinds.map((kind) => say(kindName(kind))).join(lang === 'zh' ? '、' : ', ')}
        {' · '}
        {t('powers.version.of', b.version, b.validFrom)}
      </p>
      <Table
        caption={`${t('powers.benchmark')}: ${b.violation}`}
        rows={b.bands}
        keyOf={({ level }) => level}
        columns={[
          { title: t('powers.benchmark.level'), cell: ({ level }) => t(`level.${level}`) },
          {
            title: t('powers.benchmark.conditions'),
            cell: ({ conditions }) => (conditions ? <Zh>{conditions}</Zh> : <None />),
          },
          {
            title: t('powers.benchmark.range'),
            cell: ({ min, max }) => t(`range.${b.unit}`, amount(min), amount(max)),
            numeric: true,
          },
        ]}
      />
    </>
  );
}
