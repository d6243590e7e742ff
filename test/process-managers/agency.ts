import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidV7 } from 'uuid';
import { JsonLogger } from '../../src/api/logger';
import { readConfig, type Config } from '../../src/config';
import type { Decider } from '../../src/kernel/decider';
import { definitionOf, type Actor, type EventMetadata, type RecordedEvent } from '../../src/kernel/event';
import { startOfDay } from '../../src/kernel/time';
import { command } from '../../src/ledger/deciding/reaction';
import { MAX_PAGE_EVENTS } from '../../src/ledger/event-store';
import { Postgres } from '../../src/ledger/postgres/postgres';
import { openMingjing, type Mingjing } from '../../src/server';
import { storesUnderTest } from '../postgres/fresh-schema';
import { until, WAIT_MS } from '../until';

const OFFICER: Actor = { kind: 'person', account: 'account-o-1', officer: 'o-1', body: 'b1', roles: ['officer'] };

/** The whole program over a ledger in a directory of its own, with a clock that the test moves; it does not listen. */
export class Agency {
  readonly directory = mkdtempSync(join(tmpdir(), 'mingjing-agency-'));
  private now = '';
  private mingjing?: Mingjing;

  constructor(readonly stores: Partial<Config> = storesUnderTest()) {}

  /** The program; only between `open` and `close`. */
  get running(): Mingjing {
    if (!this.mingjing) throw new Error('the program is not open');
    return this.mingjing;
  }

  /** Ten in the morning of a day in China. */
  on(date: string): this {
    this.now = new Date(Date.parse(startOfDay(date)) + 10 * 3_600_000).toISOString();
    return this;
  }

  async open(): Promise<this> {
    const config = { ...readConfig({ MINGJING_DATA: this.directory }), ...this.stores };
    const clock = { now: () => this.now };
    this.mingjing = await openMingjing(config, { clock, logger: new JsonLogger('silent'), seal: false });
    return this;
  }

  /** Closes the program and leaves its files. */
  async shut(): Promise<void> {
    await this.mingjing?.close();
    this.mingjing = undefined;
  }

  async close(): Promise<void> {
    await this.shut();
    rmSync(this.directory, { recursive: true });
  }

  /** The rows and the checkpoints of the processes are lost; everything begins again over the same ledger. */
  async forgetReadModel(): Promise<void> {
    await this.restart(async () => {
      for (const suffix of ['', '-wal', '-shm']) {
        rmSync(join(this.directory, `read-model.db${suffix}`), { force: true });
      }
      const { postgresUrl: url, postgresSchema: schema = '' } = this.stores;
      if (url) await forgetRows(await Postgres.open({ url, schema, maxConnections: 1 }));
    });
  }

  /** The program is closed and opened again; meanwhile its files may be changed. */
  async restart(meanwhile: () => void | Promise<void> = () => undefined): Promise<void> {
    await this.shut();
    await meanwhile();
    await this.open();
    await this.settled();
  }

  /** Records acts as they stand, without asking a rule: what led to them is not what these tests are about. */
  async happened(stream: string, ...events: object[]): Promise<void> {
    for (const event of events) {
      const { name } = definitionOf(event.constructor as new () => object);
      await this.appended(stream, name, JSON.parse(JSON.stringify(event)) as Record<string, unknown>);
    }
  }

  /** One event of a type of schema version 1, now unless its metadata say otherwise. */
  async appended(
    stream: string,
    type: string,
    data: Readonly<Record<string, unknown>>,
    metadata: Partial<EventMetadata> = {},
  ): Promise<void> {
    const { store } = this.running;
    const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
    const told: EventMetadata = {
      occurredAt: this.now,
      recordedAt: this.now,
      actor: OFFICER,
      command: 'Told',
      commandId: uuidV7(),
      commandDigest: '',
      correlationId: 'told',
    };
    const event = { id: uuidV7(), type, schemaVersion: 1, data, metadata: { ...told, ...metadata } };
    await store.append(stream, last?.revision ?? 'no_stream', [event]);
  }

  /** Gives a command as somebody of the body. */
  async give<S, C extends object>(
    decider: Decider<S>,
    id: string,
    [type, fields]: readonly [new () => C, C],
    actor: Partial<Actor>,
  ): Promise<void> {
    const context = { actor: { ...OFFICER, ...actor }, correlationId: 'given' };
    await this.running.commands.give(decider, id, command(type, fields), context);
  }

  /** One look of the program at clocks and periods, and everything that follows from it. */
  async look(): Promise<number> {
    await this.settled();
    const given = await this.running.clockWatch.look();
    await this.settled();
    return given;
  }

  /** Waits until rows and processes have seen everything, what the processes themselves recorded included. */
  async settled(): Promise<void> {
    const { store, rows } = this.running;
    for (let head = -1; head !== (await store.head());) {
      head = await store.head();
      for (const { name } of await rows.readModel.status()) await rows.readModel.waitFor(name, head, WAIT_MS);
      await until(async () => {
        const processes = await rows.processes.status();
        const stalled = processes.find((p) => p.state === 'stalled');
        if (stalled) throw new Error(`${stalled.name} stalled: ${stalled.error?.reason}`);
        return processes.every((p) => p.position >= head);
      });
    }
  }

  /** The events of a stream, in order. */
  async stream(name: string): Promise<RecordedEvent[]> {
    return this.running.store.readStream(name, { direction: 'forwards', limit: MAX_PAGE_EVENTS });
  }

  async typesIn(name: string): Promise<string[]> {
    return (await this.stream(name)).map((e) => e.type);
  }

  head(): Promise<number> {
    return this.running.store.head();
  }
}

/** As when the tables of the rows had never been made. */
async function forgetRows(postgres: Postgres): Promise<void> {
  const tables = await postgres.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename ~ '^g[0-9]+_'`,
  );
  for (const { name } of tables) await postgres.query(`DROP TABLE "${name}"`);
  await postgres.query('TRUNCATE generation, process, process_refusal');
  await postgres.close();
}
