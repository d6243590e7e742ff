import { parseCheckpoint } from '../../verification/checkpoint';
import { parseNote } from '../../verification/note';
import type { Fence } from '../postgres/lease';
import type { Postgres, PostgresSettings } from '../postgres/postgres';
import { openLogDatabase, writeDurably } from './postgres-log-storage';
import { MAX_KEPT_CHECKPOINTS, PublishedCheckpoints, type KeptCheckpoint } from './published-checkpoints';

/** The table `log_published`, beside the log's objects. */
export class PostgresPublishedCheckpoints extends PublishedCheckpoints {
  private constructor(
    private readonly postgres: Postgres,
    private readonly fence: Fence | undefined,
  ) {
    super();
  }

  /** On connections of its own. @throws Failure `postgres.unavailable` */
  static async open(
    settings: PostgresSettings,
    { fence }: { readonly fence?: Fence } = {},
  ): Promise<PostgresPublishedCheckpoints> {
    return new PostgresPublishedCheckpoints(await openLogDatabase(settings), fence);
  }

  async keep(note: string): Promise<void> {
    const { size } = parseCheckpoint(parseNote(note).text);
    await writeDurably(this.postgres, this.fence, async (session) => {
      const [last] = await session.query<{ note: string }>('SELECT note FROM log_published ORDER BY id DESC LIMIT 1');
      if (last?.note === note) return;
      await session.query(
        `WITH kept AS (INSERT INTO log_published (size, note) VALUES ($1, $2) RETURNING id)
         DELETE FROM log_published WHERE id <= (SELECT id FROM kept) - $3`,
        [size, note, MAX_KEPT_CHECKPOINTS],
      );
    });
  }

  covering(size: number, after: number, limit: number): Promise<KeptCheckpoint[]> {
    return this.postgres.query<KeptCheckpoint>(
      'SELECT id, size, note FROM log_published WHERE size >= $1 AND id > $2 ORDER BY id LIMIT $3',
      [size, after, limit],
    );
  }

  close(): Promise<void> {
    return this.postgres.close();
  }
}
