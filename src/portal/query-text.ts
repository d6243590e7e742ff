import { isDate } from '../law/calendar';

/**
 * One parameter of an address or field of a form as text: trimmed, the first of several, cut at `max` characters. Pages are
 * forgiving where the API is strict: a mangled link still shows a page.
 */
export function textOf(query: unknown, name: string, max: number): string | undefined {
  const values = (query ?? {}) as Readonly<Record<string, unknown>>;
  const value = Object.hasOwn(values, name) ? [values[name]].flat()[0] : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim().slice(0, max);
  return text === '' ? undefined : text;
}

/** Every value of a field that may stand several times. */
export function textsOf(query: unknown, name: string): string[] {
  const values = (query ?? {}) as Readonly<Record<string, unknown>>;
  return Object.hasOwn(values, name) ? [values[name]].flat().filter((v): v is string => typeof v === 'string') : [];
}

/** A date parameter; `malformed` when it is none. */
export function dateOf(query: unknown, name: string): { date?: string; malformed: boolean } {
  const text = textOf(query, name, 40);
  if (text === undefined) return { malformed: false };
  return isDate(text) ? { date: text, malformed: false } : { malformed: true };
}

export function oneOf<T extends string>(query: unknown, name: string, values: readonly T[]): T | undefined {
  const text = textOf(query, name, 100);
  return values.find((value) => value === text);
}
