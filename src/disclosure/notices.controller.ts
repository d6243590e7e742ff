import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { NoticeRow } from '../../projections/public-notices/rows';
import { Public } from '../access/access.decorators';
import { ReadsFrom } from '../api/reads-from';
import { resourceController, type Resource } from '../api/resource.controller';
import { PublicationLag, type LagStatistics } from './statistics.queries';

export const isPublic = (row: NoticeRow): boolean => row.status === 'published' || row.status === 'withdrawn';

/** A notice as anybody may read it. A withdrawn one says only that it was, and why (行政处罚法 48 II). */
export function publicNotice(row: NoticeRow): object {
  const { position, source: _, ...shown } = row;
  if (row.status !== 'withdrawn') return { ...shown, position };
  const { id, status, bodyId, bodyName, documentNumber, decidedOn, withdrawal, revision } = row;
  return { id, status, bodyId, bodyName, documentNumber, decidedOn, withdrawal, position, revision };
}

const filters: Resource['filters'] = {
  body: { column: 'body', is: 'value', zh: '机关名称', en: 'name of the body' },
  category: { column: 'category', is: 'value', zh: '类别', en: 'category' },
  document: { column: 'document', is: 'value', zh: '文号', en: 'document number' },
  decidedFrom: { column: 'decided', is: 'from', zh: '决定日期自', en: 'decided on or after' },
  decidedTo: { column: 'decided', is: 'to', zh: '决定日期至', en: 'decided on or before' },
  publishedFrom: { column: 'published', is: 'from', zh: '公示日期自', en: 'published on or after' },
  publishedTo: { column: 'published', is: 'to', zh: '公示日期至', en: 'published on or before' },
};

/** The public notices that everybody may search and read (I04). The portal's search asks the same. */
export const publicNoticesResource: Resource = {
  path: 'public-notices',
  projection: 'public-notices',
  table: 'notice',
  zh: '公示信息',
  en: 'Public notices',
  readers: 'public',
  filters,
  search: true,
  orderBy: { column: 'decided', direction: 'desc' },
  only: () => ({ public: 1 }),
  visible: isPublic,
  present: publicNotice,
};

export const PublicNoticesController = resourceController(publicNoticesResource);

/** Every notice in whatever state, for those who manage them. */
export const noticesResource: Resource = {
  path: 'notices',
  projection: 'public-notices',
  table: 'notice',
  zh: '公示办理',
  en: 'Notices in every state',
  readers: ['disclosure', 'head', 'supervisor', 'investigator'],
  filters: { ...filters, status: { column: 'status', is: 'value', zh: '状态', en: 'status' } },
  search: true,
  orderBy: { column: 'decided', direction: 'desc' },
  bodyColumn: 'body_id',
  bodyOf: (row: NoticeRow) => row.bodyId,
};

export const NoticesController = resourceController(noticesResource);

/** Duties to publish or withdraw that are not done yet, the nearest first. */
export const DutiesController = resourceController({
  path: 'disclosure-duties',
  projection: 'public-notices',
  table: 'duty',
  zh: '待公示事项',
  en: 'Open duties to publish',
  readers: ['disclosure', 'head', 'supervisor', 'investigator'],
  filters: {
    dueTo: { column: 'due', is: 'to', zh: '到期日至', en: 'due on or before' },
    missed: { column: 'missed', is: 'value', zh: '已逾期（0/1）', en: 'missed, 0 or 1', numeric: true },
  },
  orderBy: { column: 'due', direction: 'asc' },
  bodyColumn: 'body_id',
  listOnly: true,
});

class LagQuery {
  /** A body's name; everything, when left out. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  body?: string;
}

@ApiTags('public-notices')
@Controller('api/statistics')
export class StatisticsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('publication-lag')
  @Public()
  @ReadsFrom('public-notices')
  @ApiOperation({ summary: '决定至公示的天数 Days from decision to publication', operationId: 'get-publication-lag' })
  lag(@Query() { body }: LagQuery): Promise<LagStatistics> {
    return this.queries.execute(new PublicationLag(body ?? 'all'));
  }
}
