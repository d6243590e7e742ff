import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerLocked } from '../../src/ledger/event-store';
import { backupLedger, restoreLedger } from '../../src/ledger/sqlite/backup';
import type { Progress } from '../../src/ledger/sqlite/check-ledger';
import { ledgerFile } from '../../src/ledger/sqlite/schema';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { sampleEvents } from '../contract/sample-events';
import { everything, temporaryDirectory, writtenLedger } from './ledger-directory';

describe('a backup', () => {
  const directory = temporaryDirectory();
  const path = (name: string): string => join(directory.path, name);

  it('taken while appends go on is the ledger as of one moment, and restored it is that ledger and can be written', async () => {
    const store = SqliteEventStore.open({ directory: path('live') });
    for (let i = 0; i < 40; i++) await store.append(`case-${i}`, 'no_stream', sampleEvents(200));
    let running = true;
    const writing = (async () => {
      for (let i = 40; running; i++) await store.append(`case-${i}`, 'no_stream', sampleEvents(3));
    })();
    const seen: Progress[] = [];
    const { events } = await backupLedger(path('live'), path('backup.db'), (progress) => seen.push(progress));
    running = false;
    await writing;
    expect(events).toBeGreaterThanOrEqual(8000);
    expect(await store.head()).toBeGreaterThan(events);
    expect(new Set(seen.map((p) => p.step))).toEqual(new Set(['copy', 'events', 'streams', 'file']));
    expect(seen.filter((p) => p.done > p.total)).toEqual([]);
    const then = (await everything(store)).slice(0, events);
    await store.close();

    expect(await restoreLedger(path('backup.db'), path('restored'))).toMatchObject({ events });
    const restored = SqliteEventStore.open({ directory: path('restored') });
    expect(await everything(restored)).toEqual(then);
    expect(await restored.append('case-new', 'no_stream', sampleEvents(1))).toMatchObject({ position: events + 1 });
    await restored.close();
    expect(readdirSync(directory.path).sort()).toEqual(['backup.db', 'live', 'restored']);
  });

  it('does not overwrite: neither a backup nor a ledger', async () => {
    const truth = await writtenLedger(path('live'), 2, 5);
    await backupLedger(path('live'), path('backup.db'));
    await expect(backupLedger(path('live'), path('backup.db'))).rejects.toMatchObject({ code: 'ledger.backup_exists' });
    await expect(restoreLedger(path('backup.db'), path('live'))).rejects.toMatchObject({ code: 'ledger.exists' });
    const store = SqliteEventStore.open({ directory: path('live') });
    await expect(restoreLedger(path('backup.db'), path('live'))).rejects.toThrow(LedgerLocked);
    expect(await everything(store)).toEqual(truth);
    await store.close();
  });

  it('that is damaged is not put in place, and one of a damaged ledger is not kept', async () => {
    await writtenLedger(path('live'), 4, 50);
    await backupLedger(path('live'), path('backup.db'));
    for (const file of [path('backup.db'), ledgerFile(path('live'))]) {
      const bytes = readFileSync(file);
      const word = bytes.indexOf('明镜市监罚字', bytes.length >> 1);
      bytes[word + 2] ^= 1;
      writeFileSync(file, bytes);
    }
    await expect(restoreLedger(path('backup.db'), path('restored'))).rejects.toMatchObject({ name: 'LedgerCorrupt' });
    expect(existsSync(ledgerFile(path('restored')))).toBe(false);
    await expect(backupLedger(path('live'), path('second.db'))).rejects.toMatchObject({ name: 'LedgerCorrupt' });
    expect(readdirSync(directory.path).filter((name) => name.startsWith('second'))).toEqual([]);
    writeFileSync(path('no-ledger.db'), 'not a ledger at all '.repeat(300));
    await expect(restoreLedger(path('no-ledger.db'), path('restored'))).rejects.toThrow();
    expect(readdirSync(path('restored'))).toEqual(['ledger.lock']);
  });

  it('older than the lost ledger can be restored in its place', async () => {
    await writtenLedger(path('live'), 1, 5);
    await backupLedger(path('live'), path('backup.db'));
    const store = SqliteEventStore.open({ directory: path('live') });
    await store.append('case-0', 4, sampleEvents(5));
    await store.close();
    rmSync(ledgerFile(path('live')));
    await restoreLedger(path('backup.db'), path('live'));
    const again = SqliteEventStore.open({ directory: path('live') });
    expect(await again.head()).toBe(5);
    await again.close();
  });
});
