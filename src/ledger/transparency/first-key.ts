import type { Postgres } from '../postgres/postgres';
import type { FirstKey } from './log-keys';
import { writeDurably } from './postgres-log-storage';

/**
 * The key of a log in PostgreSQL that has signed nothing: a text beside the log's, which whichever node begins it writes, be it the one that leads
 * or not. Once something is signed nobody asks for it: keys may be replaced. `origin`: another log may begin in the place of one that cannot go on.
 */
export const firstKeyIn =
  (postgres: Postgres, origin: string): FirstKey =>
  async (own) => {
    const name = `first-key ${origin}`;
    if (own !== undefined) {
      await writeDurably(postgres, undefined, (session) =>
        session.query(`INSERT INTO log_text VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, [name, own]),
      );
    }
    const [found] = await postgres.query<{ content: string }>('SELECT content FROM log_text WHERE name = $1', [name]);
    return found?.content;
  };
