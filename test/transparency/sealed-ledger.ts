import Database from 'better-sqlite3';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewEvent } from '../../src/kernel/event';
import { systemClock } from '../../src/kernel/time';
import { audit, type AuditOptions, type AuditReport } from '../../src/ledger/auditing/audit';
import { vaultFile } from '../../src/ledger/commitment/vault-schema';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import type { EventStore } from '../../src/ledger/event-store';
import { checksum } from '../../src/ledger/sqlite/event-row';
import { ledgerFile } from '../../src/ledger/sqlite/schema';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { LogProver } from '../../src/ledger/transparency/prover';
import { keepingPublished } from '../../src/ledger/transparency/published-checkpoints';
import { Sealer, type Sealed } from '../../src/ledger/transparency/sealer';
import { SqlitePublishedCheckpoints } from '../../src/ledger/transparency/sqlite-published-checkpoints';
import { WitnessClient } from '../../src/ledger/transparency/witness-client';
import { Monitor } from '../../src/monitoring/monitor';
import { EventProofs } from '../../src/transparency/event-proofs';
import { parseCheckpoint } from '../../src/verification/checkpoint';
import { parseNote } from '../../src/verification/note';
import { parsePolicy } from '../../src/verification/policy';
import { trustedLogs } from '../../src/witness/trusted-logs';
import { startWitness, type RunningWitness } from '../../src/witness/witness-server';
import { sampleEvent } from '../contract/sample-events';

export const ORIGIN = 'ledger.example.cn/log';
const STREAMS = 7;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * A real data directory as a server leaves it: `ledger.db`, `vault.db`, `log.key`, `log/`. Beside it `outside/`, which whoever
 * has the machine does not have: `policy`, checkpoints `<size>.checkpoint`, proofs, a monitor's directory.
 */
export class SealedLedger {
  private constructor(
    readonly root: string,
    private readonly witness: RunningWitness | undefined,
  ) {}

  readonly directory = join(this.root, 'data');
  readonly outside = (name: string): string => join(this.root, 'outside', name);
  readonly file = (path: string): string => join(this.directory, path);

  /** An empty one, with a witness of its own unless it is told to do without. */
  static async make({ witnessed = true } = {}): Promise<SealedLedger> {
    const root = mkdtempSync(join(tmpdir(), 'mingjing-sealed-'));
    mkdirSync(join(root, 'data'));
    mkdirSync(join(root, 'outside'));
    const keys = await LogKeys.open({ file: join(root, 'data/log.key'), origin: ORIGIN });
    const witness = witnessed ? await witnessOf(root, keys) : undefined;
    const lines = [
      ...keys.verifierKeys.map((key) => `log ${key}`),
      ...(witness ? [`witness university ${witness.vkey} ${witness.url}`, 'quorum university'] : []),
    ];
    writeFileSync(join(root, 'outside/policy'), `${lines.join('\n')}\n`);
    return new SealedLedger(root, witness);
  }

  /** Another one in the same state, to do something to. It shares the witness. */
  copy(): SealedLedger {
    const root = mkdtempSync(join(tmpdir(), 'mingjing-sealed-'));
    cpSync(this.root, root, { recursive: true, filter: (path) => !path.endsWith('/witness') });
    return new SealedLedger(root, undefined);
  }

  async erase(): Promise<void> {
    await this.witness?.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Records events as the program does: personal fields sealed, in turn to some streams. */
  async record(count: number, event: (n: number) => NewEvent = recordedNow): Promise<void> {
    const { store } = await openLedger({ ledger: this.directory, vault: this.directory });
    const revisions = new Map<string, number | 'no_stream'>();
    const appends: Promise<unknown>[] = [];
    for (let n = await store.head(), end = n + count; n < end; n++) {
      const stream = `case-${n % STREAMS}`;
      const known = revisions.get(stream) ?? (await revisionOf(store, stream));
      revisions.set(stream, known === 'no_stream' ? 0 : known + 1);
      appends.push(store.append(stream, known, [event(n)])); // all of them share a few commits
    }
    await Promise.all(appends);
    await store.close();
  }

  /** What a start of the server does: takes the log up, seals what there is, publishes it. */
  async seal({ witnessed = true } = {}): Promise<Sealed | undefined> {
    const { stored, vault, store } = await openLedger({ ledger: this.directory, vault: this.directory });
    const keys = await LogKeys.open({ file: this.file('log.key'), origin: ORIGIN });
    const directory = await LogDirectory.open(this.file('log'));
    const published = SqlitePublishedCheckpoints.open(this.file('log'));
    try {
      const policy = await parsePolicy(this.policy);
      const sealer = await Sealer.open({
        store: stored,
        storage: keepingPublished(directory, published),
        keys,
        commitmentKey: await vault.commitmentKey(),
        clock: systemClock,
        intervalMs: 1000,
        mark: await vault.sealedMark(ORIGIN),
        ...(witnessed &&
          policy.witnesses.length > 0 && {
            witnesses: new WitnessClient({ policy, timeoutMs: 5000, evidence: this.file('log/evidence') }),
          }),
      });
      const sealed = await sealer.sealOnce();
      if (sealed) await vault.raiseSealedMark(parseCheckpoint(parseNote(sealed.note).text));
      return sealed;
    } finally {
      await published.close();
      await directory.close();
      await store.close();
    }
  }

  /** Somebody downloads the newest checkpoint. */
  keepCheckpoint(): string {
    const note = readFileSync(this.file('log/checkpoint'), 'utf8');
    const file = this.outside(`${parseCheckpoint(parseNote(note).text).size}.checkpoint`);
    writeFileSync(file, note);
    return file;
  }

  /** Somebody downloads the proof of an event, which discloses all its open fields. */
  async keepProof(position: number): Promise<string> {
    const { stored, vault, store } = await openLedger(
      { ledger: this.directory, vault: this.directory },
      { readOnly: true },
    );
    const prover = new LogProver(await LogDirectory.open(this.file('log'), { readOnly: true }));
    const proofs = new EventProofs(stored, vault, prover, undefined, { readYourWritesTimeoutMs: 0 });
    const event = (await proofs.eventAt(position))!;
    const file = this.outside(`event-${position}.tlog-proof`);
    writeFileSync(file, await proofs.proofOf(event, (path) => path === 'position' || path.startsWith('data.')));
    await store.close();
    return file;
  }

  /** Somebody's monitor looks at the log, over HTTP. */
  async monitor(name = 'monitor'): Promise<Awaited<ReturnType<Monitor['look']>>> {
    const storage = await LogDirectory.open(this.file('log'), { readOnly: true });
    const server = createServer((request, response) => {
      void storage
        .read((request.url ?? '').replace('/log/', ''))
        .then((bytes) => response.writeHead(bytes ? 200 : 404).end(bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`;
    const policy = await parsePolicy(this.policy);
    const monitor = await Monitor.open({ url, policy, directory: this.outside(name), pauseMs: 1 });
    try {
      return await monitor.look();
    } finally {
      await monitor.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** What `mingjing check` finds; `checkpoint` and `against` name files of `outside/`. */
  async check({
    checkpoint = [],
    against,
    ...more
  }: { checkpoint?: readonly string[]; against?: string } & Partial<AuditOptions> = {}): Promise<AuditReport> {
    const policy = await parsePolicy(this.policy);
    return audit({
      ledger: { directory: this.directory },
      vault: { directory: this.directory },
      log: { directory: this.file('log') },
      trust: { logKeys: policy.logs.map(({ key }) => key), policy },
      outside: checkpoint.map((name) => ({ name, text: readFileSync(this.outside(name), 'utf8') })),
      ...(against && { against: this.outside(against) }),
      ...more,
    });
  }

  /**
   * Writes into the database as somebody does who may do anything and knows how it is made: the triggers are dropped and put
   * back, the checksums of rows computed anew, and the mark of the last position with them.
   */
  edit(work: (db: Database.Database) => void): void {
    editDatabase(ledgerFile(this.directory), (db) => {
      work(db);
      const rows = db.prepare<[], Row>('SELECT position, stream, revision, crc, body FROM event').all();
      const update = db.prepare('UPDATE event SET crc = ? WHERE position = ?');
      for (const { position, stream, revision, crc, body } of rows) {
        const right = checksum(position, stream, revision, body);
        if (right !== crc) update.run(right, position);
      }
      const head = db.prepare<[], number>('SELECT coalesce(max(position), 0) FROM event').pluck().get()!;
      writeFileSync(this.file('ledger.head'), `${head}`.padEnd(15) + '\n');
    });
  }

  editVault(work: (db: Database.Database) => void): void {
    editDatabase(vaultFile(this.directory), work);
  }

  /** Puts another note into the list of what was published, for those of a size. */
  editPublished(size: number, note: string): void {
    editDatabase(this.file('log/published.db'), (db) =>
      db.prepare('UPDATE published SET note = ? WHERE size = ?').run(note, size),
    );
  }

  /** Changes the bytes of a file of the data directory. */
  editFile(path: string, change: (bytes: Buffer) => Buffer | string | void): void {
    const bytes = readFileSync(this.file(path));
    writeFileSync(this.file(path), change(bytes) ?? bytes);
  }

  has(path: string): boolean {
    return existsSync(this.file(path));
  }

  get policy(): string {
    return readFileSync(this.outside('policy'), 'utf8');
  }
}

async function revisionOf(store: EventStore, stream: string): Promise<number | 'no_stream'> {
  const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
  return last ? last.revision : 'no_stream';
}

/** Without its triggers, which are put back. */
function editDatabase(file: string, work: (db: Database.Database) => void): void {
  const db = new Database(file);
  const triggers = db
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  try {
    db.transaction(() => {
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
      work(db);
      for (const { sql } of triggers) db.exec(sql);
    })();
  } finally {
    db.close();
  }
}

interface Row {
  readonly position: number;
  readonly stream: number;
  readonly revision: number;
  readonly crc: number;
  readonly body: string;
}

/** A sample event by the clock on the wall, as the witnesses' is. */
export function recordedNow(n: number): NewEvent {
  const event = sampleEvent(n);
  return { ...event, metadata: { ...event.metadata, recordedAt: systemClock.now() } };
}

async function witnessOf(root: string, keys: LogKeys): Promise<RunningWitness> {
  const logs = await trustedLogs(keys.verifierKeys);
  const directory = join(root, 'witness');
  return startWitness({
    name: 'witness.example.edu.cn/mingjing',
    host: '127.0.0.1',
    port: 0,
    directory,
    logs,
    logger: SILENT,
  });
}
