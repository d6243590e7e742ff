import type { BodyRow } from '../../projections/registers/rows';
import { parameter } from '../law/parameters';
import { Phone } from './bodies.page';
import { Heading, Table, Zh } from './building-blocks';
import { figureOf } from './law.page';
import type { MessageKey } from './messages';
import { inLanguage, useView } from './view';

/** What a party must know to object: how long there is, by the law of the day. */
const REMEDIES = [
  'remedies.reconsideration_apply',
  'remedies.reconsideration_decision',
  'remedies.litigation_apply',
  'remedies.litigation_after_reconsideration',
];

export function AboutPage({ bodies, today }: { bodies: readonly BodyRow[]; today: string }) {
  const { t, say, href } = useView();
  return (
    <>
      <Heading title={t('about.title')} />
      <Section id="what" title="about.what">
        <p>{t('about.what.1')}</p>
      </Section>
      <Section id="check" title="home.check">
        <ul>
          <li>{t('home.check.1')}</li>
          <li>{t('home.check.2')}</li>
          <li>{t('home.check.3')}</li>
          <li>
            {t('home.check.verify')} <a href={href('/log/')}>{t('nav.log')}</a>
          </li>
        </ul>
      </Section>
      <Section id="remedies" title="about.remedies">
        <p>{t('about.remedies.lead')}</p>
        <ul>
          {REMEDIES.map((id) => parameter(id, today)).map((p) => (
            <li key={p.id}>
              {say(p)}: <strong>{figureOf(t, p)}</strong> <Zh>（{p.basis}）</Zh>
            </li>
          ))}
        </ul>
        <p>{t('about.remedies.during')}</p>
      </Section>
      <Section id="supervision" title="about.supervision">
        <Table
          caption={t('about.supervision')}
          rows={bodies}
          keyOf={({ id }) => id}
          columns={[
            {
              title: t('bodies.name'),
              cell: ({ id, name }) => (
                <a href={href(`/bodies/${id}`)}>
                  <Zh>{name}</Zh>
                </a>
              ),
            },
            { title: t('bodies.phone'), cell: ({ supervisionPhone }) => <Phone number={supervisionPhone} /> },
            {
              title: t('bodies.email'),
              cell: ({ supervisionEmail }) => <a href={`mailto:${supervisionEmail}`}>{supervisionEmail}</a>,
            },
          ]}
        />
        <p>
          <a href={href('/complaints/new')}>{t('nav.complain')}</a>
        </p>
      </Section>
      <Section id="privacy" title="about.privacy">
        <p>{t('about.privacy.1')}</p>
      </Section>
      <Section id="visit" title="about.visit">
        <p>{t('about.visit.1')}</p>
      </Section>
    </>
  );
}

function Section({ id, title, children }: { id: string; title: MessageKey; children: React.ReactNode }) {
  const { t } = useView();
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="prose">
      <h2 id={`${id}-title`}>{t(title)}</h2>
      {children}
    </section>
  );
}

const DATA: ReadonlyArray<readonly [title: string, path: string, what: MessageKey]> = [
  ['Atom', '/feed.atom', 'feeds.atom'],
  ['JSON Feed', '/feed.json', 'feeds.json'],
  ['CSV', '/notices.csv', 'feeds.csv'],
  ['OpenAPI', '/api/openapi.json', 'feeds.api'],
];

export function FeedsPage() {
  const { t, origin, lang } = useView();
  return (
    <>
      <Heading title={t('feeds.title')} lead={t('feeds.lead')} />
      <Table
        caption={t('feeds.title')}
        rows={DATA}
        keyOf={([, path]) => path}
        columns={[
          {
            title: t('feeds.address'),
            cell: ([title, path]) => {
              const address = path.startsWith('/feed.') ? inLanguage(path, lang) : path;
              return (
                <>
                  <a href={address}>{title}</a>
                  <br />
                  <code className="long">{origin + address}</code>
                </>
              );
            },
          },
          { title: t('feeds.what'), cell: ([, , what]) => t(what) },
        ]}
      />
      <p>{t('feeds.body')}</p>
    </>
  );
}
