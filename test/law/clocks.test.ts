import fc from 'fast-check';
import { addCalendarDays } from '../../src/law/calendar';
import { deadline, deadlineInstant, extendBy, lastDayBefore, remainingDays, resume } from '../../src/law/clocks';

describe('statutory deadlines', () => {
  test('ninety calendar days to decide (行政处罚法 60), the first day not counted', () => {
    expect(deadline('penalty.decision', '2026-03-02')).toEqual({
      parameter: 'penalty.decision',
      from: '2026-03-02',
      dueOn: '2026-05-31', // a Sunday, and no statutory holiday
      days: 90,
      dayKind: 'calendar',
      basis: '行政处罚法第60条',
      provisional: false,
    });
  });

  test('a statutory holiday moves the last day to the first day after it, a weekend does not (程序规定 80)', () => {
    expect(deadline('penalty.decision', '2026-07-03')).toMatchObject({
      dueOn: '2026-10-08', // 1 October
      movedUnder: '市场监督管理行政处罚程序规定第80条',
    });
    expect(deadline('penalty.payment', '2026-04-03').dueOn).toBe('2026-04-20'); // 18 April is a Saturday; 民法典 203
    expect(deadline('remedies.reconsideration_apply', '2026-04-07').dueOn).toBe('2026-06-08'); // 6 June is a Saturday
  });

  test('seven working days to serve (行政处罚法 61, 85) over National Day', () => {
    expect(deadline('penalty.service', '2026-09-30')).toMatchObject({ dueOn: '2026-10-15', dayKind: 'working' });
  });

  test('a limit on the agency, such as seizure, does not run on over a holiday', () => {
    expect(deadline('compulsory.seizure', '2026-09-02').dueOn).toBe('2026-10-02');
  });

  test('periods in months and years end on the same day of the month', () => {
    expect(deadline('remedies.litigation_apply', '2026-03-10').dueOn).toBe('2026-09-10');
    expect(deadline('penalty.limitation', '2024-02-29')).toMatchObject({ dueOn: '2026-02-28', days: 730 });
  });

  test('a working-day period into a year without announcement is provisional', () => {
    expect(deadline('disclosure.penalty', '2026-12-29').provisional).toBe(true);
    expect(deadline('disclosure.penalty', '2026-11-02').provisional).toBe(false);
    expect(deadline('compulsory.seizure', '2026-12-29').provisional).toBe(false);
  });

  test('hours', () => {
    expect(deadlineInstant('disclosure.av_upload', '2026-05-01T08:30:00.000Z', '2026-05-01')).toBe(
      '2026-05-02T08:30:00.000Z',
    );
    expect(deadline('disclosure.av_upload', '2026-05-01').dueOn).toBe('2026-05-02');
    expect(() => deadlineInstant('penalty.decision', '2026-05-01T08:30:00.000Z', '2026-05-01')).toThrow(
      /law.not_a_period/,
    );
  });

  test('the last day to notify of a hearing seven working days before it', () => {
    expect(lastDayBefore('penalty.hearing_notice', '2026-10-15')).toBe('2026-09-30');
  });

  test('the law of the day the period starts is applied', () => {
    expect(deadline('penalty.hearing_request', '2020-01-06')).toMatchObject({ days: 3, dayKind: 'calendar' });
    expect(deadline('penalty.hearing_request', '2021-07-15')).toMatchObject({ days: 5, dayKind: 'working' });
  });

  test('an amount is not a period', () => {
    expect(() => deadline('penalty.simple_max_citizen', '2026-01-05')).toThrow(/law.not_a_period/);
  });
});

describe('extension and suspension', () => {
  test('an extension runs on from the period itself, not from a moved last day', () => {
    expect(extendBy(deadline('penalty.decision', '2026-03-02'), 30)).toMatchObject({ days: 120, dueOn: '2026-06-30' });
  });

  test('the time of a suspension is not counted (市场监督管理行政处罚程序规定 64)', () => {
    const clock = deadline('penalty.decision', '2026-03-02');
    expect(remainingDays(clock, '2026-04-01')).toBe(60);
    expect(resume(clock, '2026-04-01', '2026-04-21')).toMatchObject({ days: 60, dueOn: '2026-06-22' }); // 20 June is in the Dragon Boat holiday
  });

  test('any suspension of a calendar period moves its end by as many days', () => {
    const clock = deadline('compulsory.seizure', '2026-03-02');
    fc.assert(
      fc.property(fc.nat(30), fc.nat(200), (start, length) => {
        const suspendedOn = addCalendarDays(clock.from, start);
        const resumed = resume(clock, suspendedOn, addCalendarDays(suspendedOn, length));
        expect(resumed.dueOn).toBe(addCalendarDays(clock.dueOn, length));
      }),
    );
  });

  test('working days left at a suspension are still there after it', () => {
    const clock = deadline('penalty.review_time', '2026-03-02');
    expect(resume(clock, '2026-03-06', '2026-03-30')).toMatchObject({ days: 6, dueOn: '2026-04-08' });
  });

  test('nothing is left of a period that has passed', () => {
    const clock = deadline('penalty.service', '2026-03-02');
    expect(remainingDays(clock, '2026-04-02')).toBeLessThan(0);
    expect(resume(clock, '2026-04-02', '2026-04-10').dueOn).toBe('2026-04-10');
  });
});
