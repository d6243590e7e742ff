import type { AppraisalRow, OfficerFileRow } from '../../projections/officer-performance/rows';
import { resourceController, type Resource } from '../api/resource.controller';

const READERS = ['appraiser', 'head', 'supervisor', 'investigator'];

/** Appraisals with every mark and the events it rests on (M01). */
export const AppraisalsController = resourceController({
  path: 'appraisals',
  projection: 'officer-performance',
  table: 'appraisal',
  zh: '评议考核',
  en: 'Appraisals',
  readers: READERS,
  filters: {
    officer: { column: 'officer', is: 'value', zh: '人员', en: 'officer id' },
    year: { column: 'year', is: 'value', zh: '年度', en: 'year', numeric: true },
    status: { column: 'status', is: 'value', zh: '状态', en: 'status' },
  },
  orderBy: { column: 'score', direction: 'desc' },
  bodyColumn: 'body',
  bodyOf: (row: AppraisalRow) => row.bodyId,
  recorded: true,
});

/** The officer's file (执法档案, M01). */
export const OfficerFilesController = resourceController({
  path: 'officer-files',
  projection: 'officer-performance',
  table: 'file',
  zh: '执法档案',
  en: 'Officers’ files',
  readers: READERS,
  filters: { body: { column: 'body', is: 'value', zh: '单位', en: 'body id' } },
  search: true,
  orderBy: { column: 'key', direction: 'asc' },
  bodyColumn: 'body',
  bodyOf: (row: OfficerFileRow) => row.bodyId,
  recorded: true,
});

/** Which cases an officer took part in: acts, never penalties (行政处罚法 74 III). */
export const OfficerWorkController = resourceController({
  path: 'officer-work',
  projection: 'officer-performance',
  table: 'work',
  zh: '办案记录',
  en: 'Cases an officer took part in',
  readers: ['appraiser', 'supervisor', 'investigator'],
  filters: { officer: { column: 'officer', is: 'value', zh: '人员', en: 'officer id' } },
  orderBy: { column: 'last', direction: 'desc' },
  listOnly: true,
});

/** Results published to everybody (M07), without the marks. */
export const PublishedAppraisalsController = resourceController({
  path: 'published-appraisals',
  projection: 'officer-performance',
  table: 'appraisal',
  zh: '考核结果公开',
  en: 'Published appraisals',
  readers: 'public',
  filters: { year: { column: 'year', is: 'value', zh: '年度', en: 'year', numeric: true } },
  orderBy: { column: 'score', direction: 'desc' },
  only: () => ({ public: 1 }),
  present: ({ officerName, bodyId, year, score, grade }: AppraisalRow) => ({ officerName, bodyId, year, score, grade }),
  listOnly: true,
});

/** What the public thinks of a body (I10). */
export const ratingsResource: Resource = {
  path: 'service-ratings',
  projection: 'officer-performance',
  table: 'rating',
  zh: '群众评价',
  en: 'Ratings by the public',
  readers: 'public',
  filters: {},
  orderBy: { column: 'key', direction: 'asc' },
  listOnly: true,
};

export const RatingsController = resourceController(ratingsResource);
