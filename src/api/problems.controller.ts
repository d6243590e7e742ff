import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/access.decorators';
import { Failure, type Bilingual, type FailureKind } from '../kernel/errors';
import { INTERNAL, KINDS, TRANSPORT } from './problem';
import catalogue from './problem-catalogue.json';

/** What a problem's code means. `zh` and `en` are as the program says them, with `…` where a value stands. */
interface ProblemType extends Bilingual {
  readonly code: string;
  readonly status: number;
  readonly title: Bilingual;
  readonly basis?: string;
}

const entries = catalogue as Readonly<Record<string, Bilingual & { kind: FailureKind; basis?: string }>>;

/** Every code a problem can have. The codes of its `errors[]`, `field.<rule>`, name the class-validator rule that was not met. */
const TYPES: readonly ProblemType[] = [
  ...Object.entries(entries).map(([code, { kind, zh, en, basis }]) => ({
    code,
    ...KINDS[kind],
    // Some texts are put together at run time; the title stands for those.
    zh: zh || KINDS[kind].title.zh,
    en: en || KINDS[kind].title.en,
    ...(basis && { basis }),
  })),
  ...Object.entries(TRANSPORT).map(([status, { code, zh, en }]) => ({
    code,
    status: Number(status),
    title: { zh, en },
    zh,
    en,
  })),
  { code: INTERNAL.code, status: 500, title: { zh: INTERNAL.zh, en: INTERNAL.en }, zh: INTERNAL.zh, en: INTERNAL.en },
].sort((a, b) => (a.code < b.code ? -1 : 1));

/** Where a problem's `type` points. */
@ApiTags('problems 问题类型')
@Public()
@Controller('problems')
export class ProblemsController {
  @Get()
  @ApiOperation({ summary: '全部问题类型 · Every problem type, by code' })
  all(): { types: readonly ProblemType[] } {
    return { types: TYPES };
  }

  @Get(':code')
  @ApiOperation({ summary: '一种问题类型 · One problem type' })
  one(@Param('code') code: string): ProblemType {
    const found = TYPES.find((t) => t.code === code);
    if (found) return found;
    throw new Failure('not_found', 'problem.unknown', { zh: '没有此问题类型。', en: 'There is no such problem type.' });
  }
}
