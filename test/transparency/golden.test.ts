import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RecordedEvent } from '../../src/kernel/event';
import type { PageRequest } from '../../src/ledger/event-store';
import { LogDirectory } from '../../src/ledger/transparency/log-directory';
import { LogKeys } from '../../src/ledger/transparency/log-keys';
import { Sealer } from '../../src/ledger/transparency/sealer';
import { fixedKeys, FixedLedger, sealing } from './fixed-ledger';
import { temporaryDirectory } from './temporary-directory';

const LISTING = join(__dirname, 'golden/tree.txt');
const CHECKPOINT = join(__dirname, 'golden/checkpoint.txt');
/** The log's checkpoints, so that full, partial and removed tiles are all among its files. */
const SIZES = [0, 1, 3, 255, 256, 257, 400, 513, 530];

/** Events as they are for ever: what is committed to must not change with the samples of other tests. */
class GoldenLedger extends FixedLedger {
  override async readAll(page: PageRequest): Promise<RecordedEvent[]> {
    return (await super.readAll(page)).map((event) => ({
      ...event,
      data: { text: `第${event.position}件`, count: event.position, list: [1, 'b', null], none: null, yes: true },
      metadata: {
        occurredAt: '2026-03-02T01:02:03.004Z',
        recordedAt: '2026-03-02T01:05:00.000Z',
        actor: { kind: 'person', account: 'a-17', officer: 'o-17', roles: ['officer'] },
        command: 'RecordSample',
        commandId: `c-${event.position}`,
        commandDigest: 'b1946ac92492d2347c6235b4d2611184',
        correlationId: 'k-1',
      },
    }));
  }
}

/** As while a key is being replaced: both sign. */
async function twoKeys(): Promise<LogKeys> {
  const [one, two] = [await fixedKeys(1), await fixedKeys(2)];
  return LogKeys.parse(one.toText() + two.toText());
}

describe('the files that outsiders read', () => {
  const directory = temporaryDirectory();

  it('are these, byte for byte, for these events and keys (UPDATE=1 writes them anew, which breaks every log there is)', async () => {
    const root = directory.join('log');
    const storage = await LogDirectory.open(root);
    const ledger = new GoldenLedger();
    const sealer = await Sealer.open(await sealing(ledger, storage, { keys: await twoKeys() }));
    for (const size of SIZES) {
      ledger.last = size;
      await sealer.sealOnce();
    }
    await storage.close();
    const lines = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/^(lock|fence)/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => `${createHash('sha256').update(readFileSync(path)).digest('hex')}  ${relative(root, path)}\n`);
    const checkpoint = readFileSync(join(root, 'checkpoint'), 'utf8');
    if (process.env.UPDATE) {
      writeFileSync(LISTING, lines.join(''));
      writeFileSync(CHECKPOINT, checkpoint);
    }
    expect(lines.join('')).toBe(readFileSync(LISTING, 'utf8'));
    expect(checkpoint).toBe(readFileSync(CHECKPOINT, 'utf8'));
  });
});
