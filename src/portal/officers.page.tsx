import type { OfficerRow } from '../../projections/registers/rows';
import { Heading, ListSearch, None, Pager, Table, Zh } from './building-blocks';
import type { Turned } from './public-rows';
import { amount } from './shown-notice';
import { useView } from './view';

/** The six published fields of an officer (A06). */
export type PublicOfficer = Pick<
  OfficerRow,
  'id' | 'name' | 'bodyId' | 'bodyName' | 'post' | 'credentialNumber' | 'category' | 'area'
>;

export function OfficersPage(props: {
  page: Turned<PublicOfficer>;
  q?: string;
  body?: { id: string; name: string };
  count: number;
}) {
  const { page, q, body, count } = props;
  const { t, href } = useView();
  const asked = { q, body: body?.id };
  const zh = (text: string | undefined) => (text ? <Zh>{text}</Zh> : <None />);
  return (
    <>
      <Heading title={t('officers.title')} lead={t('officers.lead')} />
      <ListSearch action="/officers" label={t('officers.q')} q={q}>
        {body && <input type="hidden" name="body" value={body.id} />}
      </ListSearch>
      <div className="summary">
        <p role="status">{t('list.count', amount(count))}</p>
        {body && (
          <p>
            <Zh>{body.name}</Zh> · <a href={href('/officers', { q })}>{t('search.clear')}</a>
          </p>
        )}
      </div>
      {page.rows.length > 0 ? (
        <Table
          caption={t('officers.title')}
          rows={page.rows}
          keyOf={({ id }) => id}
          columns={[
            { title: t('officers.name'), cell: ({ name }) => <strong>{zh(name)}</strong> },
            {
              title: t('officers.body'),
              cell: ({ bodyId, bodyName }) => <a href={href(`/bodies/${bodyId}`)}>{zh(bodyName)}</a>,
            },
            { title: t('officers.post'), cell: ({ post }) => zh(post) },
            {
              title: t('officers.credential'),
              cell: ({ credentialNumber }) => (credentialNumber ? <code>{credentialNumber}</code> : <None />),
            },
            { title: t('officers.category'), cell: ({ category }) => zh(category) },
            { title: t('officers.area'), cell: ({ area }) => zh(area) },
          ]}
        />
      ) : (
        <p className="nothing">
          {t('officers.none')} <a href={href('/about#supervision')}>{t('officers.verify')}</a>
        </p>
      )}
      <Pager
        previous={page.previous && href('/officers', { ...asked, before: page.previous })}
        next={page.next && href('/officers', { ...asked, after: page.next })}
      />
    </>
  );
}
