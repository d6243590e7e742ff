import { DatabaseError } from 'pg';
import { Failure } from '../../kernel/errors';
import { LedgerCorrupt } from '../event-store';
import { code } from '../postgres/postgres';
import { CheckpointMoved } from './row-store';
import { sqliteCode } from './sqlite-code';

/**
 * What may be logged of an error: codes, what the engine says of types, and where. The message of anything else could quote an
 * event, and with it personal data.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof Failure) return error.code;
  const reason = sqliteCode(error) ?? (error instanceof DatabaseError ? `SQLSTATE ${code(error)}` : undefined);
  if (reason) return reason;
  if (error instanceof CheckpointMoved || error instanceof LedgerCorrupt) return error.message;
  if (!(error instanceof Error)) return 'not an error';
  const place = /\n\s+at (.*)/.exec(error.stack ?? '')?.[1] ?? 'unknown place';
  const told = error instanceof TypeError || error instanceof ReferenceError;
  return `${error.name}${told ? ` (${error.message})` : ''} at ${place}`;
}
