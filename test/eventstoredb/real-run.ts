import { EventStoreDbStore } from '../../src/ledger/eventstoredb/eventstoredb-event-store';
import { leaveClean } from './real-server';
import { connectionString, freshPrefix, RUN } from './run';

/** Waits until the server answers: one that was started a moment ago is not ready at once. */
async function before(): Promise<string> {
  const options = { connectionString, streamPrefix: freshPrefix(), readOnly: true };
  await (await EventStoreDbStore.connect(options)).close();
  return `The server answers. Streams of this run begin with ${RUN}`;
}

/** Whatever became of the suites. */
async function after(): Promise<string> {
  return `${await leaveClean()} streams of this run are deleted, none is left.`;
}

/** A step of `run-real.cjs`. */
void { before, after }[process.argv[2] as 'before' | 'after']().then(
  (done) => {
    console.log(done);
    process.exit(0);
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
