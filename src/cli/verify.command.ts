import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { Command } from 'commander';
import { Failure } from '../kernel/errors';
import { MAX_POLICY_LENGTH, parsePolicy, type Policy } from '../verification/policy';
import { MAX_PROOF_LENGTH } from '../verification/proof-file';
import { verifyProof, type VerificationReport } from '../verification/verify-proof';
import { printable, tellFailure } from './terminal';

interface Options {
  readonly policy?: string;
  readonly vkey?: string;
  readonly json?: boolean;
}

/** `mingjing verify`: for anybody, offline, with nothing of a ledger at hand. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      '核验证明 Verify .tlog-proof files, offline: that a record is in the log, unchanged, signed and witnessed',
    )
    .argument('<files...>', '.tlog-proof files; - for standard input')
    .option('--policy <file>', 'whom to trust: logs, witnesses and how many of them (C2SP tlog-policy)')
    .option('--vkey <line>', 'or one log’s verifier key alone: weaker, because no witness is asked')
    .option('--json', 'one line of JSON for each file')
    .addHelpText(
      'after',
      `
公钥应从可靠的另一途径取得（例如公报），不要取自证明的来源。
Take the keys from elsewhere than the proof, such as the official gazette.

全部成立时退出码为 0，否则为 1 Exits with 0 when everything holds, else with 1.

信任策略 A policy:
  log ledger.example.gov.cn/log+<8 hex digits>+<base64>
  witness procuratorate <verifier key>
  witness university <verifier key>
  group both all procuratorate university
  quorum both`,
    )
    .action(async (files: string[], options: Options) => {
      const policy = await policyOf(options);
      for (const file of files) {
        if (!(await verifyFile(file, policy, options.json === true))) process.exitCode = 1;
      }
    });
}

async function policyOf({ policy, vkey }: Options): Promise<Policy> {
  if (vkey !== undefined && policy === undefined) return parsePolicy(`log ${vkey}`);
  if (policy !== undefined && vkey === undefined) return parsePolicy(await readText(policy, MAX_POLICY_LENGTH));
  throw new Failure('invalid', 'verify.trust_required', {
    zh: '请用 --policy 指定信任策略文件，或用 --vkey 指定一个日志的公钥（二者取一）。',
    en: 'Say whom to trust: --policy with a file, or --vkey with the key of one log (one of the two).',
  });
}

/** Verifies one file and says so; false when it does not hold or cannot be read. */
async function verifyFile(file: string, policy: Policy, json: boolean): Promise<boolean> {
  try {
    const now = Math.floor(Date.now() / 1000);
    const report = await verifyProof(await readText(file, MAX_PROOF_LENGTH), policy, now);
    say(json ? JSON.stringify({ file, verified: true, report }) : inWords(file, report));
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, detail } = error;
    if (json) say(JSON.stringify({ file, verified: false, code, zh: detail.zh, en: detail.en }));
    else tellNotVerified(file, error);
    return false;
  }
}

function tellNotVerified(file: string, failure: Failure): void {
  process.stderr.write(`${printable(file)}: 核验不成立 not verified\n`);
  tellFailure(failure);
}

function inWords(file: string, { steps, warnings, position, disclosed, checkpoint }: VerificationReport): string {
  return [
    `${file}: 核验成立 verified`,
    `  台账第 ${position} 条事件 event ${position} · ${checkpoint.origin} · ${checkpoint.size} 条 entries`,
    ...steps.map(({ zh, en }) => `✓ ${zh}\n  ${en}`),
    ...warnings.map(({ zh, en }) => `! ${zh}\n  ${en}`),
    '公开的内容 What it discloses:',
    ...Object.entries(disclosed).map(([path, value]) => `  ${path} = ${JSON.stringify(value)}`),
  ].join('\n');
}

function say(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** A file as text, no longer than `limit` bytes, exactly as it is: no byte order mark is dropped, no bad UTF-8 mended. */
export async function readText(file: string, limit: number): Promise<string> {
  try {
    const bytes = await readBounded(file === '-' ? process.stdin : createReadStream(file), limit);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new Failure('invalid', 'verify.file_unreadable', {
      zh: `无法读取 ${file}（${reason}）。`,
      en: `${file} cannot be read (${reason}).`,
    });
  }
}

async function readBounded(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) throw new Error(`over ${limit} bytes`);
  }
  return Buffer.concat(chunks);
}
