import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { sharedEventStore, type SharedEventStore } from '../eventstoredb/scripted-process';
import { PostgresServer, type ServerOptions } from '../postgres/server';
import { COMMON, type Installation, type InstallationOptions } from './installation';
import type { OwnNetwork } from './network';
import { freePort } from '../free-port';
import { mingjing, ServerNode, type Environment } from './server-node';

export interface ClusterOptions extends Pick<InstallationOptions, 'first'> {
  readonly nodes?: number;
  /** All of them must cosign. */
  readonly witnesses?: number;
  readonly postgres?: ServerOptions;
  /** The first node lives there, and the stores listen where it can reach them. */
  readonly network?: OwnNetwork;
}

/** Nodes that share an event store and a PostgreSQL. */
export interface Cluster extends Installation {
  readonly postgres: PostgresServer;
  readonly eventStore: SharedEventStore;
  readonly witnesses: readonly ServerNode[];
  /** What the database answers to whoever may do everything; names are those of the nodes' schema. */
  ask<R extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  /** The node that holds the lease. */
  leader(): Promise<ServerNode>;
  /** The number of the lease: it grows with every holder. */
  epoch(): Promise<number>;
}

const SCHEMA = 'mingjing';
const POLICY = 'policy.txt';

/** Nodes with an event store and PostgreSQL, every process real; the first start is theirs. */
export async function cluster(wanted: ClusterOptions = {}): Promise<Cluster> {
  const { nodes: count = 2, witnesses: witnessed = 0, first, postgres: options, network } = wanted;
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-reliability-'));
  const address = network?.outerAddress ?? '127.0.0.1';
  const listen = { address, port: await freePort() };
  const postgres = await PostgresServer.start({ durable: true, listen, ...options });
  if (network) await admit(postgres, network);
  const eventStore = await sharedEventStore({ address });
  const env: Record<string, string> = {
    ...COMMON,
    MINGJING_POSTGRES: postgres.url,
    MINGJING_POSTGRES_SCHEMA: SCHEMA,
    MINGJING_EVENTSTORE: eventStore.eventStoreUrl,
    MINGJING_EVENTSTORE_PREFIX: eventStore.eventStorePrefix,
    MINGJING_VAULT_KEY_FILE: join(directory, 'vault.key'),
    MINGJING_LOG_KEY_FILE: join(directory, 'log.key'),
    MINGJING_DATA: join(directory, 'command-line'),
  };
  mkdirSync(env.MINGJING_DATA);
  writeFileSync(env.MINGJING_VAULT_KEY_FILE, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  const made = await mingjing(['log', 'make-key'], env);
  if (made.code !== 0) throw new Error(`log make-key: ${made.stderr}`);
  const witnesses = witnessed > 0 ? await cosigning(witnessed, env, directory) : [];
  if (witnessed > 0) env.MINGJING_WITNESS_POLICY = join(directory, POLICY);
  const nodes = await Promise.all(
    [...Array(count).keys()].map(async (n) => {
      const name = `node-${n + 1}`;
      const own = { ...env, MINGJING_DATA: join(directory, name), ...(n === 0 && first) };
      mkdirSync(own.MINGJING_DATA);
      const place = n === 0 && network && { host: network.innerAddress, wrapper: network.wrapper };
      return new ServerNode({ name, port: await freePort(), env: own, directory, ...place });
    }),
  );
  const ask: Cluster['ask'] = async <R extends QueryResultRow>(sql: string, values: readonly unknown[] = []) => {
    const client = new Client({ connectionString: postgres.url, options: `-c search_path=${SCHEMA}` });
    await client.connect();
    try {
      return (await client.query<R>(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  };
  const holder = async (): Promise<{ holder: string; epoch: string }> =>
    (await ask<{ holder: string; epoch: string }>('SELECT * FROM lease'))[0];
  return {
    ...{ composition: 'cluster', nodes, env, directory, postgres, eventStore, witnesses, ask },
    async leader() {
      const { holder: name } = await holder();
      return nodes.find((node) => node.name === name)!;
    },
    epoch: async () => Number((await holder()).epoch),
    async dispose() {
      await Promise.all([...nodes, ...witnesses].map((node) => node.kill()));
      await eventStore.stop();
      await postgres.remove();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Witnesses that run, and the policy that asks for all of them. */
async function cosigning(count: number, env: Environment, directory: string): Promise<ServerNode[]> {
  const logs = join(directory, 'logs.txt');
  const vkey = await mingjing(['log', 'vkey'], env);
  writeFileSync(logs, vkey.stdout);
  const lines: string[] = [];
  const witnesses: ServerNode[] = [];
  for (let n = 1; n <= count; n++) {
    const [name, port] = [`witness-${n}`, await freePort()];
    const own: Environment = {
      MINGJING_WITNESS_NAME: `${name}.example/mingjing`,
      MINGJING_WITNESS_DATA: join(directory, name),
      MINGJING_WITNESS_LISTEN: `127.0.0.1:${port}`,
      MINGJING_WITNESS_LOGS: logs,
    };
    const witness = new ServerNode({ name, port, env: own, directory, command: 'witness' });
    lines.push(`witness ${name} ${(await mingjing(['witness', 'vkey'], own)).stdout.trim()} ${witness.url}`);
    await witness.start();
    witnesses.push(witness);
  }
  const names = witnesses.map(({ name }) => name).join(' ');
  writeFileSync(join(directory, POLICY), `${lines.join('\n')}\ngroup all ${count} ${names}\nquorum all\n`);
  return witnesses;
}

/** Lets PostgreSQL be reached from the node's network; `initdb` lets in the machine itself alone. */
async function admit(postgres: PostgresServer, { outerAddress }: OwnNetwork): Promise<void> {
  const network = outerAddress.replace(/\d+$/, '0/24');
  appendFileSync(join(postgres.directory, 'data/pg_hba.conf'), `host all all ${network} trust\n`);
  await postgres.stop();
  await postgres.resume();
}
