/**
 * What a personal text reads as once its subject's key has been destroyed (个人信息保护法 47). A stable marker and not a
 * sentence: pages say it in the reader's language, having recognised it by `isErased`.
 */
export const ERASED = '〔个人信息已删除〕';

/** A personal list reads as a list that holds the marker alone, so that what folds over its members goes on working. */
export const ERASED_LIST: readonly string[] = [ERASED];

/** Whether a field's value, a text or a list, is what is left after an erasure. */
export const isErased = (value: unknown): boolean =>
  value === ERASED || (Array.isArray(value) && value.length === 1 && value[0] === ERASED);

/** The fields that say something still: for reading what may have been erased as what was never said. */
export const withoutErased = <T extends object>(data: T): Partial<T> =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => !isErased(value))) as Partial<T>;
