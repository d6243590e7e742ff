import Database from 'better-sqlite3';
import { publicNotices } from '../../projections/public-notices/public-notices';
import type { ListRequest } from '../../src/ledger/projecting/read-model';
import { pageOf, SQLITE } from '../../src/ledger/projecting/row-query';
import { SqliteTable } from '../../src/ledger/projecting/sqlite-table';

const declared = publicNotices.tables.notice;
const db = new Database(':memory:');
const table = new SqliteTable(db, 1, 'notice', declared, false);
for (const step of table.index()) void step;
afterAll(() => db.close());

/** How SQLite would read a page, of a ledger that began empty: it has counted nothing. */
function planOf(request: Partial<ListRequest>): string {
  const full: ListRequest = { orderBy: { column: 'decided', direction: 'desc' }, limit: 21, ...request };
  const steps: string[] = [];
  const pages = pageOf(SQLITE, { generation: 1, name: 'notice', declared }, full);
  for (let step = pages.next(); !step.done; step = pages.next([])) {
    const { sql, parameters } = step.value;
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
    steps.push(...plan.map(({ detail }) => detail));
  }
  return steps.join('\n');
}

const body = '明镜市市场监督管理局';
const key = { column: 'key', direction: 'asc' } as const;
const changed = { column: 'changed', direction: 'desc' } as const;

test.each<readonly [list: string, index: RegExp, request: Partial<ListRequest>]>([
  ['the newest', /by_decided /, { where: { public: 1 } }],
  [
    'those before, back to the first',
    /by_decided /,
    { where: { public: 1 }, orderBy: { column: 'decided', direction: 'asc' } },
  ],
  ['those of some days', /by_decided /, { where: { public: 1, decided: { from: '2026-01-01', to: '2026-02-01' } } }],
  ['those of a category', /by_category_and_decided/, { where: { public: 1, category: 'permit' } }],
  ['those of a body', /by_body_and_decided/, { where: { public: 1, body } }],
  ['those of a body and a category', /by_body_and_decided/, { where: { public: 1, body, category: 'penalty' } }],
  ['a body’s own, for its staff', /by_body_id_and_decided/, { where: { body_id: 'body-1' } }],
  ['the feed', /by_changed /, { where: { public: 1 }, orderBy: changed }],
  ['the feed of a body', /by_body_and_changed/, { where: { public: 1, body }, orderBy: changed }],
  [
    'the latest on the home page',
    /by_published /,
    { where: { public: 1, status: 'published' }, orderBy: { column: 'published', direction: 'desc' } },
  ],
  ['the table to download', /by_category \(/, { where: { public: 1, category: 'penalty' }, orderBy: key }],
  ['the table of a body', /by_body \(/, { where: { public: 1, body, category: 'penalty' }, orderBy: key }],
])('%s: rows are read in their order, not all of them and then sorted', (_, index, request) => {
  const plan = planOf(request);
  expect(plan).not.toContain('TEMP B-TREE');
  expect(plan).toMatch(index);
});

test('words are looked up first, whatever else is asked', () => {
  const plan = planOf({ where: { public: 1, category: 'penalty' }, search: '价格' });
  expect(plan).toContain('SEARCH g1_notice USING INTEGER PRIMARY KEY (rowid=?)');
});

test('a document is looked up by its number', () => {
  expect(planOf({ where: { public: 1, category: 'penalty', document: '明市监罚〔2026〕1号' } })).toMatch(
    /by_document \(c_document=\?\)/,
  );
});
