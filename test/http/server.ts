import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Module, NotFoundException, Param, Query, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Public, RecordReading, Roles } from '../../src/access/access.decorators';
import { AccessModule } from '../../src/access/access.module';
import { Accounts } from '../../src/access/accounts';
import { openAccountsDb } from '../../src/access/accounts-db';
import { ApiModule } from '../../src/api/api.module';
import { configureHttp, httpAdapter } from '../../src/api/http';
import { JsonLogger } from '../../src/api/logger';
import { PageQuery } from '../../src/api/pagination';
import { ReadsFrom } from '../../src/api/reads-from';
import { paths, readConfig, type Config } from '../../src/config';
import type { Clock } from '../../src/kernel/time';
import { CLOCK, Commands, decidingProviders } from '../../src/ledger/deciding/commands';
import { EventStore } from '../../src/ledger/event-store';
import { Postgres } from '../../src/ledger/postgres/postgres';
import {
  openReadModel,
  openSharedReadModel,
  type OpenReadModel,
  type ReadModelOptions,
} from '../../src/ledger/projecting/open-read-model';
import { ProcessRunner, type ProcessManager } from '../../src/ledger/projecting/process-manager';
import { ReadModel } from '../../src/ledger/projecting/read-model';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { nextFence } from '../contract/projection-ledger';
import { storesUnderTest } from '../postgres/fresh-schema';
import { note, notes } from './sample';

@Controller('api/notes')
class NotesController {
  constructor(private readonly readModel: ReadModel) {}

  @Get()
  @Public()
  search(@Query() { limit }: PageQuery, @Query('name') name?: string): object {
    return { limit, searched: name !== undefined };
  }

  @Get(':id')
  @ReadsFrom('notes')
  @RecordReading('notes')
  async one(@Param('id') id: string): Promise<object> {
    const found = await this.readModel.get('notes', 'notes', id);
    if (!found) throw new NotFoundException();
    return found;
  }

  @Get(':id/secret')
  @Roles('investigator')
  secret(): object {
    return { secret: true };
  }
}

@Module({})
class LedgerModule {
  static over(store: EventStore, { readModel, processes }: OpenReadModel, clock: Clock): DynamicModule {
    return {
      module: LedgerModule,
      global: true,
      imports: [CqrsModule.forRoot()],
      controllers: [NotesController],
      providers: [
        { provide: EventStore, useValue: store },
        { provide: ReadModel, useValue: readModel },
        { provide: ProcessRunner, useValue: processes },
        { provide: CLOCK, useValue: clock },
        ...decidingProviders([note]),
      ],
      exports: [EventStore, ReadModel, ProcessRunner, Commands, CLOCK],
    };
  }
}

export interface TestServer {
  readonly app: NestFastifyApplication;
  readonly accounts: Accounts;
  readonly log: string[];
  readonly clock: { ms: number };
  /** A token of an account with these roles. */
  signedIn(login: string, roles: string[], bodyId?: string): Promise<string>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: { readonly [field: string]: unknown };
}

export const PASSWORD = '明镜高悬-correct-horse';

/** The real HTTP side over a real ledger and read model of its own, with one small decider. */
export async function startServer(
  settings: Partial<Config> = {},
  processManagers: readonly ProcessManager[] = [],
): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-http-'));
  const config = {
    ...readConfig({ MINGJING_DATA: directory }),
    readYourWritesTimeoutMs: 3000,
    ...storesUnderTest(),
    ...settings,
  };
  const time = { ms: Date.parse('2026-03-10T02:00:00.000Z') };
  const clock: Clock = { now: () => new Date(time.ms).toISOString() };
  const log: string[] = [];
  const logger = new JsonLogger('trace', { write: (line: string) => void log.push(line) });
  const store = SqliteEventStore.open({ directory });
  const postgres = config.postgresUrl
    ? await Postgres.open({ url: config.postgresUrl, schema: config.postgresSchema, maxConnections: 5 })
    : undefined;
  const options = { directory, projections: [notes], store, clock, logger: logger.pino, processManagers };
  const reading = postgres ? await leading(postgres, options) : await openReadModel(options);

  class Root {}
  const root: DynamicModule = {
    module: Root,
    imports: [
      LedgerModule.over(store, reading, clock),
      AccessModule.forRoot(config, clock, await openAccountsDb(postgres ?? paths(config).accounts)),
      ApiModule.forRoot(config),
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, httpAdapter(), { logger });
  configureHttp(app, config, logger);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await reading.runner.settled();
  const accounts = app.get(Accounts);
  return {
    app,
    accounts,
    log,
    clock: time,
    signedIn: async (login, roles, bodyId) => {
      const { account } = await accounts.create(
        { login, displayName: login, password: PASSWORD, roles, bodyId, officerId: `o-${login}` },
        'test',
      );
      return (await accounts.issueToken(account.id)).token;
    },
    close: async () => {
      await app.close();
      await reading.close();
      await postgres?.close();
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** The rows of a node that leads. */
async function leading(postgres: Postgres, options: ReadModelOptions): Promise<OpenReadModel> {
  const reading = await openSharedReadModel({ ...options, postgres });
  await reading.lead(await nextFence(postgres));
  return reading;
}

export interface Sent {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown;
  readonly from?: string;
}

/** One request through the whole server, as it would come over the network. */
export async function send(
  { app }: Pick<TestServer, 'app'>,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT',
  url: string,
  { token, headers, body, from }: Sent = {},
): Promise<Answer> {
  const response = await app.inject({
    method,
    url,
    remoteAddress: from ?? '192.0.2.7',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const json = /json/.test(String(response.headers['content-type']));
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: json ? (JSON.parse(response.body) as Record<string, unknown>) : {},
  };
}
