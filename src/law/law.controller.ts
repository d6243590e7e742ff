import { Controller, Get, Param, ParseIntPipe, Query } from '@nestjs/common';
import { Failure } from '../kernel/errors';
import { dateInChina, systemClock } from '../kernel/time';
import { calendarHorizon, calendarOf, isDate, type CalendarDay } from './calendar';
import { allInstruments, type Instrument } from './instruments';
import { allParameters, parameterVersions, type LegalParameter } from './parameters';

/** The law as the program applies it, for anyone to read. */
@Controller('api/law')
export class LawController {
  /** Figures in force on a date, today when none is given; `?on=all` for every version. */
  @Get('parameters')
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
  parameter(@Param('id') id: string): { id: string; versions: readonly LegalParameter[] } {
    const versions = parameterVersions(id);
    if (versions.length === 0) {
      throw new Failure('not_found', 'law.no_parameter', { zh: '没有这个法定参数', en: 'no such legal parameter' });
    }
    return { id, versions };
  }

  @Get('instruments')
  instruments(): { instruments: readonly Instrument[] } {
    return { instruments: allInstruments() };
  }

  /** Every day of a year with its kind, and the last day that an announcement covers. */
  @Get('calendar/:year')
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
