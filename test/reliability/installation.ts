import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { founding } from './acts';
import { request } from './clients';
import { freePort } from '../free-port';
import { mingjing, ServerNode, type Environment, type NodeOptions } from './server-node';

/** What a fault may ask of the installation it happens to. */
export interface InstallationOptions {
  /** Added to the environment of the first node alone, such as a library to preload. */
  readonly first?: Environment;
  /** A place for the data directory of the only node: a disk of its own. */
  readonly disk?: string;
}

/** Nodes with their stores, in folders of their own. */
export interface Installation {
  readonly composition: 'embedded' | 'cluster';
  readonly nodes: readonly ServerNode[];
  /** For commands of the command line, run beside the nodes or after them. */
  readonly env: Environment;
  /** A folder for what the run keeps. */
  readonly directory: string;
  /** Ends everything and removes it. */
  dispose(): Promise<void>;
}

export const PASSWORD = 'mirror-of-the-bench-1';
const LOGIN = 'tester';
const REQUEST_TIMEOUT_MS = 20_000;

/** For every node: nobody is turned away, and the log has the same name whichever node asks. */
export const COMMON: Environment = {
  MINGJING_REQUESTS_PER_MINUTE: '1000000',
  MINGJING_TOKEN_HOURS: '720',
  MINGJING_LOG_LEVEL: 'warn',
  MINGJING_LOG_ORIGIN: 'reliability.example/log',
};

/** One node with its files: SQLite for everything. */
export async function embedded({ first, disk }: InstallationOptions = {}): Promise<Installation> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-reliability-'));
  const data = disk ?? join(directory, 'data');
  mkdirSync(data, { recursive: true });
  const env = { ...COMMON, MINGJING_DATA: data };
  const options: NodeOptions = { name: 'node-1', port: await freePort(), env: { ...env, ...first }, directory };
  const node = new ServerNode(options);
  return {
    ...{ composition: 'embedded', nodes: [node], env, directory },
    async dispose() {
      await node.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Makes the account that all clients use, starts the nodes and registers what the acts refer to. @returns the account's token */
export async function found({ nodes, env }: Installation): Promise<string> {
  const roles = ['-r', 'registrar', 'supervisor', 'investigator', 'admin'];
  const added = await mingjing(['accounts', 'add', LOGIN, '-n', '测试', ...roles], env, { input: PASSWORD });
  if (added.code !== 0) throw new Error(`accounts add: ${added.stderr}`);
  for (const node of nodes) await node.start();
  const [{ url }] = nodes;
  const timeoutMs = REQUEST_TIMEOUT_MS;
  const session = await request(`${url}/api/session`, { body: { login: LOGIN, password: PASSWORD }, timeoutMs });
  const token = session.json.token as string;
  for (const { path, body } of founding) {
    const { status, text } = await request(url + path, { token, body, timeoutMs });
    if (status !== 201) throw new Error(`${path}: ${status} ${text}`);
  }
  return token;
}
