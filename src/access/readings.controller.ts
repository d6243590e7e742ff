import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { PageQuery, pageOf, type Page } from '../api/pagination';
import type { Actor } from '../kernel/event';
import { CurrentActor, Roles } from './access.decorators';
import { ID_PATTERN } from './account-bounds';
import { ReadingRecord, type Reading } from './reading-record';

export class ReadingQuery extends PageQuery {
  /** Such as `cases`. */
  @IsOptional()
  @Matches(/^[a-z-]{1,64}$/)
  collection?: string;

  @IsOptional()
  @Matches(ID_PATTERN)
  record?: string;

  @IsOptional()
  @Matches(ID_PATTERN)
  account?: string;

  /** `next` of the page before: a number. */
  @IsOptional()
  @Matches(/^\d{1,15}$/)
  declare cursor?: string;
}

/** Who read what (查阅记录): for those who look into leaks and idle curiosity. */
@ApiTags('readings 查阅记录')
@Controller('api/readings')
export class ReadingsController {
  constructor(private readonly record: ReadingRecord) {}

  @Get()
  @Roles('investigator', 'supervisor', 'admin')
  @ApiOperation({ summary: '谁在何时查阅了什么 · Who read what, and when; newest first' })
  async list(@Query() query: ReadingQuery, @CurrentActor() actor: Actor): Promise<Page<Reading>> {
    const { collection, record, account, limit, cursor } = query;
    const before = cursor === undefined ? undefined : Number(cursor);
    const found = await this.record.list({ collection, record, account, body: actor.body, before, limit: limit + 1 });
    return pageOf(found, limit, (last) => String(last.n));
  }
}
