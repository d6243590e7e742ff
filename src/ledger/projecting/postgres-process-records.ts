import type { Fence } from '../postgres/lease';
import type { Parameter, Postgres } from '../postgres/postgres';
import { fenced } from './postgres-rows-schema';
import {
  MAX_LISTED_REFUSALS,
  type ProcessRecord,
  type ProcessRecords,
  type ProcessRefusal,
  type ProcessTrouble,
} from './process-records';
import { BEGINNING, type Checkpoint } from './row-store';

/** In PostgreSQL: every node reads them, the one that leads writes them. */
export class PostgresProcessRecords implements ProcessRecords {
  /** Of this node while it leads. */
  fence: Fence | undefined;

  constructor(private readonly postgres: Postgres) {}

  async checkpoint(name: string): Promise<Checkpoint> {
    const [found] = await this.postgres.query<Checkpoint>(
      'SELECT position, event_id AS "eventId" FROM process WHERE name = $1',
      [name],
    );
    return found ?? BEGINNING;
  }

  async save(name: string, { position, eventId }: Checkpoint): Promise<void> {
    await this.write(
      `INSERT INTO process (name, position, event_id) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET position = excluded.position, event_id = excluded.event_id`,
      [name, position, eventId],
    );
  }

  async addRefusal({ process, position, eventId, code, at }: ProcessRefusal): Promise<void> {
    await this.write(
      `INSERT INTO process_refusal (process, position, event_id, code, at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (process, position) DO UPDATE SET event_id = excluded.event_id, code = excluded.code, at = excluded.at`,
      [process, position, eventId, code, at],
    );
  }

  async forgetRefusals(process: string): Promise<void> {
    await this.write('DELETE FROM process_refusal WHERE process = $1', [process]);
  }

  async noteTrouble(name: string, trouble: ProcessTrouble | undefined): Promise<void> {
    await this.write(
      `INSERT INTO process (name, position, trouble_position, trouble_reason, trouble_stalled) VALUES ($1, 0, $2, $3, $4)
       ON CONFLICT (name) DO UPDATE SET trouble_position = excluded.trouble_position,
         trouble_reason = excluded.trouble_reason, trouble_stalled = excluded.trouble_stalled`,
      [name, trouble?.position ?? null, trouble?.reason ?? null, trouble?.stalled ?? null],
    );
  }

  async all(): Promise<ProcessRecord[]> {
    const found = await this.postgres.query<{
      name: string;
      position: number;
      refusals: number;
      at: number | null;
      reason: string | null;
      stalled: boolean | null;
    }>(
      `SELECT name, position, trouble_position AS at, trouble_reason AS reason, trouble_stalled AS stalled,
              (SELECT count(*) FROM process_refusal WHERE process = name) AS refusals
       FROM process ORDER BY name`,
    );
    return found.map(({ at, reason, stalled, ...record }) =>
      at === null ? record : { ...record, trouble: { position: at, reason: reason ?? '', stalled: stalled ?? false } },
    );
  }

  refusals(): Promise<ProcessRefusal[]> {
    return this.postgres.query<ProcessRefusal>(
      `SELECT process, position, event_id AS "eventId", code, at FROM process_refusal
       ORDER BY position DESC, process LIMIT $1`,
      [MAX_LISTED_REFUSALS],
    );
  }

  private async write(sql: string, parameters: Parameter[]): Promise<void> {
    if (!this.fence) throw new Error('this node does not run processes');
    await fenced(this.postgres, this.fence, (session) => session.query(sql, parameters));
  }
}
