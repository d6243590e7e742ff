import { LedgerLocked } from '../../src/ledger/event-store';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { sampleEvent } from '../contract/sample-events';

const WRITERS = 16;

/**
 * The process that the fault tests kill: `append <directory>` appends from several writers until it dies and prints the id of
 * each acknowledged event; `open <directory>` says whether it may write.
 */
async function run(task: string, directory: string): Promise<void> {
  if (task === 'open') {
    try {
      await SqliteEventStore.open({ directory }).close();
      console.log('opened');
    } catch (error) {
      console.log(error instanceof LedgerLocked ? `locked: ${error.message}` : `failed: ${String(error)}`);
    }
    return;
  }
  const store = SqliteEventStore.open({ directory });
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const events = [sampleEvent(n), sampleEvent(n)];
        try {
          await store.append(`case-${process.pid}-${writer}-${n}`, 'no_stream', events);
          process.stdout.write(events.map((e) => `acknowledged ${e.id}\n`).join(''));
        } catch (error) {
          process.stdout.write(`rejected ${events[0].id} ${JSON.stringify(error)}\n`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    }),
  );
}

const [task, directory] = process.argv.slice(2);
void run(task, directory);
