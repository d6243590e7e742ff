import type { InspectionRow } from '../../projections/draws/rows';
import { ABSENCES, INSPECTION_RESULTS, type Entry } from '../draws/draw-lists';
import type { ShownDraw } from '../draws/draw-notices.queries';
import type { DrawnParty } from '../draws/draw-events';
import { parseCheckpoint } from '../verification/checkpoint';
import { seedText } from '../verification/draw';
import { parseNote } from '../verification/note';
import { Chip, Fields, Heading, None, Table, Zh } from './building-blocks';
import { STATUS_CHIPS } from './draws.page';
import { amount } from './shown-notice';
import { inChina } from './verifier/shown-fields';
import { useView } from './view';

interface Props {
  readonly draw: ShownDraw;
  readonly body: { readonly id: string; readonly name: string };
  readonly item?: { readonly name: string };
}

/** One draw: what was announced, who was drawn, what was found, and how anybody repeats it (B16). */
export function DrawPage({ draw, body, item }: Props) {
  const { t } = useView();
  return (
    <>
      <Heading title={<Zh>{draw.title}</Zh>}>
        <p className="kicker">
          <Chip kind={STATUS_CHIPS[draw.status]}>{t(`draws.status.${draw.status}`)}</Chip>
        </p>
      </Heading>
      {draw.voided && (
        <p className="nothing">
          {t('draw.voided', draw.voided.voidedOn)} <Zh>{draw.voided.reason}</Zh>{' '}
          {draw.voided.afterHeld && t('draw.voided.after')}
        </p>
      )}
      <p>{t(strengthOf(draw.witnesses.length), draw.witnesses.length)}</p>
      {draw.held ? <Outcome draw={draw} /> : !draw.voided && <p className="nothing">{t('draw.waiting')}</p>}
      {draw.held && <Repeating draw={draw} held={draw.held} />}
      <Announced draw={draw} body={body} item={item} />
    </>
  );
}

const strengthOf = (witnesses: number) =>
  witnesses === 0 ? 'draw.strength.0' : witnesses === 1 ? 'draw.strength.1' : 'draw.strength.2';

interface Line extends DrawnParty {
  readonly number: number;
  readonly name: string;
  readonly inspection?: InspectionRow;
}

function Outcome({ draw }: { draw: ShownDraw }) {
  const { t } = useView();
  const names = new Map(draw.parties.map((p) => [p.id, p.name]));
  const strata = new Map(draw.quotas.map((q) => [q.stratum, q.name]));
  const officers = new Map(draw.officers.map((o) => [o.id, `${o.name}（${o.credential}）`]));
  const inspections = new Map(draw.inspections.map((i) => [i.party, i]));
  const rows = draw.drawn.map((d, i): Line => ({
    ...d,
    number: i + 1,
    name: names.get(d.party) ?? d.party,
    inspection: inspections.get(d.party),
  }));
  const named = (ids: readonly string[]): string => ids.map((id) => officers.get(id) ?? id).join('、');
  return (
    <section aria-labelledby="outcome">
      <h2 id="outcome">{t('draw.outcome')}</h2>
      <Table
        caption={t('draw.outcome')}
        rows={rows}
        keyOf={({ party }) => party}
        columns={[
          { title: t('draw.number'), cell: ({ number }) => number, numeric: true },
          {
            title: t('draw.party'),
            cell: ({ name, party }) => (
              <>
                <Zh>{name}</Zh> <code>{party}</code>
              </>
            ),
          },
          { title: t('draw.stratum'), cell: ({ stratum }) => <Zh>{strata.get(stratum) ?? stratum}</Zh> },
          {
            title: t('draw.officers'),
            cell: ({ officers: drawn, inspection }) => (
              <>
                <Zh>{named(inspection?.officers ?? drawn)}</Zh>
                <Absent inspection={inspection} named={named} />
              </>
            ),
          },
          { title: t('draw.inspected'), cell: ({ inspection }) => inspection?.conductedOn ?? <None /> },
          { title: t('draw.result'), cell: ({ inspection }) => <Found inspection={inspection} /> },
        ]}
      />
    </section>
  );
}

function Absent({ inspection, named }: { inspection?: InspectionRow; named: (ids: readonly string[]) => string }) {
  const { t, say } = useView();
  return (inspection?.absent ?? []).map(({ officer, ground }) => (
    <small className="note" key={officer}>
      {' '}
      {t('draw.absent', named([officer]), say(entry(ABSENCES, ground)))}
    </small>
  ));
}

function Found({ inspection }: { inspection?: InspectionRow }) {
  const { t, say } = useView();
  if (!inspection) return <None />;
  const { result, publishedOn, corrected } = inspection;
  if (!result || !publishedOn) return <>{t('draw.result.pending')}</>;
  return (
    <>
      {say(entry(INSPECTION_RESULTS, result))} <time dateTime={publishedOn}>{publishedOn}</time>
      {corrected && <small className="note"> {t('draw.corrected', corrected.correctedOn, corrected.reason)}</small>}
    </>
  );
}

const entry = (list: readonly Entry[], code: string): Entry =>
  list.find((e) => e.code === code) ?? { code, zh: code, en: code };

function Repeating({ draw, held }: { draw: ShownDraw; held: NonNullable<ShownDraw['held']> }) {
  const { t, origin } = useView();
  const notice = `/api/draws/${draw.id}`;
  return (
    <section aria-labelledby="repeat">
      <h2 id="repeat">{t('draw.repeat')}</h2>
      <ol>
        <li>
          {t('draw.repeat.1')} <a href={notice}>{notice}</a>
        </li>
        <li>
          {t('draw.repeat.2')}
          <pre tabIndex={0}>
            {[
              `curl -fsS ${origin}${notice} -o draw.json`,
              `curl -fsS ${origin}/log/policy -o trust.policy`,
              'mingjing draw --verify draw.json --policy trust.policy',
            ].join('\n')}
          </pre>
        </li>
        <li>{t('draw.repeat.3')}</li>
      </ol>
      <Fields
        wide
        of={[
          [
            t('draw.seed'),
            <code key="seed" className="long">
              {held.seed}
            </code>,
          ],
          [
            t('draw.repeat.text'),
            <pre key="text" tabIndex={0}>
              {seedText(Buffer.from(held.entry, 'base64'), held.checkpoint, draw)}
            </pre>,
          ],
        ]}
      />
      {held.passedOver.length > 0 && <p>{t('draw.passed', held.passedOver.join('、'))}</p>}
    </section>
  );
}

function Announced({ draw, body, item }: Props) {
  const { t, href } = useView();
  return (
    <section aria-labelledby="lists">
      <h2 id="lists">{t('draw.lists')}</h2>
      <Fields
        wide
        of={[
          [t('draws.item'), item && <Zh key="item">{item.name}</Zh>],
          [
            t('draws.body'),
            <a key="body" href={href(`/bodies/${body.id}`)}>
              <Zh>{body.name}</Zh>
            </a>,
          ],
          [t('draws.basis'), <Zh key="basis">{draw.legalBasis.join('；')}</Zh>],
          [t('draws.announced'), inChina(draw.announcedAt)],
          [t('draw.position'), amount(draw.position)],
          [t('draw.teams'), draw.officersPerParty],
          [t('draw.rule'), <code key="rule">{draw.algorithm}</code>],
          [t('draw.log'), <code key="log">{draw.logOrigin}</code>],
          [
            t('draw.witnesses'),
            draw.witnesses.length > 0 && (
              <ul key="witnesses">
                {draw.witnesses.map((key) => (
                  <li key={key}>
                    <code className="long">{key}</code>
                  </li>
                ))}
              </ul>
            ),
          ],
          [t('draw.size'), draw.held && amount(sizeOf(draw.held.checkpoint))],
        ]}
      />
      <Table
        caption={t('draw.quotas')}
        showCaption
        narrow
        rows={draw.quotas}
        keyOf={({ stratum }) => stratum}
        columns={[
          { title: t('draw.stratum'), cell: ({ name }) => <Zh>{name}</Zh> },
          { title: t('draws.ratio'), cell: ({ ratioPercent }) => `${ratioPercent}%`, numeric: true },
          { title: t('draw.quota.listed'), cell: ({ listed }) => amount(listed), numeric: true },
          { title: t('draw.quota.draw'), cell: (quota) => amount(quota.draw), numeric: true },
        ]}
      />
      <Lists draw={draw} />
    </section>
  );
}

const sizeOf = (checkpoint: string): number => parseCheckpoint(parseNote(checkpoint).text).size;

function Lists({ draw: { officers, parties, exclusions, quotas } }: { draw: ShownDraw }) {
  const { t } = useView();
  const strata = new Map(quotas.map((q) => [q.stratum, q.name]));
  return (
    <>
      <details>
        <summary>{t('draw.officers.listed', amount(officers.length))}</summary>
        <Table
          caption={t('draw.officers.listed', amount(officers.length))}
          rows={officers}
          keyOf={({ id }) => id}
          narrow
          columns={[
            { title: t('officers.name'), cell: ({ name }) => <Zh>{name}</Zh> },
            { title: t('officers.credential'), cell: ({ credential }) => <Zh>{credential}</Zh> },
            { title: 'officer', cell: ({ id }) => <code>{id}</code> },
          ]}
        />
      </details>
      <details>
        <summary>{t('draw.parties.listed', amount(parties.length))}</summary>
        <Table
          caption={t('draw.parties.listed', amount(parties.length))}
          rows={parties}
          keyOf={({ id }) => id}
          narrow
          columns={[
            { title: t('draw.party'), cell: ({ name }) => <Zh>{name}</Zh> },
            { title: t('draw.stratum'), cell: ({ stratum }) => <Zh>{strata.get(stratum) ?? stratum}</Zh> },
            { title: 'party', cell: ({ id }) => <code>{id}</code> },
          ]}
        />
      </details>
      {exclusions.length > 0 && (
        <details>
          <summary>{t('draw.exclusions', amount(exclusions.length))}</summary>
          <Table
            caption={t('draw.exclusions', amount(exclusions.length))}
            rows={exclusions}
            keyOf={({ officer, party }) => `${officer} ${party}`}
            narrow
            columns={[
              { title: t('draw.officers'), cell: ({ officer }) => <code>{officer}</code> },
              { title: t('draw.party'), cell: ({ party }) => <code>{party}</code> },
            ]}
          />
        </details>
      )}
    </>
  );
}
