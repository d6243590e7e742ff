/** An instant in UTC, ISO 8601 with milliseconds: `2026-11-22T01:02:03.004Z`. */
export type Instant = string;

/** A calendar date in China, `YYYY-MM-DD`. Legal days are counted in these. */
export type LocalDate = string;

/** Where the server's time comes from; a test or the demonstration hands in its own. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => new Date().toISOString() };

const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000; // China has had one zone without daylight saving since 1991

/** The calendar date in China at an instant. */
export function dateInChina(instant: Instant): LocalDate {
  return new Date(Date.parse(instant) + CHINA_OFFSET_MS).toISOString().slice(0, 10);
}

/** The first instant of a calendar date in China. */
export function startOfDay(date: LocalDate): Instant {
  return new Date(Date.parse(`${date}T00:00:00.000Z`) - CHINA_OFFSET_MS).toISOString();
}
