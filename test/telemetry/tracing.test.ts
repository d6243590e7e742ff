import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { v7 as uuidV7 } from 'uuid';
import { tracing as sdk } from '@opentelemetry/sdk-node';
import * as Body from '../../src/registry/body-commands';
import { appendSpanIdOf, readTraceParent, traceIdOf } from '../../src/telemetry/trace-id';
import { MAX_LINKS, Tracing } from '../../src/telemetry/tracing';
import { Running } from '../end-to-end/running';
import { RUN_MARK } from '../end-of-run';
import { until } from '../until';

type Finished = ReturnType<InstanceType<typeof sdk.InMemorySpanExporter>['getFinishedSpans']>[number];

const REGISTER = '/api/bodies/body-1/register-body';
const body = {
  name: '明镜市市场监督管理局',
  kind: 'statutory',
  region: '明镜市',
  uscc: '11230500001755309F',
  legalRepresentative: '冯十',
  legalBasis: ['行政处罚法第17条'],
  officeAddress: '明镜市明光路1号',
  supervisionPhone: '12345',
  supervisionEmail: 'jd@mingjing.example',
};
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A server whose spans stay here. */
class Traced {
  readonly memory = new sdk.InMemorySpanExporter();
  readonly server = new Running({ settings: { tracing: 'on', nodeName: 'node-1' } });

  async start(): Promise<this> {
    this.server.telling = { spanProcessors: [new sdk.SimpleSpanProcessor(this.memory)] };
    await this.server.start();
    await this.server.account('registrar', { roles: ['registrar'] });
    return this;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    this.server.erase();
  }

  /** Spans that have ended, once a batch of the projections has reached the ledger's head. */
  async spans(): Promise<Finished[]> {
    await this.server.settle();
    const head = await this.server.mingjing.store.head();
    const done = (): Finished[] => this.memory.getFinishedSpans();
    await until(() => done().some(({ attributes }) => attributes['mingjing.last_position'] === head));
    return done();
  }
}

const ofTrace = (spans: readonly Finished[], traceId: string): Finished[] =>
  spans.filter((span) => span.spanContext().traceId === traceId);

describe('a server that is traced', () => {
  const traced = new Traced();
  beforeAll(() => traced.start());
  afterAll(() => traced.stop());
  beforeEach(() => traced.memory.reset());
  const { server } = traced;
  const send = (path: string, fields: object, headers: Record<string, string>) =>
    server.request('POST', path, { as: 'registrar', body: fields, headers });

  it('shows one act from the request through command and append to the rows', async () => {
    const requestId = uuidV7();
    await send(REGISTER, body, { 'x-request-id': requestId });
    const spans = await traced.spans();
    const traceId = requestId.replaceAll('-', '');
    const [append, command, request] = ofTrace(spans, traceId);
    expect([request.name, request.kind, request.parentSpanContext]).toEqual([
      ...['POST /api/:collection/:id/:command', 1, undefined],
    ]);
    expect(request.attributes).toEqual({
      'mingjing.correlation_id': requestId,
      'http.request.method': 'POST',
      'http.route': '/api/:collection/:id/:command',
      'http.response.status_code': 201,
    });
    expect([command.name, command.parentSpanContext?.spanId]).toEqual([
      ...['command body/register-body', request.spanContext().spanId],
    ]);
    expect(command.attributes).toMatchObject({ 'mingjing.correlation_id': requestId, 'mingjing.outcome': 'ok' });
    expect([append.name, append.parentSpanContext?.spanId]).toEqual(['append', command.spanContext().spanId]);
    expect(append.attributes).toEqual({
      ...{ 'db.system.name': 'sqlite', 'db.operation.name': 'append' },
      ...{ 'mingjing.events': 1, 'mingjing.position': 1, 'mingjing.outcome': 'ok' },
    });
    const batch = spans.find(({ name }) => name === 'project')!;
    expect(batch.links.map(({ context }) => [context.traceId, context.spanId])).toEqual([
      [traceId, append.spanContext().spanId],
    ]);
    expect(batch.attributes).toMatchObject({
      ...{ 'mingjing.first_position': 1, 'mingjing.last_position': 1, 'mingjing.events': 1 },
      'mingjing.projections': expect.arrayContaining(['registers', 'case-file']) as unknown,
    });
    expect(batch.resource.attributes).toMatchObject({ 'service.name': 'mingjing', 'service.instance.id': 'node-1' });
    expect(Object.keys(batch.resource.attributes).filter((key) => /process|host|user/.test(key))).toEqual([]);
  });

  it('goes on the caller’s trace, and gives it to the events as their correlation id', async () => {
    const [caller, parent] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    const answer = await send('/api/bodies/body-3/register-body', body, { traceparent: `00-${caller}-${parent}-01` });
    expect(answer.headers.get('x-request-id')).toBe(caller);
    const position = answer.json.position as number;
    const spans = await traced.spans();
    const request = ofTrace(spans, caller).find(({ name }) => name.startsWith('POST'));
    expect(request?.parentSpanContext).toMatchObject({ traceId: caller, spanId: parent, isRemote: true });
    const [event] = await server.mingjing.store.readAll({ direction: 'forwards', from: position, limit: 1 });
    expect(event.metadata.correlationId).toBe(caller);
    const links = spans.filter(({ name }) => name === 'project').flatMap((span) => span.links);
    expect(links.map(({ context }) => context.traceId)).toContain(caller);
  });

  it('points to the caller’s trace where the request has another correlation id', async () => {
    const caller = 'aaaabbbbccccddddeeeeffff00001111';
    const headers = { traceparent: `00-${caller}-00f067aa0ba902b7-01`, 'x-request-id': 'request-of-a-proxy' };
    await send('/api/bodies/body-4/register-body', body, headers);
    const [, , request] = ofTrace(await traced.spans(), traceIdOf('request-of-a-proxy'));
    expect(request.parentSpanContext).toBeUndefined();
    expect(request.links.map(({ context }) => context.traceId)).toEqual([caller]);
  });

  it('says what a refused command was, and that nothing was appended', async () => {
    await send('/api/bodies/body-9/review-body', { qualified: true }, { 'x-request-id': 'refused-request' });
    await send('/api/bodies/body-10/register-body', body, {}); // something for a batch
    const found = ofTrace(await traced.spans(), traceIdOf('refused-request'));
    expect(found.map(({ name }) => name)).toEqual(['command body/review-body', 'POST /api/:collection/:id/:command']);
    expect(found[0].attributes['mingjing.outcome']).toBe('refused');
    expect(found.map(({ status }) => status.code)).toEqual([0, 0]); // refusing is no fault
  });

  it('has what process managers do in the trace of what they react to', async () => {
    const { commands } = server.mingjing;
    const { decider } = commands.find('bodies', 'register-body')!;
    const context = { actor: { kind: 'system', account: 'a-process', roles: ['system', 'registrar'] } as const };
    const given = Object.assign(new Body.RegisterBody(), body);
    const id = uuidV7();
    const cause = { correlationId: id, causationId: uuidV7(), idempotencyKey: 'a-process:1' };
    await commands.give(decider, 'body-11', given, { ...context, ...cause }).catch(() => undefined);
    const spans = ofTrace(await traced.spans().catch(() => traced.memory.getFinishedSpans()), traceIdOf(id));
    const command = spans.find(({ name }) => name.startsWith('command'));
    expect(command?.parentSpanContext).toBeUndefined();
    expect(command?.attributes).toMatchObject({ 'mingjing.causation_id': cause.causationId });
  });
});

describe('spans of the store', () => {
  it('bound what a batch points to, and say when it was given up', async () => {
    const memory = new sdk.InMemorySpanExporter();
    const processors = [new sdk.SimpleSpanProcessor(memory)];
    const tracing = await Tracing.start({ version: '0', node: '', store: 'eventstoredb', processors, logger });
    const page = Array.from({ length: 100 }, (_, i) => ({
      position: i + 1,
      metadata: { commandId: `c${Math.floor(i / 2)}`, correlationId: `correlation-${i}` },
    }));
    tracing.batch(['registers'], page as never)(false);
    const failed = { within: undefined, events: 1, startedAt: Date.now(), commandId: 'c1', correlationId: 'c-1234567' };
    tracing.appended({ ...failed, outcome: 'unavailable' });
    tracing.appended({ ...failed, outcome: 'conflict' });
    const [batch, unavailable, conflict] = memory.getFinishedSpans();
    await tracing.close();
    expect([batch.links.length, batch.status.code]).toEqual([MAX_LINKS, 2]);
    expect([unavailable.status.code, conflict.status.code]).toEqual([2, 0]);
    expect(unavailable.attributes['db.system.name']).toBe('eventstoredb');
    for (const span of [unavailable, conflict]) expect(span.spanContext().spanId).not.toBe(appendSpanIdOf('c1'));
  });
});

describe('opting in', () => {
  it('sends the spans to the receiver that the standard variable names, and never tells its address', async () => {
    const received: Array<{ path?: string; bytes: Buffer }> = [];
    let status = 200;
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ path: request.url, bytes: Buffer.concat(chunks) });
        response.writeHead(status, { 'Content-Type': 'application/x-protobuf' }).end();
        status = 400; // the next ones are refused
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as { port: number };
    const directory = mkdtempSync(join(tmpdir(), 'mingjing-traced-'));
    const child = spawn(process.execPath, ['-r', './test/faults/run-ts.cjs', 'src/cli.ts', 'serve'], {
      cwd: join(__dirname, '../..'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...{ PATH: process.env.PATH, [RUN_MARK]: process.env[RUN_MARK], PORT: '0', MINGJING_DATA: directory },
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://collector:receiver-secret@127.0.0.1:${port}`,
        OTEL_BSP_SCHEDULE_DELAY: '50',
      },
    });
    let output = '';
    const told = (pattern: RegExp): Promise<RegExpExecArray> =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = pattern.exec(output);
          if (found) resolve(found);
        };
        for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
        look();
      });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => void (output += String(chunk)));
    const ended = once(child, 'exit');
    try {
      const [, url] = await told(/(http:\/\/\S+)\n/);
      await fetch(`${url}/healthz`);
      await until(() => received.length > 0);
      await fetch(`${url}/readyz`);
      await told(/traces cannot be delivered/);
    } finally {
      child.kill('SIGTERM');
      await ended;
      receiver.close();
      rmSync(directory, { recursive: true });
    }
    expect(received[0].path).toBe('/v1/traces');
    const all = received.map(({ bytes }) => bytes.toString('latin1')).join('');
    for (const text of ['GET /healthz', 'service.name', 'mingjing']) expect(all).toContain(text);
    expect(output).not.toContain('receiver-secret');
  });

  it('is not done otherwise: neither library is even loaded', async () => {
    const script = `
      const { openTelemetry } = require('./src/telemetry/telemetry.ts');
      const off = { metricsPort: 0, metricsHost: '', host: '127.0.0.1', tracing: '', nodeName: '', eventStoreUrl: '' };
      openTelemetry(off, {}).then(() => openTelemetry({ ...off, tracing: 'off' }, {})).then(() => {
        console.log(Object.keys(require.cache).filter((file) => /opentelemetry|prom-client/.test(file)).length);
      });`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-r', './test/faults/run-ts.cjs', '-e', script], {
      cwd: join(__dirname, '../..'),
    });
    expect(stdout.trim()).toBe('0');
  });
});

describe('the trace of a correlation id', () => {
  it('is a UUID’s digits, or 32 digits as they are, or its digest', () => {
    expect(traceIdOf('0198f3c2-7b1e-7abc-8def-0123456789AB')).toBe('0198f3c27b1e7abc8def0123456789ab');
    expect(traceIdOf('4bf92f3577b34da6a3ce929d0e0e4736')).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(traceIdOf('request-of-a-proxy')).toMatch(/^[0-9a-f]{32}$/);
    expect(traceIdOf('request-of-a-proxy')).not.toBe(traceIdOf('request-of-b-proxy'));
    expect(traceIdOf('00000000-0000-0000-0000-000000000000')).not.toMatch(/^0+$/);
    expect(appendSpanIdOf('c1')).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['', undefined],
    [undefined, undefined],
    [['a', 'b'], undefined],
    ['00-00000000000000000000000000000000-00f067aa0ba902b7-01', undefined],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01', undefined],
    ['01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', undefined],
    ['00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01', undefined],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00', false],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', true],
  ])('reads traceparent %j', (header, sampled) => {
    expect(readTraceParent(header)?.sampled).toBe(sampled);
  });
});
