import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { v7 as uuidV7 } from 'uuid';
import { projections } from '../../projections/all';
import type { ErasureRow } from '../../projections/erasures/erasures';
import { readConfig } from '../config';
import { Failure } from '../kernel/errors';
import type { Actor } from '../kernel/event';
import { sealedFields } from '../ledger/commitment/sealed-field';
import { command } from '../ledger/deciding/reaction';
import { MAX_PAGE_EVENTS, type EventStore } from '../ledger/event-store';
import type { ReadModel } from '../ledger/projecting/read-model';
import { ErasePersonalData } from '../privacy/erasure-commands';
import { subjectDecider } from '../privacy/erasure';
import { ERASURE_GROUND_CODES, ERASURE_GROUNDS } from '../privacy/erasure-grounds';
import { addressOf, subjectOf } from '../privacy/subject';
import { openMingjing, type Mingjing } from '../server';
import { progressBar } from './terminal';

const OPERATOR: Actor = { kind: 'person', account: 'command-line', roles: ['privacy'] };
const DONE_WITHIN_MS = 60_000;
const POLL_MS = 50;

interface Options {
  readonly basis: string;
  readonly document?: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

export function eraseCommand(): Command {
  return new Command('erase')
    .description('删除一个主体的个人信息，不可恢复 Erase the personal data of a subject, for good')
    .argument('<subject>', 'kind and id, such as party.p-17 or complainant.complainant-T20260310-7KQM-2XWD-9HTR')
    .addOption(
      new Option('-b, --basis <ground>', '删除事由 the ground, see below')
        .choices(ERASURE_GROUND_CODES)
        .makeOptionMandatory(),
    )
    .option('-d, --document <number>', '所依据的决定、裁判文号或者法条 the decision, judgment or article it rests on')
    .option('-r, --reason <text>', '理由；删除后仍保存，不得写入个人信息 why; it is kept, so it names nobody')
    .option('-y, --yes', '不再询问 do not ask')
    .addHelpText('after', `\n事由 Grounds:\n${grounds()}\n\n${WHILE_RUNNING}`)
    .action((subject: string, options: Options) => erase(addressOf(subject), options));
}

const WHILE_RUNNING =
  '服务运行时请由个人信息保护岗位通过接口办理 While the server runs, an account with the role privacy does it over HTTP:\n' +
  '  POST /api/subjects/<subject>/erase-personal-data  {"ground": "…", "document": "…", "reason": "…"}';

const grounds = (): string =>
  ERASURE_GROUNDS.map(
    (g) =>
      `  ${g.code.padEnd(20)}${g.zh}${g.needsDocument ? '（须 --document）' : ''}\n${' '.repeat(22)}${g.en}; ${g.basis}`,
  ).join('\n');

async function erase(address: string, { basis, document, reason, yes }: Options): Promise<void> {
  const mingjing = await openAlone();
  try {
    const { readModel, runner } = mingjing.rows;
    await runner.settled();
    if (!yes && !(await confirmed(address, await summary(subjectOf(address), mingjing.stored, readModel)))) {
      process.stdout.write('未删除 nothing was erased\n');
      return;
    }
    const given = command(ErasePersonalData, { ground: basis, document, reason });
    const { events } = await mingjing.commands.give(subjectDecider, address, given, {
      actor: OPERATOR,
      correlationId: `erase-${uuidV7()}`, // it goes where the subject's id must not
    });
    const row = await whenDone(readModel, address);
    process.stdout.write(
      `${events.length > 0 ? '已删除 erased' : '此前已删除 had been erased before'}: ${row.subject} · ${row.basis} · ${row.destroyedAt}\n\n${ABOUT_BACKUPS}\n`,
    );
  } finally {
    await mingjing.close();
  }
}

/** @throws Failure `privacy.server_running`, which says how to do it then */
async function openAlone(): Promise<Mingjing> {
  try {
    return await openMingjing({ ...readConfig(process.env), logLevel: 'warn' });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'LedgerLocked') throw error;
    throw new Failure('conflict', 'privacy.server_running', {
      zh: `服务正在使用该数据目录。\n${WHILE_RUNNING}`,
      en: 'The server is using this data directory.',
    });
  }
}

interface Summary {
  readonly events: number;
  readonly streams: number;
  readonly rows: ReadonlyArray<readonly [table: string, rows: number]>;
}

/** How much there is of a subject: events and records by reading the whole ledger as it is stored, rows by their column. */
async function summary(subject: string, stored: EventStore, readModel: ReadModel): Promise<Summary> {
  const bar = progressBar('查找 looking');
  const streams = new Set<string>();
  const head = await stored.head();
  let events = 0;
  for (let from = 1; from <= head; from += MAX_PAGE_EVENTS) {
    for (const event of await stored.readAll({ direction: 'forwards', from, limit: MAX_PAGE_EVENTS })) {
      if (!sealedFields(event).some(([, field]) => field.$subject === subject)) continue;
      events++;
      streams.add(event.stream);
    }
    bar.at(Math.min(head, from + MAX_PAGE_EVENTS), head);
  }
  bar.end();
  const rows: Array<[string, number]> = [];
  for (const { name, tables } of projections) {
    for (const [table, { personal }] of Object.entries(tables)) {
      if (personal) rows.push([`${name}.${table}`, await readModel.count(name, table, { where: { subject } })]);
    }
  }
  return { events, streams: streams.size, rows };
}

async function confirmed(address: string, { events, streams, rows }: Summary): Promise<boolean> {
  const counted = rows.map(([table, count]) => `  ${table}: ${count} 行 rows\n`).join('');
  process.stderr.write(
    `${address}: ${events} 条事件 events, ${streams} 条记录 records\n${counted}` +
      '密钥销毁后任何人都不能再读取这些内容。Nobody will be able to read them again.\n',
  );
  if (!process.stdin.isTTY) {
    throw new Failure('invalid', 'privacy.not_confirmed', {
      zh: '没有终端可以询问；确认删除请加 --yes。',
      en: 'There is no terminal to ask at; to go ahead, say --yes.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await terminal.question('输入主体编号以确认 Type the subject to confirm: ');
  terminal.close();
  return addressOf(typed.trim()) === address;
}

/** The erasure once its key is destroyed, which the program does by itself after the decision. */
async function whenDone(readModel: ReadModel, address: string): Promise<ErasureRow> {
  for (let waited = 0; waited < DONE_WITHIN_MS; waited += POLL_MS) {
    const row = await readModel.get<ErasureRow>('erasures', 'erasure', address);
    if (row?.destroyedAt) return row;
    await sleep(POLL_MS);
  }
  throw new Failure('unavailable', 'privacy.not_done_yet', {
    zh: '删除决定已记录，密钥尚未销毁；启动服务后将自动完成。',
    en: 'The erasure is decided, but the key is not destroyed yet; the program goes on with it when it is started.',
  });
}

const ABOUT_BACKUPS = `数据目录以外仍须办理 What is left to do outside the data directory:
- 销毁此前的 vault.db 备份：其中仍有该密钥，与台账合用即可读出。
  Destroy earlier backups of vault.db: they hold the key, and with the ledger the data can be read.
  密钥库在 PostgreSQL 中的，执行 mingjing vault rotate-key，并销毁旧 vault.key 的所有副本：此后数据库的任何备份都不能再读出。
  With a vault in PostgreSQL run mingjing vault rotate-key and destroy every copy of the old vault.key: no backup of the database gives them back then.
  恢复旧的密钥库后，下次启动会自动再次销毁。A vault restored from one loses the key again at the next start.
- 销毁 read-model.db 的副本、已解密的导出文件（mingjing export）、导入原文件及其 .rejects.csv。
  Destroy copies of read-model.db, exports that were decrypted, imported files and their .rejects.csv.
- 台账备份只含密文，可以保留。Backups of ledger.db hold ciphertext alone and may stay.
- 工作人员写入文书的内容不在加密之列，请另行核对。
  What officers wrote into texts themselves is not encrypted: look there too.`;
