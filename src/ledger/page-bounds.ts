import { Failure } from '../kernel/errors';
import { MAX_PAGE_EVENTS, type PageRequest } from './event-store';

/** The page's first place, how many places it has, and where the next one lies, within `lowest` to `highest`. */
export function bounds(
  page: PageRequest,
  lowest: number,
  highest: number,
): { first: number; count: number; step: 1 | -1 } {
  const { direction, from, limit } = page;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_EVENTS) {
    throw badPage('limit', `每页须为 1 至 ${MAX_PAGE_EVENTS} 条。`, `A page has 1 to ${MAX_PAGE_EVENTS} events.`);
  }
  if (from !== undefined && (!Number.isSafeInteger(from) || from < 0)) {
    throw badPage('from', '起始位置须为非负整数。', 'A page starts at a whole number that is not negative.');
  }
  if (direction === 'forwards') {
    const first = Math.max(from ?? lowest, lowest);
    return { first, count: Math.max(0, Math.min(limit, highest - first + 1)), step: 1 };
  }
  const first = Math.min(from ?? highest, highest);
  return { first, count: Math.max(0, Math.min(limit, first - lowest + 1)), step: -1 };
}

const badPage = (field: string, zh: string, en: string): Failure =>
  new Failure('invalid', 'ledger.bad_page', { zh, en, field });
