import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AppraisalRow, OfficerFileRow } from '../../projections/officer-performance/rows';
import { CurrentActor, RecordReading, Roles } from '../access/access.decorators';
import { PageQuery, type Page } from '../api/pagination';
import { ReadsFrom } from '../api/reads-from';
import { GetRow, ListRows } from '../api/row-queries';
import type { Actor } from '../kernel/event';
import { resourceController, type Resource } from '../api/resource.controller';

const READERS = ['appraiser', 'head', 'supervisor', 'investigator'];

/** An appraisal in a list: the result, without the marks it rests on. */
function appraisalInList(row: AppraisalRow): object {
  const { id, officerId, officerName, bodyId, year, schemeId, schemeVersion, status } = row;
  const { score, grade, publishedScope, position, revision } = row;
  return {
    ...{ id, officerId, officerName, bodyId, year, schemeId, schemeVersion, status },
    ...{ score, grade, publishedScope, position, revision },
  };
}

/** Appraisals with every mark and the events it rests on (M01). */
export const appraisalsResource: Resource = {
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
  listed: appraisalInList,
};

export const AppraisalsController = resourceController(appraisalsResource);

/** The officer's file (执法档案, M01). */
export const officerFilesResource: Resource = {
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
  listed: ({ officerId, name, bodyId }: OfficerFileRow) => ({ officerId, name, bodyId }),
};

export const OfficerFilesController = resourceController(officerFilesResource);

const fileEntries: Resource = {
  path: 'officer-files/:id/entries',
  projection: 'officer-performance',
  table: 'entry',
  zh: '执法档案内容',
  en: 'Entries of an officer’s file',
  readers: READERS,
  filters: {},
  orderBy: { column: 'position', direction: 'asc' },
};

/** The entries of an officer's file, oldest first: as many as a career has. */
@ApiTags(officerFilesResource.path)
@Controller('api/officer-files')
export class OfficerFileEntriesController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id/entries')
  @Roles(...READERS)
  @ReadsFrom('officer-performance')
  @RecordReading(officerFilesResource.path)
  @ApiOperation({ summary: `${fileEntries.zh} ${fileEntries.en}`, operationId: 'list-officer-file-entries' })
  async list(
    @Param('id') id: string,
    @Query() { limit, cursor }: PageQuery,
    @CurrentActor() actor: Actor,
  ): Promise<Page<object>> {
    // The file says whose it is, and so who may read its entries.
    await this.queries.execute(new GetRow(officerFilesResource, id, actor));
    const { orderBy } = fileEntries;
    return this.queries.execute(new ListRows(fileEntries, { where: { officer: id }, orderBy, limit, cursor }, actor));
  }
}

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
  bodyColumn: 'body',
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
