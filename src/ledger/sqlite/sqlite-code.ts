/**
 * SQLite's code of an error, such as `SQLITE_FULL`; empty for any other error. By the code and not by the class: the driver
 * keeps the error class of whoever loaded it first in the process.
 */
export function sqliteCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}

/** Whether a failed transaction was surely rolled back: no room, or somebody else's lock. After a failed sync nobody knows. */
export function leftFileAsItWas(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE' || code.startsWith('SQLITE_BUSY');
}
