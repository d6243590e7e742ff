import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts, type NewAccountFields } from '../../src/access/accounts';
import { JsonLogger } from '../../src/api/logger';
import { readConfig, type Config } from '../../src/config';
import { kebab } from '../../src/kernel/decider';
import type { Instant } from '../../src/kernel/time';
import { startServer, type Mingjing, type OpenOptions } from '../../src/server';
import { storesUnderTest } from '../postgres/fresh-schema';
import { until, WAIT_MS } from '../until';

const PASSWORD = 'mirror-of-the-bench-1';

/** A real server on a free port, with a clock that the test moves, spoken to over HTTP alone. */
export class Running {
  now: Instant = '2020-01-02T02:00:00.000Z';
  readonly directory = mkdtempSync(join(tmpdir(), 'mingjing-e2e-'));
  readonly stores = storesUnderTest();
  mingjing!: Mingjing;
  url = '';
  /** Where its spans go, when it is traced; and its log, instead of the terminal. */
  telling: Pick<OpenOptions, 'spanProcessors' | 'logger'> = {};

  /** `seal`: the transparency log is sealed too, every 50 ms; most tests do not look at it. */
  constructor(private readonly options: { readonly seal?: boolean; readonly settings?: Partial<Config> } = {}) {}

  async start(): Promise<this> {
    const { seal = false, settings } = this.options;
    const config: Config = {
      ...readConfig({}),
      ...{ dataDirectory: this.directory, port: 0, requestsPerMinute: 1_000_000, sealIntervalMs: 50 },
      readYourWritesTimeoutMs: WAIT_MS,
      ...this.stores,
      ...settings,
    };
    const logger = new JsonLogger('error');
    this.mingjing = await startServer(config, {
      ...{ clock: { now: () => this.now }, logger, seal },
      ...this.telling,
    });
    this.url = (await this.mingjing.app.getUrl()).replace('[::1]', '127.0.0.1');
    return this;
  }

  async stop(): Promise<void> {
    await this.mingjing?.close();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  erase(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  async account(login: string, fields: Omit<NewAccountFields, 'login' | 'password' | 'displayName'>): Promise<void> {
    const account = { login, password: PASSWORD, displayName: login, ...fields };
    await this.mingjing.app.get(Accounts, { strict: false }).create(account, 'test');
  }

  /** Any request; `as` signs in first, because the clock of the test outruns every token. */
  async request(
    method: string,
    path: string,
    { as, body, headers }: { as?: string; body?: object; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; headers: Headers; json: Record<string, unknown>; text: string }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(as && { authorization: `Bearer ${await this.token(as)}` }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const json = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, json, text };
  }

  /** A command that must succeed; answers with the position it reached. */
  async give(as: string, collection: string, id: string, command: new () => object, fields: object): Promise<number> {
    const path = `/api/${collection}/${id}/${kebab(command.name)}`;
    const { status, json } = await this.request('POST', path, { as, body: fields });
    if (status !== 201) throw new Error(`${command.name} on ${this.now}: ${status} ${JSON.stringify(json)}`);
    return json.position as number;
  }

  /** What a reader gets once the rows hold everything recorded so far. */
  async read(path: string, as?: string): Promise<Record<string, unknown>> {
    await this.settle();
    const { status, json, text } = await this.request('GET', path, { as });
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
    return json;
  }

  /** Until process managers and rows have come as far as the ledger. */
  async settle(): Promise<void> {
    const { store, rows } = this.mingjing;
    await until(async () => {
      const head = await store.head();
      const behind = [...(await rows.processes.status()), ...(await rows.readModel.status())];
      const stalled = behind.find((p) => p.state === 'stalled');
      if (stalled) throw new Error(`${stalled.name} stalled: ${stalled.error?.reason}`);
      return behind.every((p) => p.position >= head) && (await store.head()) === head;
    }, 'the rows catch up');
  }

  /** What the program does by itself every minute. */
  async lookAtClocks(): Promise<void> {
    await this.settle();
    await this.mingjing.clockWatch.look();
    await this.settle();
  }

  private async token(login: string): Promise<string> {
    const { status, json, text } = await this.request('POST', '/api/session', { body: { login, password: PASSWORD } });
    if (status >= 300) throw new Error(`sign-in of ${login}: ${status} ${text}`);
    return json.token as string;
  }
}
