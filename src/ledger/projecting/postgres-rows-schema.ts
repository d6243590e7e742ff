import { assertHolds, type Fence } from '../postgres/lease';
import type { Parameter, Postgres, Session } from '../postgres/postgres';
import type { Stall } from './generation';
import type { GenerationRecord } from './row-store';

/** The tables of this room besides the rows' own. Texts that are compared say `COLLATE "C"`, so that the order is that of the code points. */
const MIGRATIONS = [
  `
  CREATE TABLE generation (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    projection text COLLATE "C" NOT NULL,
    shape text COLLATE "C" NOT NULL,
    state text NOT NULL CHECK (state IN ('building', 'live', 'retired')),
    indexed boolean NOT NULL DEFAULT false,
    position bigint NOT NULL DEFAULT 0,
    event_id text,
    -- how far readers are told the rows reach: behind position while an erasure is being completed
    announced bigint NOT NULL DEFAULT 0,
    stalled_position bigint,
    stalled_reason text
  );
  CREATE UNIQUE INDEX one_live_generation ON generation (projection) WHERE state = 'live';
  CREATE TABLE process (
    name text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL,
    event_id text,
    trouble_position bigint,
    trouble_reason text,
    trouble_stalled boolean
  );
  CREATE TABLE process_refusal (
    process text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    event_id text NOT NULL,
    code text NOT NULL,
    at text NOT NULL,
    PRIMARY KEY (process, position)
  );
  `,
];

/** A generation as every node reads it. */
export interface SharedRecord extends GenerationRecord {
  /** How far readers are told that its rows reach. */
  readonly announced: number;
  readonly stalled?: Stall;
}

/** Makes the tables of generations and processes, where they are missing. */
export const migrateRows = (postgres: Postgres): Promise<void> => postgres.migrate('rows', MIGRATIONS);

/** What is notified after every change: that there is one, and nothing else. */
export const rowsChannel = ({ schema }: Postgres): string => `${schema}_rows`;

/** Every generation that the database has. */
export async function sharedRecords(session: Session): Promise<SharedRecord[]> {
  const found = await session.query<
    Omit<SharedRecord, 'stalled'> & { stalledPosition: number | null; stalledReason: string | null }
  >(
    `SELECT id, projection, shape, state, indexed, position, event_id AS "eventId", announced,
            stalled_position AS "stalledPosition", stalled_reason AS "stalledReason"
     FROM generation ORDER BY id`,
  );
  return found.map(({ stalledPosition, stalledReason, ...record }) =>
    stalledPosition === null
      ? record
      : { ...record, stalled: { position: stalledPosition, reason: stalledReason ?? '' } },
  );
}

/** One transaction of the node that leads; other nodes are told of it when it is committed. @throws LeaseLost when it leads no more */
export function fenced<T>(postgres: Postgres, fence: Fence, work: (session: Session) => Promise<T>): Promise<T> {
  return postgres.transaction(async (session) => {
    await assertHolds(session, fence);
    const result = await work(session);
    await session.query('SELECT pg_notify($1, $2)', [rowsChannel(postgres), '']);
    return result;
  });
}

/** The advisory lock of a generation: shared by scans, taken alone by whoever drops its rows. */
export const SCAN_LOCK = 'hashtext($1), $2';
/** The advisory lock under which a generation is read from end to end, so that it is not dropped meanwhile. */
export const scanLock = ({ schema }: Postgres, generation: number): Parameter[] => [`${schema} scan`, generation];
