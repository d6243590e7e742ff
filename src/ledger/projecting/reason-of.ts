import { DatabaseError } from 'pg';
import { Failure, framesOf } from '../../kernel/errors';
import { LedgerCorrupt } from '../event-store';
import { code } from '../postgres/postgres';
import { CheckpointMoved } from './row-store';
import { UnfitValue } from './row-table';
import { sqliteCode } from './sqlite-code';

/**
 * What may be logged of an error: codes, what the engine says of types, and where. The message of anything else could quote an
 * event, and with it personal data.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof Failure) return error.code;
  const reason = sqliteCode(error) ?? (error instanceof DatabaseError ? `SQLSTATE ${code(error)}` : undefined);
  if (reason) return reason;
  if ([CheckpointMoved, LedgerCorrupt, UnfitValue].some((one) => error instanceof one)) {
    return (error as Error).message;
  }
  if (!(error instanceof Error)) return 'not an error';
  const told = OF_THE_PROGRAM.exec(error.message)?.[0];
  return `${error.name}${told ? ` (${told})` : ''} at ${framesOf(error)[0] ?? 'unknown place'}`;
}

/** Why nothing moves at all. */
export interface Fault {
  /** Without personal data. */
  readonly reason: string;
  /** It is a store that does not answer: whoever watches the store knows, and all goes on when it is back. */
  readonly storeAway: boolean;
}

/** `what` was being done. */
export const faultOf = (what: string, error: unknown): Fault => ({
  reason: `${what}: ${reasonOf(error)}`,
  storeAway: error instanceof Failure && STORES_AWAY.has(error.code),
});

const STORES_AWAY: ReadonlySet<string> = new Set(['postgres.unavailable', 'ledger.store_unavailable']);

/** What the engine says in words of the program; "reading '…'" and much else quotes values. */
const OF_THE_PROGRAM =
  /^(Cannot (read|set) properties of (undefined|null)|[A-Za-z_$][\w.$]* is not (a function|a constructor|iterable|defined))/;
