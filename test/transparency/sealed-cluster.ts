import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/kernel/time';
import { audit, type AuditOptions, type AuditReport } from '../../src/ledger/auditing/audit';
import { openLedgerAt, type VaultLocation } from '../../src/ledger/commitment/open-ledger';
import { openLogStorage, openPublished, type LedgerLocation, type LogLocation } from '../../src/ledger/location';
import { Postgres, type PostgresSettings } from '../../src/ledger/postgres/postgres';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { keepingPublished } from '../../src/ledger/transparency/published-checkpoints';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { parseNote } from '../../src/verification/note';
import { parseVerifierKey } from '../../src/verification/verifier-key';
import type { Logged } from '../eventstoredb/memory-log';
import { ScriptedServer } from '../eventstoredb/scripted-server';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { ORIGIN, recordedNow } from './sealed-ledger';

export const CLUSTER_PREFIX = 'case-ledger-';
const STREAMS = 7;

interface Stored {
  readonly events: readonly Logged[];
  readonly rows: ReadonlyMap<string, readonly object[]>;
}

/** A ledger as several nodes have it: events in an event store, keys of subjects and the log in PostgreSQL, the log's key in a file. */
export class SealedCluster {
  private before: Stored | undefined;

  private constructor(
    readonly directory: string,
    readonly server: ScriptedServer,
    readonly settings: PostgresSettings,
    readonly postgres: Postgres,
  ) {}

  static async make(): Promise<SealedCluster> {
    const settings = freshSchema();
    const directory = mkdtempSync(join(tmpdir(), 'mingjing-cluster-'));
    return new SealedCluster(directory, await new ScriptedServer().start(), settings, await Postgres.open(settings));
  }

  get ledger(): LedgerLocation {
    return { eventStore: this.server.connectionString, prefix: CLUSTER_PREFIX };
  }

  get vault(): VaultLocation {
    return { postgres: this.settings, wrappingKeys: { file: join(this.directory, 'vault.key') } };
  }

  get log(): LogLocation {
    return { postgres: this.settings };
  }

  async erase(): Promise<void> {
    await this.postgres.close();
    await this.server.stop();
    await dropSchema(this.settings);
    rmSync(this.directory, { recursive: true });
  }

  /** Records events in turn to some streams, personal fields sealed. */
  async record(count: number): Promise<void> {
    const { store } = await openLedgerAt({ ledger: this.ledger, vault: this.vault });
    const head = await store.head();
    for (let stream = 0; stream < STREAMS; stream++) {
      const name = `case-${stream}`;
      const [last] = await store.readStream(name, { direction: 'backwards', limit: 1 });
      const numbers = Array.from({ length: count }, (_, i) => head + i).filter((n) => n % STREAMS === stream);
      await store.append(
        name,
        last?.revision ?? 'no_stream',
        numbers.map((n) => recordedNow(n)),
      );
    }
    await store.close();
  }

  /** As a start of a node does that leads. */
  async seal(): Promise<string> {
    const { store, stored, vault } = await openLedgerAt({ ledger: this.ledger, vault: this.vault });
    const [storage, published] = [await openLogStorage(this.log), await openPublished(this.log)];
    const sealer = await Sealer.open({
      store: stored,
      storage: keepingPublished(storage, published),
      keys: await this.keys(),
      commitmentKey: await vault.commitmentKey(),
      clock: systemClock,
      intervalMs: 1000,
      mark: await vault.sealedMark(ORIGIN),
    });
    const { note } = (await sealer.sealOnce())!;
    await vault.raiseSealedMark(parseCheckpoint(parseNote(note).text));
    for (const each of [storage, published, store]) await each.close();
    return note;
  }

  keys(): Promise<LogKeys> {
    return LogKeys.open({ file: join(this.directory, 'log.key'), origin: ORIGIN });
  }

  async check(more: Partial<AuditOptions> = {}): Promise<AuditReport> {
    const logKeys = await Promise.all((await this.keys()).verifierKeys.map(parseVerifierKey));
    const { ledger, vault, log } = this;
    return audit({ ledger, vault, log, trust: { logKeys, origin: ORIGIN }, ...more });
  }

  /** Remembers what is stored, to be put back after somebody has done something to it. */
  async remember(): Promise<void> {
    const rows = new Map<string, object[]>();
    for (const table of TABLES) rows.set(table, await this.postgres.query(`SELECT * FROM ${table}`));
    this.before = { events: this.server.log.events.map((event) => ({ ...event })), rows };
  }

  async putBack(): Promise<void> {
    this.edit(() => this.before!.events.map((event) => ({ ...event })));
    for (const [table, rows] of this.before!.rows) {
      await this.postgres.query(`DELETE FROM ${table}`);
      for (const row of rows) {
        const names = Object.keys(row);
        await this.postgres.query(
          `INSERT INTO ${table} (${names.join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
          Object.values(row) as string[],
        );
      }
    }
  }

  /** Somebody with the event store's files puts others in the place of its events; their streams follow. */
  edit(change: (events: Changeable[]) => Changeable[]): void {
    const { log } = this.server;
    const changed = change(log.events.map((event) => ({ ...event })));
    const streams = (log as unknown as { streams: Map<string, Changeable[]> }).streams;
    streams.clear();
    for (const event of changed) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
    log.events.splice(0, Infinity, ...changed);
  }

  /** Somebody who may write there adds an event of their own, such as metadata. */
  write(stream: string, type: string, data: object): void {
    const bytes = Buffer.from(JSON.stringify(data));
    const id = [4, 2, 2, 2, 6].map((length) => randomBytes(length).toString('hex')).join('-');
    this.server.log.write(stream, [
      { id, type, contentType: 'application/json', data: bytes, metadata: Buffer.from('{}') },
    ]);
  }
}

/** An event as the server has it, without its `readonly`. */
export type Changeable = { -readonly [K in keyof Logged]: Logged[K] };

const TABLES = ['log_object', 'log_text', 'log_published'];

/** The places of the ledger's events among all that the server has. */
export const ledgerEvents = (events: readonly Changeable[]): number[] =>
  events.flatMap(({ stream, type }, i) =>
    stream.startsWith(CLUSTER_PREFIX) && !type.startsWith('$') && !stream.startsWith(`${CLUSTER_PREFIX}$`) ? [i] : [],
  );

/** Changes what an event says. */
export function rewrite(
  event: Changeable,
  change: (data: Record<string, unknown>) => void,
  of: 'data' | 'metadata' = 'data',
): void {
  const parsed = JSON.parse(Buffer.from(event[of]).toString()) as Record<string, unknown>;
  change(parsed);
  event[of] = Buffer.from(JSON.stringify(parsed));
}
