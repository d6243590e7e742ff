import { EventStoreDBClient, type ResolvedEvent, type StreamingRead } from '@eventstore/db-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../kernel/errors';

/** What this store uses of the client beyond its public face. */
interface Internals {
  supports: (method: unknown) => Promise<boolean>;
  getChannel: () => Promise<{ close(): void }>;
  handleError: (client: unknown, error: Error) => Promise<void>;
}

/** The client's options. It prints a connection string whose options it does not know, password and all, and goes on without them. */
const OPTIONS = new Set(
  [
    ...['userCertFile', 'userKeyFile', 'maxDiscoverAttempts', 'connectionName', 'defaultDeadline', 'discoveryInterval'],
    ...['gossipTimeout', 'nodePreference', 'tls', 'tlsVerifyCert', 'tlsCAFile', 'throwOnAppendFailure'],
    ...['keepAliveInterval', 'keepAliveTimeout'],
  ].map((name) => name.toLowerCase()),
);

const optionsKnown = (connectionString: string): boolean =>
  [...connectionString.matchAll(/[?&]([^=&?]+)=/g)].every(([, name]) =>
    OPTIONS.has(name.trim().toLowerCase().replaceAll(/[_-]/g, '')),
  );

/** @throws Failure `ledger.bad_connection_string`; its text never repeats the string, which holds a password */
export function openClient(connectionString: string): EventStoreDBClient {
  if (!optionsKnown(connectionString)) throw badConnectionString();
  let client: EventStoreDBClient;
  try {
    client = EventStoreDBClient.connectionString(connectionString);
  } catch {
    throw badConnectionString();
  }
  // With it off, a refused append resolves with a wrong revision.
  if (/[?&]throwOnAppendFailure=false/i.test(connectionString)) throw badConnectionString();
  // Where the server offers batched appends the client takes them, and shares one table of waiting calls between all clients of
  // the process: one server's death rejects appends to another, whose answer then finds no entry and throws where nobody catches.
  const internals = client as unknown as Internals;
  internals.supports = () => Promise.resolve(false);
  // It looks at the error of a call that has failed, and nobody waits for it: when no server can be found it rejects, which would
  // end the process.
  const { handleError } = internals;
  internals.handleError = (channel, error) => handleError(channel, error).catch(() => undefined);
  return client;
}

/** Ends what is running and lets the connection go. */
export async function closeClient(client: EventStoreDBClient): Promise<void> {
  await Promise.race([client.dispose(), sleep(CLOSE_MS, undefined, { ref: false })]);
  const channel = (client as unknown as Internals).getChannel();
  await Promise.race([channel.then((open) => open.close()), sleep(CLOSE_MS, undefined, { ref: false })]).catch(
    () => undefined,
  );
}

const CLOSE_MS = 1000;

/** A call did not answer in its time. Nothing is known of its outcome. */
export class NoAnswer extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
    this.name = 'NoAnswer';
  }
}

/** The call's answer, or `NoAnswer`. The client's own deadlines are for the server, and some calls have none. */
export function within<T>(ms: number, call: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoAnswer(ms)), ms);
    const settled = (): void => clearTimeout(timer);
    call.then(resolve, reject).finally(settled);
  });
}

/** All that a read gives. Its end is taken as it comes: whether everything came is for the caller to know. */
export function collected(ms: number, reading: StreamingRead<ResolvedEvent>): Promise<ResolvedEvent[]> {
  const events: ResolvedEvent[] = [];
  const all = new Promise<ResolvedEvent[]>((resolve, reject) => {
    reading.on('data', (resolved: ResolvedEvent) => events.push(resolved));
    reading.on('end', () => resolve(events));
    reading.on('error', reject); // stays: an error without a listener would end the process
    reading.on('close', () => reject(new Error('the read was closed')));
  });
  return within(ms, all).catch((error: unknown) => {
    reading.cancel().catch(() => undefined);
    throw error;
  });
}

const badConnectionString = (): Failure =>
  new Failure('invalid', 'ledger.bad_connection_string', {
    zh: '事件库连接串无效：应为 esdb://账号:口令@主机:端口 或 esdb+discover://…，选项须为客户端所知，且不得设 throwOnAppendFailure=false。',
    en: 'The connection string is not valid: esdb://user:password@host:port or esdb+discover://…, with options that the client knows, and without throwOnAppendFailure=false.',
    field: 'MINGJING_EVENTSTORE',
  });
