import type { MatterRow } from '../../projections/accountability/rows';
import type { CaseRow } from '../../projections/case-file/rows';
import type { ComplaintRow } from '../../projections/complaints/complaints';
import type { AppraisalRow } from '../../projections/officer-performance/rows';
import type { OfficerRow } from '../../projections/registers/rows';
import { Failure } from '../kernel/errors';
import type { KeyVault, SubjectId } from '../ledger/commitment/key-vault';
import type { Inquiry } from '../ledger/deciding/decider-handler';
import type { EventStore } from '../ledger/event-store';
import { MAX_PAGE_ROWS, type ReadModel, type RowFilter } from '../ledger/projecting/read-model';
import type { SubjectFound } from './erasure';
import { idIn, kindOf, subjectOf } from './subject';

const WAIT_MS = 10_000;

/** What stands against erasing a subject, of its records. */
type Held = Pick<SubjectFound, 'open' | 'kept' | 'bodyIds'>;
type Rows = <T extends object>(projection: string, table: string, where: RowFilter['where']) => AsyncIterable<T>;

/** By kind of subject: which rows tell what of it is still worked on or must be kept. A rater's data stand in no other record. */
const HELD: Readonly<Record<string, (rows: Rows, subject: SubjectId) => Promise<Held>>> = {
  party: casesOf,
  complainant: complaintOf,
  officer: mattersOf,
};

/**
 * Asks, before a subject is erased, the vault for its key and the rows, once they have caught up with every node, for its records. A case
 * that is filed in the moment between this and the decision is not seen; its personal data are erased with the others.
 * @throws Failure `read_model.behind` when the rows do not catch up, `ledger.store_unavailable`
 */
export function subjectInquiry(
  readModel: Pick<ReadModel, 'waitFor' | 'list'>,
  store: Pick<EventStore, 'present'>,
  vault: Pick<KeyVault, 'keysForReading'>,
): Inquiry {
  return async (address): Promise<SubjectFound> => {
    const subject = subjectOf(address);
    const key = await keyOf(vault, subject);
    const held = key === 'unknown' ? undefined : HELD[kindOf(subject)];
    if (!held) return { key, bodyIds: [] };
    const present = await store.present(); // of all nodes: what another has filed just now counts
    const rows: Rows = async function* (projection, table, where) {
      await readModel.waitFor(projection, present, WAIT_MS);
      yield* pagesOf(readModel, projection, table, where);
    };
    return { key, ...(await held(rows, subject)) };
  };
}

async function keyOf(vault: Pick<KeyVault, 'keysForReading'>, subject: SubjectId): Promise<SubjectFound['key']> {
  try {
    return (await vault.keysForReading([subject])).has(subject) ? 'present' : 'destroyed';
  } catch (error) {
    if (error instanceof Failure && error.code === 'privacy.key_missing') return 'unknown';
    throw error;
  }
}

async function* pagesOf<T extends object>(
  readModel: Pick<ReadModel, 'list'>,
  projection: string,
  table: string,
  where: RowFilter['where'],
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const orderBy = { column: 'key', direction: 'asc' } as const;
    const page = await readModel.list<T>(projection, table, { where, orderBy, limit: MAX_PAGE_ROWS, cursor });
    yield* page.rows;
    cursor = page.next;
  } while (cursor);
}

/** Cases until they are archived, then for as long as they are kept. Imported acts are copies of what the bodies keep themselves. */
async function casesOf(rows: Rows, subject: SubjectId): Promise<Held> {
  let open: SubjectFound['open'];
  let kept: SubjectFound['kept'];
  const bodyIds = new Set<string>();
  for await (const row of rows<CaseRow>('case-file', 'case', { subject })) {
    if (row.procedure === 'historical') continue;
    bodyIds.add(row.bodyId);
    const holding = { zh: '案件', en: 'case', id: row.id };
    if (row.stage !== 'archived') open ??= holding;
    else if (row.retainUntil && row.retainUntil > (kept?.until ?? '')) kept = { ...holding, until: row.retainUntil };
  }
  return { open, kept, bodyIds: [...bodyIds] };
}

async function complaintOf(rows: Rows, subject: SubjectId): Promise<Held> {
  let open: SubjectFound['open'];
  const bodyIds = new Set<string>();
  for await (const row of rows<ComplaintRow>('complaints', 'complaint', { subject })) {
    bodyIds.add(row.bodyId);
    if (row.status !== 'closed') open ??= { zh: '投诉举报', en: 'complaint', id: row.id };
  }
  return { open, bodyIds: [...bodyIds] };
}

const OPEN_MATTER: ReadonlyArray<MatterRow['status']> = ['clue', 'investigating', 'determined', 'appealed'];

const LEFT: ReadonlyArray<OfficerRow['status']> = ['removed', 'disqualified'];

/**
 * An officer's statements and grounds of appeal, while the matter or the appeal lasts; and while the officer serves, who must be
 * able to make further ones: nothing more can be recorded of a subject that is erased.
 */
async function mattersOf(rows: Rows, subject: SubjectId): Promise<Held> {
  const officerId = idIn(subject);
  let open: SubjectFound['open'];
  const bodyIds = new Set<string>();
  for await (const row of rows<OfficerRow>('registers', 'officer', { key: officerId })) {
    bodyIds.add(row.bodyId);
    if (!LEFT.includes(row.status)) open ??= { zh: '在册执法人员', en: 'record of a serving officer', id: row.id };
  }
  for await (const row of rows<MatterRow>('accountability', 'matter', { status: OPEN_MATTER })) {
    if (!row.officerIds.includes(officerId)) continue;
    bodyIds.add(row.bodyId);
    open ??= { zh: '责任追究事项', en: 'accountability matter', id: row.id };
  }
  for await (const row of rows<AppraisalRow>('officer-performance', 'appraisal', { officer: officerId })) {
    bodyIds.add(row.bodyId);
    if (row.status === 'appealed') open ??= { zh: '考核申诉', en: 'appraisal under appeal', id: row.id };
  }
  return { open, bodyIds: [...bodyIds] };
}
