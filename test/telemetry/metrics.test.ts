import { once } from 'node:events';
import { createServer } from 'node:net';
import { WrongExpectedRevision } from '../../src/ledger/event-store';
import { ClockStarted } from '../../src/clocks/clock-events';
import { Failure } from '../../src/kernel/errors';
import { definitionOf, event } from '../../src/kernel/event';
import { systemClock } from '../../src/kernel/time';
import * as Body from '../../src/registry/body-commands';
import { Metrics } from '../../src/telemetry/metrics';
import { COUNTED, GAUGES } from '../../src/telemetry/metric-table';
import { openTelemetry, Telemetry } from '../../src/telemetry/telemetry';
import { Running } from '../end-to-end/running';
import { freePort, scrape, valueOf } from './free-port';
import { WAIT_MS } from '../until';

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

const opened: Running[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) {
    await server.mingjing?.close();
    server.erase();
  }
});

/** Closed after the test; not started yet. */
function serverOn(metricsPort: number): Running {
  const server = new Running({ settings: { metricsPort } });
  opened.push(server);
  return server;
}

const metricsOf = (): Promise<Metrics> =>
  Metrics.open({ version: '1.2.3', node: 'n1', clock: systemClock, process: false });

describe('a server whose metrics are asked for', () => {
  let port: number;
  let server: Running;
  beforeAll(async () => {
    port = await freePort();
    server = new Running({ seal: true, settings: { metricsPort: port, nodeName: 'node-1' } });
    await server.start();
    await server.account('registrar', { roles: ['registrar'] });
    await server.give('registrar', 'bodies', 'body-1', Body.RegisterBody, body);
    await server.settle();
  });
  afterAll(async () => {
    await server.stop();
    server.erase();
  });

  it('tells what was recorded, how far rows, processes and log have come, and that it leads', async () => {
    await server.mingjing.log.sealing?.sealed(1, WAIT_MS);
    const text = await scrape(port);
    expect(valueOf(text, 'mingjing_events_appended_total')).toBe(1);
    expect(valueOf(text, 'mingjing_append_duration_seconds_count{outcome="ok"}')).toBe(1);
    expect(valueOf(text, 'mingjing_ledger_head_position')).toBe(1);
    expect(valueOf(text, 'mingjing_projection_position{projection="registers"}')).toBe(1);
    expect(valueOf(text, 'mingjing_projection_lag_events{projection="registers"}')).toBe(0);
    expect(valueOf(text, 'mingjing_projection_state{projection="registers",state="live"}')).toBe(1);
    expect(valueOf(text, 'mingjing_projection_state{projection="registers",state="stalled"}')).toBe(0);
    expect(valueOf(text, 'mingjing_process_state{process="accountability-clues",state="running"}')).toBe(1);
    expect(valueOf(text, 'mingjing_log_size_events')).toBe(1);
    expect(valueOf(text, 'mingjing_log_unsealed_events')).toBe(0);
    expect(valueOf(text, 'mingjing_log_state{state="live"}')).toBe(1);
    expect(valueOf(text, 'mingjing_node_leads')).toBe(1);
    expect(text).toMatch(/mingjing_build_info\{version="[\d.]+",node_version="[\d.]+",node="node-1"\} 1/);
    expect(text).toContain('process_resident_memory_bytes ');
    expect(/^mingjing_postgres/m.test(text)).toBe(Boolean(server.stores.postgresUrl)); // without one: no figure rather than a wrong one
    for (const line of text.split('\n').filter((each) => each.startsWith('mingjing_scrape_failures_total'))) {
      expect(line).toMatch(/ 0$/);
    }
  });

  it('counts commands by what came of them, and requests by the pattern of their route', async () => {
    await server.request('POST', '/api/bodies/body-1/register-body', { as: 'registrar', body });
    await server.request('POST', '/api/bodies/body-2/register-body', { as: 'registrar', body: { name: 7 } });
    await server.request('POST', '/api/bodies/body-2/review-body', { as: 'registrar', body: { qualified: true } });
    await server.request('GET', '/nowhere/at-all');
    const text = await scrape(port);
    const commands = 'mingjing_commands_total{category="body",command=';
    expect(valueOf(text, `${commands}"register-body",outcome="ok"}`)).toBe(1);
    expect(valueOf(text, `${commands}"register-body",outcome="refused"}`)).toBe(1);
    expect(valueOf(text, `${commands}"register-body",outcome="invalid"}`)).toBe(1);
    expect(valueOf(text, `mingjing_command_duration_seconds_count{category="body"}`)).toBe(4);
    const requests = 'mingjing_http_request_duration_seconds_count{method=';
    expect(valueOf(text, `${requests}"POST",route="/api/:collection/:id/:command",status="2xx"}`)).toBe(1);
    expect(valueOf(text, `${requests}"POST",route="/api/:collection/:id/:command",status="4xx"}`)).toBe(3);
    expect(valueOf(text, `${requests}"GET",route="none",status="4xx"}`)).toBe(1);
    expect(text).not.toMatch(/body-1|nowhere/);
  });

  it('is no part of the public server, and answers nothing but /metrics', async () => {
    expect((await server.request('GET', '/metrics')).status).toBe(404);
    const other = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
    expect((await other('/')).status).toBe(404);
    expect((await other('/metrics', 'POST')).status).toBe(405);
    expect((await other('/metrics?a=b')).headers.get('content-type')).toContain('text/plain');
  });
});

it('does not start on a port that is taken, and leaves the ledger unlocked', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const server = serverOn(port);
  await expect(server.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  taken.close();
  await server.start();
});

it('counts running legal clocks by the day on which they are due, in China', async () => {
  const port = await freePort();
  const server = serverOn(port);
  server.now = '2026-03-20T16:30:00.000Z'; // the 21st in China
  await server.start();
  const { store } = server.mingjing;
  const started = (item: string, dueOn: string) =>
    event(ClockStarted, {
      ...{ clock: 'reply', item, zh: '答复', en: 'reply', basis: 'x', startedOn: '2026-03-01', dueOn },
      ...{ days: 7, unit: 'working', bodyId: 'b1', responsibleOfficers: [], bindsParty: false },
    } as never);
  const dates = ['2026-03-01', '2026-03-20', '2026-03-21', '2026-03-22', '2026-03-24', '2026-03-25'];
  const metadata = {
    ...{ occurredAt: server.now, recordedAt: server.now, command: 'Told', commandId: 'c', commandDigest: '' },
    ...{ actor: { kind: 'system', account: 'test', roles: [] } as const, correlationId: 'told-in-a-test' },
  };
  const { name, version } = definitionOf(ClockStarted);
  await store.append(
    'complaint-c1',
    'no_stream',
    dates.map((dueOn, i) => ({
      id: `00000000-0000-7000-8000-00000000000${i}`,
      ...{ type: name, schemaVersion: version, data: { ...started(`i${i}`, dueOn) }, metadata },
    })),
  );
  await server.settle();
  const text = await scrape(port);
  expect(valueOf(text, 'mingjing_duties{due="overdue"}')).toBe(2);
  expect(valueOf(text, 'mingjing_duties{due="today"}')).toBe(1);
  expect(valueOf(text, 'mingjing_duties{due="within_3_days"}')).toBe(2);
});

describe('a scrape', () => {
  it('has a line about every metric in the table', async () => {
    const text = await (await metricsOf()).text();
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
    const table = Object.entries({ ...COUNTED, ...GAUGES }).map(([name, { type }]) => [name, type]);
    expect(types).toEqual(table);
  });

  it('leaves out what fails or does not answer, counts it, and does not ask again meanwhile', async () => {
    const metrics = await metricsOf();
    let asked = 0;
    metrics.watch({
      store: { head: () => Promise.resolve(7) },
      processes: { status: () => Promise.reject(new Error('王小明')) },
      logHealth: { now: () => (asked++, new Promise(() => undefined)) },
      postgres: {
        usage: () => {
          throw new TypeError('closed');
        },
        trouble: () => Promise.resolve(undefined),
      },
    });
    await metrics.text();
    const text = await metrics.text();
    expect(valueOf(text, 'mingjing_ledger_head_position')).toBe(7);
    expect(text).not.toMatch(/^mingjing_(process|log|postgres)_/m);
    const failures = (collector: string) => valueOf(text, `mingjing_scrape_failures_total{collector="${collector}"}`);
    expect([failures('ledger'), failures('processes'), failures('log'), failures('postgres')]).toEqual([0, 2, 2, 2]);
    expect(asked).toBe(1);
    expect(text).not.toContain('王小明');
  });

  it('says that PostgreSQL is away, and nothing of what it holds: no figure and no failure', async () => {
    const metrics = await metricsOf();
    const never = (): never => {
      throw new Error('it is not asked');
    };
    metrics.watch({
      store: { head: () => Promise.resolve(7) },
      readModel: { status: never, count: never },
      processes: { status: never },
      logHealth: { now: never },
      lease: { fence: undefined },
      postgres: {
        usage: () => ({ idle: 0, busy: 0, waiting: 4 }),
        trouble: () => Promise.resolve(new Failure('unavailable', 'postgres.unavailable', { zh: '', en: '' })),
      },
    });
    const text = await metrics.text();
    expect(valueOf(text, 'mingjing_postgres_up')).toBe(0);
    expect([valueOf(text, 'mingjing_ledger_head_position'), valueOf(text, 'mingjing_node_leads')]).toEqual([7, 0]);
    expect(text).not.toMatch(/^mingjing_(projection|process|log|duties)/m);
    expect(text).not.toMatch(/^mingjing_scrape_failures_total\{.*\} [1-9]/m);
  });

  it('drops the figures of a part that has gone', async () => {
    const metrics = await metricsOf();
    metrics.watch({
      lease: { fence: { epoch: 12 } },
      postgres: { usage: () => ({ idle: 3, busy: 1, waiting: 0 }), trouble: () => Promise.resolve(undefined) },
      following: () => ({ position: 9, heardAt: Date.now() - 2000, trouble: 'silent' }),
    });
    const before = await metrics.text();
    expect([valueOf(before, 'mingjing_node_leads'), valueOf(before, 'mingjing_lease_epoch')]).toEqual([1, 12]);
    expect(valueOf(before, 'mingjing_postgres_connections{state="busy"}')).toBe(1);
    expect(valueOf(before, 'mingjing_event_store_following_trouble')).toBe(1);
    expect(valueOf(before, 'mingjing_event_store_following_silence_seconds')).toBeGreaterThanOrEqual(2);
    metrics.watch({ lease: { fence: undefined }, following: undefined });
    const after = await metrics.text();
    expect([valueOf(after, 'mingjing_node_leads'), valueOf(after, 'mingjing_lease_epoch')]).toEqual([0, undefined]);
    expect(after).not.toMatch(/^mingjing_event_store/m);
  });

  it('says of every witness whether it is missing', async () => {
    const metrics = await metricsOf();
    const troubles = [{ witness: 'university', code: 'witness.away', zh: '', en: '' }];
    const condition = { size: 5, behind: 2, ageMs: 1500, cosignedBy: [], witnessTroubles: troubles };
    metrics.watch({
      witnesses: ['procuratorate', 'university'],
      logHealth: { now: () => Promise.resolve({ ...condition, state: 'frozen' as const }) },
    });
    const text = await metrics.text();
    expect(valueOf(text, 'mingjing_log_witness_missing{witness="university"}')).toBe(1);
    expect(valueOf(text, 'mingjing_log_witness_missing{witness="procuratorate"}')).toBe(0);
    expect(valueOf(text, 'mingjing_log_oldest_unsealed_seconds')).toBe(1.5);
    expect(valueOf(text, 'mingjing_log_state{state="frozen"}')).toBe(1);
    expect(valueOf(text, 'mingjing_log_checkpoint_age_seconds')).toBeUndefined();
  });
});

it('tells appends by what came of them', async () => {
  const metrics = await metricsOf();
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const telemetry = new Telemetry(metrics, undefined, { host: '127.0.0.1', port: 0 }, logger);
  const unavailable = new Failure('unavailable', 'ledger.store_unavailable', { zh: '不可用', en: 'away' });
  const answers = [
    () => Promise.resolve({ revision: 0, position: 1, repeated: false }),
    () => Promise.resolve({ revision: 0, position: 1, repeated: true }),
    () => Promise.reject(new WrongExpectedRevision('case-1', 0, 4)),
    () => Promise.reject(unavailable),
    () => Promise.reject(new TypeError('x')),
  ];
  const store = telemetry.measured({ append: () => answers.shift()!() } as never);
  for (const expected of [undefined, undefined, WrongExpectedRevision, Failure, TypeError]) {
    const append = store.append('case-1', 0, [{}, {}] as never);
    await (expected ? expect(append).rejects.toBeInstanceOf(expected) : append);
  }
  const text = await metrics.text();
  for (const outcome of ['ok', 'repeated', 'conflict', 'unavailable', 'error']) {
    expect(valueOf(text, `mingjing_append_duration_seconds_count{outcome="${outcome}"}`)).toBe(1);
  }
  expect(valueOf(text, 'mingjing_events_appended_total')).toBe(2);
});

it('costs nothing where nobody asks: the store is the store itself', async () => {
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const off = { metricsPort: 0, metricsHost: '', host: '127.0.0.1', tracing: '', nodeName: '', eventStoreUrl: '' };
  const telemetry = await openTelemetry(off, { clock: systemClock, logger });
  const store = {} as never;
  expect(telemetry.measured(store)).toBe(store);
  await expect(openTelemetry({ ...off, tracing: 'yes' }, { clock: systemClock, logger })).rejects.toMatchObject({
    code: 'config.tracing',
  });
});
