import { assertHolds, type Fence } from '../postgres/lease';
import type { Postgres } from '../postgres/postgres';
import type { WitnessTrouble } from './sealer';
import type { Sealing, SealingStatus, SealingTrouble } from './sealing';

/** What is wrong with the sealing, as other nodes are to know it. */
export interface SealingTroubles {
  readonly witnessTroubles: readonly WitnessTrouble[];
  readonly trouble?: SealingTrouble;
}

const LOOK_MS = 1000;

/**
 * What the node that seals says of its troubles, for operators who ask another one: a text beside the log's, which is no part of it. It stands until
 * the next one who seals says otherwise.
 */
export class ToldSealing {
  constructor(private readonly postgres: Postgres) {}

  /** Undefined before anybody has told. @throws Failure `postgres.unavailable` */
  async read(): Promise<SealingTroubles | undefined> {
    const [found] = await this.postgres.query<{ content: string }>(
      `SELECT content FROM log_text WHERE name = 'troubles'`,
    );
    return found && (JSON.parse(found.content) as SealingTroubles);
  }

  /**
   * Tells whatever changes, under the lease, until the function that it returns is called. What was not
   * written is tried again; what comes too late is refused by the fence.
   */
  tell(sealing: Pick<Sealing, 'status'>, fence: Fence): () => void {
    let told = '';
    const look = async (): Promise<void> => {
      const text = textOf(sealing.status());
      if (text === told) return;
      await this.write(text, fence);
      told = text;
    };
    const tried = (): Promise<void> => look().catch(() => undefined);
    let looking = tried();
    const timer = setInterval(() => (looking = looking.then(tried)), LOOK_MS).unref();
    return () => clearInterval(timer);
  }

  private async write(text: string, fence: Fence): Promise<void> {
    await this.postgres.transaction(async (session) => {
      await assertHolds(session, fence);
      await session.query(
        `INSERT INTO log_text VALUES ('troubles', $1) ON CONFLICT (name) DO UPDATE SET content = excluded.content`,
        [text],
      );
    });
  }
}

/** `conflict` is for the log of the node that seals. */
const textOf = ({ witnessTroubles, trouble }: SealingStatus): string =>
  JSON.stringify({
    witnessTroubles: witnessTroubles.map(({ witness, code, zh, en }) => ({ witness, code, zh, en })),
    trouble,
  });
