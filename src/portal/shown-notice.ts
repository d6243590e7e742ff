import type { NoticeRow } from '../../projections/public-notices/rows';
import type { Bilingual } from '../kernel/errors';
import { penaltyKind } from '../law/penalty-kinds';
import { messages } from './messages';

type Hidden = 'status' | 'source' | 'position' | 'withheld';
export type PublishedNotice = Omit<NoticeRow, Hidden> & { readonly status: 'published' };
/** All that may still be said of a withdrawn notice. */
export type WithdrawnNotice = Pick<
  NoticeRow,
  'id' | 'bodyId' | 'bodyName' | 'documentNumber' | 'decidedOn' | 'withdrawal'
> & { readonly status: 'withdrawn' };
export type ListedNotice = PublishedNotice | WithdrawnNotice;
export type ShownNotice = ListedNotice | { readonly id: string; readonly status: 'expired' };

/** A kind of penalty by id, also those only old files have. */
export function kindName(id: string): Bilingual {
  if (id === 'suspension') return messages['kind.suspension'];
  if (id === 'revocation') return messages['kind.revocation'];
  return penaltyKind(id) ?? { zh: id, en: id };
}

/** The last day on which what the public sees of a notice changed. */
export function changedOn(notice: ListedNotice): string | undefined {
  return notice.status === 'withdrawn'
    ? notice.withdrawal?.withdrawnOn
    : (notice.text.since ?? notice.publishedOn ?? notice.decidedOn);
}

/** A number with thousands marked off, with at most two decimals. */
export const amount = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
