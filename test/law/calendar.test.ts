import fc from 'fast-check';
import {
  addCalendarDays,
  addMonths,
  addWorkingDays,
  addYears,
  calendarHorizon,
  calendarOf,
  isProvisional,
  isWorkingDay,
  onOrNextWorkingDay,
  useCalendar,
  workingDaysBetween,
} from '../../src/law/calendar';
import { Failure } from '../../src/kernel/errors';

const dates = fc.integer({ min: 0, max: 8000 }).map((n) => addCalendarDays('2010-01-01', n));

describe('working days 工作日', () => {
  test.each([
    ['a plain Monday', '2026-11-23', true],
    ['a plain Saturday', '2026-11-21', false],
    ['Spring Festival on a Tuesday', '2026-02-17', false],
    ['a make-up Saturday before Spring Festival', '2026-02-14', true],
    ['a make-up Saturday after Spring Festival', '2026-02-28', true],
    ['National Day on a Thursday', '2026-10-01', false],
    ['the make-up Saturday after National Day', '2026-10-10', true],
    ["last year's make-up Sunday", '2025-01-26', true],
    ['2020, when Spring Festival was extended', '2020-01-31', false],
  ])('%s', (_, date, working) => expect(isWorkingDay(date)).toBe(working));

  test('the last working day of a year leads into the next over New Year', () => {
    expect(addWorkingDays('2025-12-31', 1)).toBe('2026-01-04'); // a Sunday worked instead of 2 January
    expect(addWorkingDays('2025-12-31', 2)).toBe('2026-01-05');
  });

  test('seven working days over Spring Festival count its make-up Saturdays', () => {
    expect(addWorkingDays('2026-02-12', 7)).toBe('2026-02-28');
  });

  test('seven working days from the eve of National Day', () => {
    expect(addWorkingDays('2026-09-30', 7)).toBe('2026-10-15');
  });

  test('counting back for a notice that must be served so many days before', () => {
    expect(addWorkingDays('2026-10-15', -7)).toBe('2026-09-30');
  });

  test('a period that starts on a holiday counts from the first working day after it', () => {
    expect(addWorkingDays('2026-10-03', 1)).toBe('2026-10-08');
  });

  test('zero days is the day itself, working or not', () => expect(addWorkingDays('2026-10-03', 0)).toBe('2026-10-03'));

  test('counting is the inverse of adding, in both directions', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -250, max: 250 }), (date, n) => {
        expect(workingDaysBetween(date, addWorkingDays(date, n))).toBe(n);
      }),
    );
  });

  test('a later start never ends earlier', () => {
    fc.assert(
      fc.property(dates, fc.nat(400), fc.nat(90), (date, gap, n) => {
        expect(addWorkingDays(addCalendarDays(date, gap), n) >= addWorkingDays(date, n)).toBe(true);
      }),
    );
  });

  test('the result of adding is a working day', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 90 }), (date, n) => {
        expect(isWorkingDay(addWorkingDays(date, n))).toBe(true);
      }),
    );
  });

  test('every day of an announced year is accounted for', () => {
    const year = calendarOf(2026);
    expect(year).toHaveLength(365);
    expect(year.filter((d) => d.type === 'make_up_working_day').map((d) => d.date)).toEqual([
      '2026-01-04',
      '2026-02-14',
      '2026-02-28',
      '2026-05-09',
      '2026-09-20',
      '2026-10-10',
    ]);
    expect(year.find((d) => d.date === '2026-02-17')).toMatchObject({
      type: 'holiday',
      holiday: '春节',
      working: false,
    });
    expect(year.every((d) => d.working === isWorkingDay(d.date) && !d.provisional)).toBe(true);
  });
});

describe('beyond the announced years', () => {
  const next = Number(calendarHorizon().slice(0, 4)) + 1;
  afterEach(() => useCalendar([]));

  test('the horizon is the end of a year, and days after it are provisional', () => {
    expect(calendarHorizon()).toMatch(/^\d{4}-12-31$/);
    expect(isProvisional(calendarHorizon())).toBe(false);
    expect(isProvisional(`${next}-01-01`)).toBe(true);
  });

  test('statutory holidays are still days off, lunar ones too', () => {
    for (const date of [`${next}-01-01`, `${next}-05-01`, `${next}-05-02`, `${next}-10-01`, `${next}-10-03`]) {
      expect(isWorkingDay(date)).toBe(false);
    }
    const off = calendarOf(2030).filter((d) => d.type === 'holiday');
    expect(off.filter((d) => d.holiday === '春节').map((d) => d.date)).toEqual([
      '2030-02-02',
      '2030-02-03',
      '2030-02-04',
      '2030-02-05',
    ]);
    expect(off).toHaveLength(13);
  });

  test('an operator adds the announcement before the program has it', () => {
    const holiday = `${next}-03-10`;
    const horizon = calendarHorizon();
    useCalendar([{ year: next, basis: '国办发明电', holidays: [holiday], workdays: [] }]);
    expect(calendarHorizon()).toBe(`${next}-12-31`);
    expect([isWorkingDay(holiday), isProvisional(holiday)]).toEqual([false, false]);
    useCalendar([]);
    expect(calendarHorizon()).toBe(horizon);
  });
});

describe('months and years (民法典 202)', () => {
  test.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-12-31', 1, '2027-01-31'],
  ])('%s and %d months', (date, n, expected) => expect(addMonths(date, n)).toBe(expected));

  test('a leap day has its anniversary on 28 February', () => {
    expect(addYears('2024-02-29', 1)).toBe('2025-02-28');
    expect(addYears('2024-02-29', 4)).toBe('2028-02-29');
  });
});

test.each(['2026-02-30', '2026-13-01', '20260101', '', '2026-1-1'])('%p is refused as a date', (text) => {
  expect(() => isWorkingDay(text)).toThrow(Failure);
  expect(() => addMonths(text, 1)).toThrow(Failure);
});

test('a day off rolls to the next working day, a working day stays', () => {
  expect(onOrNextWorkingDay('2026-10-01')).toBe('2026-10-08');
  expect(onOrNextWorkingDay('2026-10-08')).toBe('2026-10-08');
});
