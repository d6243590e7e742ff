/**
 * SQLite's code of an error, such as `SQLITE_FULL`; empty for any other error. By the code and not by the class: the driver
 * keeps the error class of whoever loaded it first in the process.
 */
export function sqliteCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}
