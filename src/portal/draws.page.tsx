import type { DrawItemVersionRow, DrawRow } from '../../projections/draws/rows';
import { dateInChina } from '../kernel/time';
import { Chip, Day, Fields, Heading, Pager, Table, Zh } from './building-blocks';
import type { Turned } from './public-rows';
import { amount } from './shown-notice';
import { useView } from './view';

/** A draw in the list, with the name of its body. */
export type ListedDraw = Omit<DrawRow, 'held'> & { readonly bodyName: string };

/** A published item, with the name of its body. */
export interface ListedItem extends DrawItemVersionRow {
  readonly id: string;
  readonly bodyName: string;
  readonly withdrawn?: { readonly withdrawnOn: string };
}

export const STATUS_CHIPS = { announced: 'plain', held: 'good', voided: 'warn' } as const;

/** Draws, the newest first, and the list of random inspections that they are made from (B16). */
export function DrawsPage({
  page,
  items,
  count,
}: {
  page: Turned<ListedDraw>;
  items: readonly ListedItem[];
  count: number;
}) {
  const { t, href } = useView();
  return (
    <>
      <Heading title={t('draws.title')} lead={t('draws.lead')} />
      <section aria-labelledby="draws">
        <h2 id="draws">{t('draws.list')}</h2>
        <p className="summary" role="status">
          {t('list.count', amount(count))}
        </p>
        {page.rows.length > 0 ? <Draws rows={page.rows} /> : <p className="nothing">{t('draws.none')}</p>}
        <Pager
          previous={page.previous && href('/draws', { before: page.previous })}
          next={page.next && href('/draws', { after: page.next })}
        />
      </section>
      <section aria-labelledby="items">
        <h2 id="items">{t('draws.items')}</h2>
        {items.length === 0 && <p className="nothing">{t('draws.items.none')}</p>}
        {items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </section>
    </>
  );
}

function Draws({ rows }: { rows: readonly ListedDraw[] }) {
  const { t, href } = useView();
  return (
    <Table
      caption={t('draws.list')}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: t('draws.name'),
          cell: ({ id, title }) => (
            <a href={href(`/draws/${id}`)}>
              <Zh>{title}</Zh>
            </a>
          ),
        },
        { title: t('draws.body'), cell: ({ bodyName }) => <Zh>{bodyName}</Zh> },
        {
          title: t('draws.status'),
          cell: ({ status }) => <Chip kind={STATUS_CHIPS[status]}>{t(`draws.status.${status}`)}</Chip>,
        },
        {
          title: t('draws.announced'),
          cell: ({ announcedAt }) => <Day on={dateInChina(announcedAt)} />,
        },
        {
          title: t('draws.drawn'),
          cell: ({ drawnParties, partiesListed }) => `${amount(drawnParties)} / ${amount(partiesListed)}`,
          numeric: true,
        },
        { title: t('draws.results'), cell: ({ resultsPublished }) => amount(resultsPublished), numeric: true },
      ]}
    />
  );
}

/** The seven published fields of an item. */
function Item({ item }: { item: ListedItem }) {
  const { t, href } = useView();
  return (
    <>
      <h3>
        <Zh>{item.name}</Zh> <Chip kind="plain">{t(`draws.plan.${item.plan}`, item.year)}</Chip>{' '}
        {item.withdrawn && <Chip kind="warn">{t('draws.item.withdrawn', item.withdrawn.withdrawnOn)}</Chip>}
      </h3>
      <Fields
        wide
        of={[
          [
            t('draws.body'),
            <a key="body" href={href(`/bodies/${item.bodyId}`)}>
              <Zh>{item.bodyName}</Zh>
            </a>,
          ],
          [
            t('draws.basis'),
            <Zh key="basis">{item.legalBasis.map((b) => `《${b.instrument}》${b.article}`).join('；')}</Zh>,
          ],
          [t('draws.objects'), <Zh key="objects">{item.objects}</Zh>],
          [t('draws.content'), <Zh key="content">{item.content}</Zh>],
          [
            t('draws.ratio'),
            <Zh key="ratio">{item.strata.map((s) => t('draws.ratio.of', s.name, s.ratioPercent)).join('；')}</Zh>,
          ],
          [t('draws.method'), <Zh key="method">{item.method}</Zh>],
          [t('draws.frequency'), <Zh key="frequency">{item.frequency}</Zh>],
          [t('powers.version'), item.version],
        ]}
      />
    </>
  );
}
