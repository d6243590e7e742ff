import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { ledgerLocation, locations, readConfig, type Config } from '../config';
import { Failure } from '../kernel/errors';
import { openLedgerAt } from '../ledger/commitment/open-ledger';
import { MAX_PAGE_EVENTS, type EventStore } from '../ledger/event-store';
import { openEvents } from '../ledger/location';
import { assertErasuresHold } from '../privacy/erasure.manager';
import { exportWhole, type ExportWholeOptions } from './moving';
import { progressBar } from './terminal';

export function exportCommand(): Command {
  return new Command('export')
    .description('导出台账 Export every event, one JSON object a line, in ledger order; or a whole ledger, to move it')
    .option('-o, --output <file>', 'file to write (default: standard output)')
    .option('--from <position>', 'first position', Number, 1)
    .option('--sealed', '按存储原样导出，个人信息保持加密 as stored: personal fields stay encrypted')
    .option('--ledger <directory>', '整体导出，以便迁移 the whole ledger as an archive: events, keys of subjects, log')
    .option('--without-vault', '不含密钥库 of --ledger: without the keys of subjects')
    .option('--with-log-key', '含日志签名密钥 of --ledger: with the keys that sign the log')
    .option('--running', '服务运行时先行复制 of --ledger: a copy ahead, beside the running server')
    .addHelpText(
      'after',
      '\n导出内容含已解密的个人信息，须妥善保管；此后的删除不及于已导出的文件。\n' +
        'The export holds personal data, decrypted: keep it safe, for no later erasure reaches it. With --sealed it does not.\n' +
        '可在服务运行时导出 It may run beside the server.\n' +
        '整体迁移须先停止服务 A whole ledger is moved while the server is stopped: src/ledger/moving/README.md.',
    )
    .action(async (options: { output?: string; from: number; sealed?: boolean } & Partial<ExportWholeOptions>) => {
      const { ledger } = options;
      if (ledger !== undefined) return exportWhole({ ...options, ledger });
      const config = readConfig(process.env);
      const store = options.sealed
        ? await openEvents(ledgerLocation(config), { readOnly: true }) // no key is needed, nor looked for
        : await opened(config);
      const bar = progressBar('导出 export');
      try {
        const target = options.output ? (await newFile(options.output)).createWriteStream() : process.stdout;
        await pipeline(Readable.from(lines(store, options.from, bar.at)), target, {
          end: options.output !== undefined,
        });
      } finally {
        bar.end();
        await store.close();
      }
    });
}

/** @throws Failure `export.file_exists`: an export is never written over what is there */
function newFile(path: string): Promise<FileHandle> {
  return open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new Failure('refused', 'export.file_exists', {
      zh: `${path} 已存在，不予覆盖。`,
      en: `${path} is there already and is not overwritten.`,
    });
  });
}

async function opened(config: Config): Promise<EventStore> {
  const { store, stored, vault } = await openLedgerAt(locations(config), { readOnly: true });
  try {
    await assertErasuresHold(stored, vault);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function* lines(
  store: EventStore,
  first: number,
  progress: (done: number, total: number) => void,
): AsyncGenerator<string> {
  const head = await store.head();
  for (let from = first; from <= head;) {
    const page = await store.readAll({ direction: 'forwards', from, limit: MAX_PAGE_EVENTS });
    const upToHead = page.filter((e) => e.position <= head);
    if (upToHead.length === 0) return;
    yield upToHead.map((event) => `${JSON.stringify(event)}\n`).join('');
    from += upToHead.length;
    progress(from - 1, head);
  }
}
