import { Command } from 'commander';
import { Failure } from '../kernel/errors';
import { boundedFetch, networkReason } from '../ledger/transparency/bounded-fetch';
import { parseCheckpoint } from '../verification/checkpoint';
import { checkFirst, parseWitnessHistory, type WitnessHistory } from '../verification/draw-history';
import { MAX_DRAW_NOTICE_LENGTH, parseDrawNotice, type DrawNotice } from '../verification/draw-notice';
import { parseNote } from '../verification/note';
import { MAX_POLICY_LENGTH, parsePolicy } from '../verification/policy';
import { verifyDraw } from '../verification/verify-draw';
import { printable, tellFailure } from './terminal';
import { readText } from './verify.command';

const FETCH_TIMEOUT_MS = 30_000;
const MAX_HISTORY_BYTES = 16 << 20;
/** Pages of a witness's history that are asked for. */
const MAX_PAGES = 40;

interface Options {
  readonly verify: string;
  readonly policy?: string;
  readonly history?: readonly string[];
}

/** `mingjing draw --verify`: for anybody, with nothing of a ledger at hand. */
export function drawCommand(): Command {
  return new Command('draw')
    .description('重复抽取 Repeat a random draw (双随机) from its notice, offline')
    .requiredOption('--verify <notice>', 'the notice as JSON: a file, - for standard input, or its address')
    .option('--policy <file>', 'whom to trust: the log and its witnesses (C2SP tlog-policy)')
    .option('--history <histories...>', 'what each announced witness has cosigned: files, or addresses to ask')
    .addHelpText(
      'after',
      `
全部成立时退出码为 0，否则为 1 Exits with 0 when everything holds, else with 1.

例 Examples:
  mingjing draw --verify https://ledger.example.gov.cn/draws/2026-1 --policy trusted.policy
  curl -o draw.json https://ledger.example.gov.cn/api/draws/2026-1
  mingjing draw --verify draw.json --policy trusted.policy --history https://notary.example/log/ORIGIN/history`,
    )
    .action(async ({ verify, policy, history = [] }: Options) => {
      try {
        const notice = parseDrawNotice(await read(noticeAddress(verify), MAX_DRAW_NOTICE_LENGTH));
        const trusted = policy === undefined ? undefined : await parsePolicy(await readText(policy, MAX_POLICY_LENGTH));
        const report = await verifyDraw(notice, trusted);
        const first = await checkFirst(notice, await historiesFrom(history, notice));
        tell(notice, [...report.steps, ...first.steps], [...report.warnings, ...first.warnings]);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        process.stderr.write(`${printable(verify)}: 核验不成立 not verified\n`);
        tellFailure(error);
        process.exitCode = 1;
      }
    });
}

interface Said {
  readonly zh: string;
  readonly en: string;
}

function tell(notice: DrawNotice, steps: readonly Said[], warnings: readonly Said[]): void {
  const names = new Map(notice.parties.map(({ id, name }) => [id, name]));
  const officers = new Map(notice.officers.map(({ id, name, credential }) => [id, `${name} ${credential}`]));
  const lines = [
    `${notice.id}: 核验成立 verified`,
    ...steps.map(({ zh, en }) => `✓ ${zh}\n  ${en}`),
    ...warnings.map(({ zh, en }) => `! ${zh}\n  ${en}`),
    '抽取结果 Drawn:',
    ...notice.drawn.map(
      (d, i) =>
        `  ${i + 1}. ${d.party} ${names.get(d.party) ?? ''} ← ${d.officers.map((id) => officers.get(id) ?? id).join('、')}`,
    ),
  ];
  process.stdout.write(`${printable(lines.join('\n'))}\n`);
}

const isAddress = (source: string): boolean => /^https?:\/\//.test(source);

/** The page of a draw has its notice under `/api`. */
function noticeAddress(source: string): string {
  if (!isAddress(source)) return source;
  const url = new URL(source);
  if (url.pathname.startsWith('/draws/')) url.pathname = `/api${url.pathname}`;
  return url.href;
}

async function read(source: string, limit: number): Promise<string> {
  if (!isAddress(source)) return readText(source, limit);
  let reason: string;
  try {
    const answer = await boundedFetch(source, limit, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (answer.status === 200) return answer.body.toString('utf8');
    reason = String(answer.status);
  } catch (error) {
    reason = networkReason(error);
  }
  throw new Failure('unavailable', 'draw.not_fetched', {
    zh: `无法取得 ${source}（${reason}）。`,
    en: `${source} could not be fetched (${reason}).`,
  });
}

/** A file holds a history as it was answered. An address is asked from the announcement up to the checkpoint of the seed. */
async function historiesFrom(sources: readonly string[], notice: DrawNotice): Promise<WitnessHistory[]> {
  const histories: WitnessHistory[] = [];
  for (const source of sources) {
    if (isAddress(source)) histories.push(await fetchHistory(source, notice));
    else histories.push(parseWitnessHistory(await readText(source, MAX_HISTORY_BYTES)));
  }
  return histories;
}

async function fetchHistory(address: string, { position, held }: DrawNotice): Promise<WitnessHistory> {
  const seedSize = held ? parseCheckpoint(parseNote(held.checkpoint).text).size : 0;
  const checkpoints: Array<WitnessHistory['checkpoints'][number]> = [];
  let origin = '';
  for (let page = 0, after = position - 1; page < MAX_PAGES && after < seedSize; page++) {
    const url = new URL(address);
    url.searchParams.set('after', String(after));
    const history = parseWitnessHistory(await read(url.href, MAX_HISTORY_BYTES));
    if (history.checkpoints.length === 0) break;
    origin = history.origin;
    checkpoints.push(...history.checkpoints);
    after = history.checkpoints[history.checkpoints.length - 1].size;
  }
  return { origin, checkpoints };
}
