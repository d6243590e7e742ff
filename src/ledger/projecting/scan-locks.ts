import type { Client } from 'pg';
import { hangUp, told, type Postgres } from '../postgres/postgres';
import { OneAtATime } from './one-at-a-time';
import { SCAN_LOCK, scanLock } from './postgres-rows-schema';

/**
 * Keeps the rows of a generation while scans of this node read them: a shared advisory lock for each, on one connection for all, which
 * is made at the first scan. Whoever drops the rows needs the lock alone. A scan itself holds no connection between two pages.
 */
export class ScanLocks {
  private readonly scans = new Map<number, number>();
  private readonly inTurn = new OneAtATime();
  private connection: Client | undefined;
  private closed = false;

  constructor(private readonly postgres: Postgres) {}

  /** Whether the generation is held now; not when its rows are being dropped. @throws Failure `postgres.unavailable` */
  hold(generation: number): Promise<boolean> {
    return this.inTurn.run(async () => {
      const before = this.scans.get(generation) ?? 0;
      if (before === 0 && !(await this.ask('pg_try_advisory_lock_shared', generation))) return false;
      this.scans.set(generation, before + 1);
      return true;
    });
  }

  /** To be called once for each `hold`. */
  async release(generation: number): Promise<void> {
    await this.inTurn.run(async () => {
      const left = (this.scans.get(generation) ?? 1) - 1;
      if (left > 0) this.scans.set(generation, left);
      else {
        this.scans.delete(generation);
        await this.ask('pg_advisory_unlock_shared', generation).catch(() => undefined); // it ended with its connection
      }
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.inTurn.run(async () => this.connection && hangUp(this.connection));
  }

  private async ask(lock: string, generation: number): Promise<boolean> {
    const connection = (this.connection ??= await this.connect());
    try {
      const { rows } = await connection.query<{ done: boolean }>(
        `SELECT ${lock}(${SCAN_LOCK}) AS done`,
        scanLock(this.postgres, generation),
      );
      return rows[0].done;
    } catch (error) {
      void hangUp(connection); // it is not known what it holds; the next one takes the locks anew
      throw told(error);
    }
  }

  /** A connection with the locks of every scan that is under way. */
  private async connect(): Promise<Client> {
    const connection = await this.postgres.connection('mingjing scans');
    connection.once('end', () => {
      if (this.connection === connection) this.connection = undefined;
      if (!this.closed && this.scans.size > 0) void this.again();
    });
    try {
      for (const generation of this.scans.keys()) {
        await connection.query(`SELECT pg_try_advisory_lock_shared(${SCAN_LOCK})`, scanLock(this.postgres, generation));
      }
    } catch (error) {
      void hangUp(connection);
      throw told(error);
    }
    return connection;
  }

  /** At once, so that rows which are still read are not dropped; if it fails, the next scan does it. */
  private async again(): Promise<void> {
    await this.inTurn.run(async () => (this.connection ??= await this.connect())).catch(() => undefined);
  }
}
