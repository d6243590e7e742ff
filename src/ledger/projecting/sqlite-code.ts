/**
 * The code of an error from SQLite, such as `SQLITE_FULL`; undefined for any other. By its code and not its class, because the
 * native module keeps the class of whoever loaded it first.
 */
export function sqliteCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : undefined;
}
