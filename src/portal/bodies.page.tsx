import type { BodyRow } from '../../projections/registers/rows';
import { Chip, Day, Fields, Heading, Lines, ListSearch, Pager, Table, Zh } from './building-blocks';
import type { Turned } from './public-rows';
import { amount } from './shown-notice';
import { useView } from './view';

/** Enforcement bodies 执法主体 (A01, A02). */
export function BodiesPage({ page, q, count }: { page: Turned<BodyRow>; q?: string; count: number }) {
  const { t, href } = useView();
  return (
    <>
      <Heading title={t('bodies.title')} lead={t('bodies.lead')} />
      <ListSearch action="/bodies" label={t('bodies.q')} q={q} />
      <p className="summary" role="status">
        {t('list.count', amount(count))}
      </p>
      {page.rows.length > 0 ? (
        <Table
          caption={t('bodies.title')}
          rows={page.rows}
          keyOf={({ id }) => id}
          columns={[
            {
              title: t('bodies.name'),
              cell: (body) => (
                <>
                  <a href={href(`/bodies/${body.id}`)}>
                    <Zh>{body.name}</Zh>
                  </a>{' '}
                  {body.status !== 'announced' && <Chip kind="warn">{t(`bodyStatus.${body.status}`)}</Chip>}
                </>
              ),
            },
            { title: t('bodies.kind'), cell: ({ kind }) => t(`bodyKind.${kind}`) },
            { title: t('bodies.representative'), cell: (body) => <Zh>{body.legalRepresentative}</Zh> },
            { title: t('bodies.address'), cell: (body) => <Zh>{body.officeAddress}</Zh> },
            { title: t('bodies.phone'), cell: (body) => <Phone number={body.supervisionPhone} /> },
          ]}
        />
      ) : (
        <p className="nothing">{t('bodies.none')}</p>
      )}
      <Pager
        previous={page.previous && href('/bodies', { q, before: page.previous })}
        next={page.next && href('/bodies', { q, after: page.next })}
      />
    </>
  );
}

export const Phone = ({ number }: { number: string }) => (
  <a className="phone" href={`tel:${number.replace(/[^\d+]/g, '')}`}>
    {number}
  </a>
);

/** What is public of one body (A02), and how many officers and reviewers it has (A08). */
export function BodyPage({ body, powers, notices }: { body: BodyRow; powers: number; notices: number }) {
  const { t, href } = useView();
  return (
    <>
      <Heading title={<Zh>{body.name}</Zh>}>
        <p className="kicker">
          {t(`bodyKind.${body.kind}`)}
          <Chip kind={body.status === 'announced' ? 'good' : 'warn'}>{t(`bodyStatus.${body.status}`)}</Chip>
        </p>
      </Heading>
      <ul className="figures">
        <li>
          <a href={href('/officers', { body: body.id })}>
            <strong>{amount(body.officers)}</strong> <span>{t('bodies.staff')}</span>
          </a>
        </li>
        <li>
          <a href={href('/powers', { body: body.id })}>
            <strong>{amount(powers)}</strong> <span>{t('bodies.powers')}</span>
          </a>
        </li>
        <li>
          <a href={href('/notices', { body: body.name })}>
            <strong>{amount(notices)}</strong> <span>{t('bodies.notices')}</span>
          </a>
        </li>
      </ul>
      <Fields
        wide
        of={[
          [t('bodies.uscc'), <code key="uscc">{body.uscc}</code>],
          [t('bodies.representative'), <Zh key="representative">{body.legalRepresentative}</Zh>],
          [
            t('bodies.basis'),
            <Zh key="basis">
              <Lines of={body.legalBasis} />
            </Zh>,
          ],
          [t('bodies.region'), <Zh key="region">{body.region}</Zh>],
          [t('bodies.address'), <Zh key="address">{body.officeAddress}</Zh>],
          [t('bodies.phone'), <Phone key="phone" number={body.supervisionPhone} />],
          [
            t('bodies.email'),
            <a key="email" href={`mailto:${body.supervisionEmail}`}>
              {body.supervisionEmail}
            </a>,
          ],
          [t('bodies.certificate'), body.certificateNumber && <code>{body.certificateNumber}</code>],
          [t('bodies.announced'), body.announcedOn && <Day on={body.announcedOn} />],
          [t('bodies.removed'), body.removedOn && <Day on={body.removedOn} />],
          [t('bodies.reviewers'), amount(body.reviewers)],
        ]}
      />
      <p>
        <a href={href('/complaints/new', { body: body.id })}>{t('notice.next.complain')}</a>
        {' · '}
        <a href={href('/feed.atom', { body: body.name })}>{t('search.follow')}</a>
      </p>
    </>
  );
}
