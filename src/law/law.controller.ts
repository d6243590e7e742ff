import { Controller, Get, Param, ParseIntPipe, Query, SetMetadata } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Failure } from '../kernel/errors';
import { dateInChina, systemClock } from '../kernel/time';
import { calendarHorizon, calendarOf, isDate, type CalendarDay } from './calendar';
import { allInstruments, type Instrument } from './instruments';
import { allParameters, parameterVersions, type LegalParameter } from './parameters';

/** The law as the program applies it, for anyone to read. */
@ApiTags('law 法律参数')
@SetMetadata('access:public', true) // what `@Public()` sets: law imports no other folder
@Controller('api/law')
export class LawController {
  /** Figures in force on a date, today when none is given; `?on=all` for every version. */
  @Get('parameters')
  @ApiOperation({ summary: '某日有效的法定参数 · Legal figures in force on a date' })
  @ApiQuery({ name: 'on', required: false, description: 'YYYY-MM-DD, all', schema: { type: 'string', maxLength: 10 } })
  parameters(@Query('on') on?: string): { parameters: LegalParameter[] } {
    if (on === 'all') return { parameters: allParameters() };
    const date = on ?? dateInChina(systemClock.now());
    if (!isDate(date)) throw new Failure('invalid', 'law.not_a_date', { ...NOT_A_DATE, field: 'on' });
    return {
      parameters: allParameters().filter((p) => p.validFrom <= date && (p.validTo === undefined || date <= p.validTo)),
    };
  }

  /** Every version of one figure, oldest first. */
  @Get('parameters/:id')
  @ApiOperation({ summary: '一项法定参数的历次规定 · Every version of one legal figure' })
  parameter(@Param('id') id: string): { id: string; versions: readonly LegalParameter[] } {
    const versions = parameterVersions(id);
    if (versions.length === 0) {
      throw new Failure('not_found', 'law.no_parameter', { zh: '没有这个法定参数', en: 'no such legal parameter' });
    }
    return { id, versions };
  }

  @Get('instruments')
  @ApiOperation({ summary: '法律依据目录 · The laws and rules that are cited' })
  instruments(): { instruments: readonly Instrument[] } {
    return { instruments: allInstruments() };
  }

  /** Every day of a year with its kind, and the last day that an announcement covers. */
  @Get('calendar/:year')
  @ApiOperation({ summary: '某年的工作日历 · Every day of a year with its kind' })
  calendar(@Param('year', ParseIntPipe) year: number): { year: number; announcedUntil: string; days: CalendarDay[] } {
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw new Failure('invalid', 'law.year_out_of_bounds', {
        zh: `年份应在 ${FIRST_YEAR} 至 ${LAST_YEAR} 之间`,
        en: `the year must be ${FIRST_YEAR} to ${LAST_YEAR}`,
        field: 'year',
      });
    }
    return { year, announcedUntil: calendarHorizon(), days: calendarOf(year) };
  }
}

const NOT_A_DATE = { zh: '日期格式应为 YYYY-MM-DD', en: 'not a date YYYY-MM-DD' };
const FIRST_YEAR = 1990;
const LAST_YEAR = 2099; // the lunar tables behind provisional holidays end in 2100
