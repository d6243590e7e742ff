import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { paths, readConfig } from '../config';
import { MAX_PAGE_EVENTS, type EventStore } from '../ledger/event-store';
import { SqliteEventStore } from '../ledger/sqlite/sqlite-event-store';
import { progressBar } from './terminal';

export function exportCommand(): Command {
  return new Command('export')
    .description('导出台账 Export every event, one JSON object a line, in ledger order')
    .option('-o, --output <file>', 'file to write (default: standard output)')
    .option('--from <position>', 'first position', Number, 1)
    .addHelpText(
      'after',
      '\n导出内容含个人信息，须妥善保管 The export holds personal data: keep it as you keep the ledger.\n' +
        '可在服务运行时导出 It may run beside the server.',
    )
    .action(async (options: { output?: string; from: number }) => {
      const store = SqliteEventStore.open({ directory: paths(readConfig(process.env)).ledger, readOnly: true });
      const bar = progressBar('导出 export');
      try {
        const target = options.output ? createWriteStream(options.output, { flags: 'wx' }) : process.stdout;
        await pipeline(Readable.from(lines(store, options.from, bar.at)), target, {
          end: options.output !== undefined,
        });
      } finally {
        bar.end();
        await store.close();
      }
    });
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
