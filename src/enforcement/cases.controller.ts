import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { CurrentActor, RecordReading, Roles } from '../access/access.decorators';
import type { HttpReply } from '../access/http-exchange';
import { MAX_PAGE, PositionQuery } from '../api/pagination';
import { resourceController, type Resource } from '../api/resource.controller';
import type { CaseRow } from '../../projections/case-file/rows';
import type { Actor, RecordedEvent } from '../kernel/event';
import { bodyOfCase, CaseAt, CaseDifferences, CaseEvents, type CaseFile, type Difference } from './case.queries';

const READERS = ['officer', 'reviewer', 'head', 'supervisor', 'investigator', 'appraiser', 'disclosure'];
const MAX_POSITION = Number.MAX_SAFE_INTEGER;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

class MomentQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_POSITION)
  atPosition?: number;

  /** The end of this day in China. */
  @IsOptional()
  @Matches(DATE)
  atDate?: string;
}

class DifferencesQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_POSITION)
  fromPosition?: number;

  @IsOptional()
  @Matches(DATE)
  fromDate?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_POSITION)
  toPosition?: number;

  @IsOptional()
  @Matches(DATE)
  toDate?: string;
}

class EventsQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_POSITION)
  fromRevision: number = 0;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit: number = 100;
}

/** A case in a list: what the public may know of it and how far it has come, and nothing of the person behind it. */
function caseInList(row: CaseRow): object {
  const { id, procedure, stage, bodyId, bodyName, caseNumber, documentNumber, powerCode, outcome, officers } = row;
  const { discoveredOn, filedOn, decidedOn, servedOn, closedOn, archivedOn, fineYuan, paidYuan, revoked } = row;
  return {
    ...{ id, procedure, stage, bodyId, bodyName, caseNumber, documentNumber, powerCode, outcome, officers },
    ...{ discoveredOn, filedOn, decidedOn, servedOn, closedOn, archivedOn, fineYuan, paidYuan, revoked },
    // A clue's own words, which are all there is before the case is filed, are for those who open it.
    ...(row.procedure !== 'clue' && { cause: row.cause }),
    partyKind: row.party?.kind,
    partyPublicName: row.party?.publicName,
    remedy: row.remedies[row.remedies.length - 1]?.outcome,
    position: row.position,
    revision: row.revision,
    updatedAt: row.updatedAt,
  };
}

/** Cases in lists. Whoever may read a case may read every event of it, with the personal data. */
export const casesResource: Resource = {
  path: 'cases',
  projection: 'case-file',
  table: 'case',
  zh: '案件',
  en: 'Cases',
  readers: READERS,
  filters: {
    stage: { column: 'stage', is: 'value', zh: '阶段', en: 'stage' },
    procedure: { column: 'procedure', is: 'value', zh: '程序', en: 'procedure' },
    body: { column: 'body', is: 'value', zh: '单位', en: 'body' },
    document: { column: 'document', is: 'value', zh: '决定书文号', en: 'document number' },
    remedy: { column: 'remedy', is: 'value', zh: '救济结果', en: 'outcome of the last remedy' },
    decidedFrom: { column: 'decided', is: 'from', zh: '决定日期自', en: 'decided on or after' },
    decidedTo: { column: 'decided', is: 'to', zh: '决定日期至', en: 'decided on or before' },
  },
  search: true,
  orderBy: { column: 'updated', direction: 'desc' },
  bodyColumn: 'body',
  bodyOf: bodyOfCase,
  listed: caseInList,
  listOnly: true,
};

export const CasesController = resourceController(casesResource);

/**
 * One case with its timeline and gaps (D01), read from its own stream: as it is, as it was at any position or date, what changed
 * between two, and the events themselves.
 */
@ApiTags('cases')
@Controller('api/cases/:id')
@Roles(...READERS)
export class CaseController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @RecordReading('cases')
  @ApiOperation({ summary: '案件全貌 The case as it stands', operationId: 'get-cases' })
  async get(
    @Param('id') id: string,
    @Query() _: PositionQuery,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<CaseFile> {
    const file = await this.queries.execute<CaseAt, CaseFile>(new CaseAt(id, {}, actor));
    reply.header('ETag', `"${file.revision}"`).header('Mingjing-Position', file.position);
    return file;
  }

  @Get('history')
  @RecordReading('cases')
  @ApiOperation({ summary: '案件在过去某时的状态 The case as it was', operationId: 'get-case-history' })
  at(@Param('id') id: string, @Query() q: MomentQuery, @CurrentActor() actor: Actor): Promise<CaseFile> {
    return this.queries.execute(new CaseAt(id, { position: q.atPosition, date: q.atDate }, actor));
  }

  @Get('differences')
  @RecordReading('cases')
  @ApiOperation({ summary: '两个时点之间的变化 What changed between two moments', operationId: 'get-case-differences' })
  async differences(
    @Param('id') id: string,
    @Query() q: DifferencesQuery,
    @CurrentActor() actor: Actor,
  ): Promise<{ items: Difference[] }> {
    const from = { position: q.fromPosition, date: q.fromDate };
    const to = { position: q.toPosition, date: q.toDate };
    return { items: await this.queries.execute(new CaseDifferences(id, from, to, actor)) };
  }

  @Get('events')
  @RecordReading('cases')
  @ApiOperation({ summary: '案件全部记录 Every event of the case', operationId: 'list-case-events' })
  async events(
    @Param('id') id: string,
    @Query() q: EventsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<{ items: RecordedEvent[] }> {
    return { items: await this.queries.execute(new CaseEvents(id, q.fromRevision, q.limit, actor)) };
  }
}
