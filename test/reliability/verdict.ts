import { createReadStream, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '../../src/kernel/event';
import type { ProjectionStatus } from '../../src/ledger/projecting/read-model';
import { marksIn, type Act } from './acts';
import { request, type Acknowledgement, type Load } from './clients';
import type { Installation } from './installation';
import { differingRows } from './rows';
import { mingjing } from './server-node';
import type { Watch } from './watch';

/** What was found when the fault was over. Every figure but `events`, `abandonedThere` and those of proofs must be 0. */
export interface Verdict {
  readonly events: number;
  /** Acknowledged and not in the ledger. */
  readonly lost: number;
  /** In the ledger more than once. */
  readonly doubled: number;
  /** Acknowledged with an event id, stream, revision or position that the ledger does not have there. */
  readonly misplaced: number;
  /** In the ledger though nobody sent it. */
  readonly unsent: number;
  /** Never acknowledged and never repeated, and in the ledger all the same, once: allowed. */
  readonly abandonedThere: number;
  /** Positions of the ledger that are missing or out of order. */
  readonly gaps: number;
  /** Projections whose rows are not those of a rebuild, or which do not reach the ledger's head. */
  readonly differingProjections: number;
  readonly projections: number;
  /** Findings of `mingjing check` that are evidence or failures; its exit code, when that is not 0. */
  readonly checkFindings: number;
  /** Events that the log has signed. */
  readonly sealed: number;
  /** Checkpoints that were published meanwhile, all held against the log. */
  readonly checkpoints: number;
  readonly proofs: number;
  /** Answers to acknowledged commands sent once more. */
  readonly repetitions: number;
  /** In words, whatever is not as it must be. */
  readonly problems: readonly string[];
}

const SAMPLE_REPETITIONS = 100;
const SAMPLE_PROOFS = 3;
const MAX_HELD_CHECKPOINTS = 20;
const CATCH_UP_TIMEOUT_MS = 120_000;
const REQUEST_TIMEOUT_MS = 20_000;
const WELL: readonly string[] = ['live', 'running'];

/**
 * Holds what the clients were told against what there is: while the nodes run (rows and log catch up, repetitions, proofs), and when
 * they are stopped, with the command line and with the rows' own digests.
 */
export async function judge(installation: Installation, load: Load, watch: Watch, token: string): Promise<Verdict> {
  const problems = [...new Set([...load.problems, ...watch.problems])];
  await caughtUp(installation, token);
  const sample = spread(load.acknowledged, SAMPLE_REPETITIONS);
  for (const one of sample) problems.push(...[await load.repeat(one)].filter((wrong) => wrong !== undefined));
  problems.push(...(await proofs(installation, spread(load.acknowledged, SAMPLE_PROOFS), token)));
  for (const node of installation.nodes) {
    const code = await node.stop();
    if (code !== 0) problems.push(`${node.name} ended with ${code}: ${node.said().slice(-500)}`);
  }
  const found = await inLedger(installation, load, problems);
  const check = await checked(installation, watch, problems);
  if (check.sealed !== found.events) problems.push(`${found.events} events, of which ${check.sealed} are sealed`);
  const rows = await differingRows(installation);
  problems.push(...rows.differing.map((name) => `rows of ${name} are not those of a rebuild`));
  return {
    ...found,
    ...check,
    ...{ differingProjections: rows.differing.length, projections: rows.projections },
    ...{ repetitions: sample.length, proofs: SAMPLE_PROOFS, problems },
  };
}

/** Until rows, processes and the published log have come as far as the ledger. */
async function caughtUp({ nodes }: Installation, token: string): Promise<void> {
  const until = Date.now() + CATCH_UP_TIMEOUT_MS;
  const get = (path: string) => request(nodes[0].url + path, { token, timeoutMs: REQUEST_TIMEOUT_MS });
  for (;;) {
    const projections = (await get('/api/operations/projections')).json as unknown as readonly ProjectionStatus[];
    const processes = (await get('/api/operations/processes')).json.items as readonly ProjectionStatus[];
    const log = (await get('/api/operations/log')).json;
    const behind = [...projections, ...processes].filter(
      ({ position, head, state }) => position < head || !WELL.includes(state),
    );
    if (behind.length === 0 && log.behind === 0) return;
    if (Date.now() > until) {
      throw new Error(`behind: ${behind.map(({ name }) => name).join(', ')}; ${JSON.stringify(log)}`);
    }
    await sleep(200);
  }
}

/** The ledger as `mingjing export` gives it, held against every acknowledgement. */
async function inLedger(installation: Installation, load: Load, problems: string[]) {
  const file = join(installation.directory, 'export.jsonl');
  const exported = await mingjing(['export', '-o', file], installation.env);
  if (exported.code !== 0) throw new Error(`export: ${exported.stderr}`);
  const byId = new Map<string, Pick<RecordedEvent, 'stream' | 'revision' | 'position'>>();
  const times = new Map<string, number>();
  let [events, gaps] = [0, 0];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { id, stream, revision, position } = JSON.parse(line) as RecordedEvent;
    if (position !== ++events) gaps++;
    byId.set(id, { stream, revision, position });
    for (const mark of marksIn(line)) times.set(mark, (times.get(mark) ?? 0) + 1);
  }
  const { acknowledged, abandoned } = load;
  const isThere = ({ mark }: Act): boolean => times.has(mark);
  const lost = acknowledged.filter(({ act }) => !isThere(act));
  const doubled = [...times].filter(([, n]) => n > 1);
  const misplaced = acknowledged.filter((one) => !isInPlace(one, byId));
  const sent = new Set([...acknowledged.map(({ act }) => act.mark), ...abandoned.map(({ mark }) => mark)]);
  const unsent = [...times.keys()].filter((mark) => !sent.has(mark));
  problems.push(...lost.slice(0, 5).map(({ act }) => `${act.mark} is lost`));
  problems.push(...doubled.slice(0, 5).map(([mark, n]) => `${mark} is there ${n} times`));
  problems.push(...misplaced.slice(0, 5).map(({ act }) => `${act.mark} is not where it was acknowledged`));
  problems.push(...unsent.slice(0, 5).map((mark) => `${mark} was not sent`));
  if (gaps > 0) problems.push(`${gaps} positions missing`);
  return {
    ...{ events, gaps, lost: lost.length, doubled: doubled.length, misplaced: misplaced.length },
    ...{ unsent: unsent.length, abandonedThere: abandoned.filter(isThere).length },
  };
}

function isInPlace(
  { stream, revision, position, events }: Acknowledgement,
  byId: ReadonlyMap<string, Pick<RecordedEvent, 'stream' | 'revision' | 'position'>>,
): boolean {
  const there = events.map(({ id }) => byId.get(id));
  const last = there.at(-1);
  return (
    last?.revision === revision &&
    last.position === position &&
    there.every((found, i) => found?.stream === stream && found.revision === events[i].revision)
  );
}

/** `mingjing check`, with the checkpoints that others were given while the fault lasted. */
async function checked({ env, directory }: Installation, { checkpoints }: Watch, problems: string[]) {
  const held = spread([...checkpoints.values()], MAX_HELD_CHECKPOINTS).map((note, n) => {
    const file = join(directory, `checkpoint-${n}`);
    writeFileSync(file, note);
    return file;
  });
  const args = ['check', '--json', ...held.flatMap((file) => ['--checkpoint', file])];
  const { code, stdout, stderr } = await mingjing(args, env);
  if (!stdout.startsWith('{')) throw new Error(`check ended with ${code}: ${stderr}`);
  const report = JSON.parse(stdout) as {
    findings: ReadonlyArray<{ severity: string; code: string; en: string }>;
    log?: { size: number };
    checkpoints: ReadonlyArray<{ source: string; holds: boolean }>;
  };
  const findings = report.findings.filter(({ severity }) => severity === 'evidence' || severity === 'failure');
  const unheld = report.checkpoints.filter(({ holds }) => !holds);
  problems.push(...findings.slice(0, 5).map((found) => `check: ${found.code} ${found.en}`));
  problems.push(...unheld.map(({ source }) => `check: ${source} does not hold`));
  if (code !== 0) problems.push(`check ended with ${code}`);
  return {
    checkFindings: findings.length + unheld.length || (code === 0 ? 0 : 1),
    ...{ checkpoints: checkpoints.size, sealed: report.log?.size ?? 0 },
  };
}

/** Proof files of acknowledged acts, verified by `mingjing verify` with the log's key. Says what does not hold. */
async function proofs(
  { nodes, env, directory }: Installation,
  sample: readonly Acknowledgement[],
  token: string,
): Promise<string[]> {
  const folder = mkdtempSync(join(directory, 'proofs-'));
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (const { position } of sample) {
    const path = `/api/events/${position}/proof`;
    const { status, text } = await request(nodes.at(-1)!.url + path, { token, timeoutMs: REQUEST_TIMEOUT_MS });
    if (status !== 200) return [`proof of ${position}: ${status} ${text}`];
    files.push(join(folder, `${position}.tlog-proof`));
    writeFileSync(files.at(-1)!, text);
  }
  const { stdout: vkey } = await mingjing(['log', 'vkey'], env);
  const verified = await mingjing(['verify', ...files, '--vkey', vkey.split('\n')[0]], {});
  return verified.code === 0 ? [] : [`proofs: ${verified.stderr}`];
}

/** So many of the items, spread over all of them, the first and the last among them. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return [...Array(count).keys()].map((n) => items[Math.floor((n * (items.length - 1)) / Math.max(1, count - 1))]);
}
