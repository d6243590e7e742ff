import type { NoticeRow } from '../../projections/public-notices/rows';

type Hidden = 'status' | 'source' | 'position' | 'withheld';
export type PublishedNotice = Omit<NoticeRow, Hidden> & { readonly status: 'published' };
/** All that may still be said of a withdrawn notice. */
export type WithdrawnNotice = Pick<
  NoticeRow,
  'id' | 'bodyId' | 'bodyName' | 'documentNumber' | 'decidedOn' | 'withdrawal'
> & { readonly status: 'withdrawn' };
export type ListedNotice = PublishedNotice | WithdrawnNotice;
export type ShownNotice = ListedNotice | { readonly id: string; readonly status: 'expired' };

/** The last day on which what the public sees of a notice changed. */
export function changedOn(notice: ListedNotice): string | undefined {
  return notice.status === 'withdrawn'
    ? notice.withdrawal?.withdrawnOn
    : (notice.text.since ?? notice.publishedOn ?? notice.decidedOn);
}

export { amount, kindName } from './verifier/shown-fields';
