import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure } from '../../kernel/errors';
import { systemClock, type Clock } from '../../kernel/time';
import { formatVerifierKey } from '../../verification/verifier-key';
import type { KeyVault } from '../commitment/key-vault';
import { openVaultAt, type VaultLocation } from '../commitment/open-ledger';
import { LedgerCorrupt } from '../event-store';
import { openLogStorage, openPublished, type LedgerLocation, type LogLocation } from '../location';
import type { OnProgress } from '../sqlite/check-ledger';
import { TILE_WIDTH } from '../transparency/tile-path';
import { AuditStateFile } from './audit-state';
import { assertLedger, openAudited, type AuditedLedger } from './audited-ledger';
import { EventPass } from './event-pass';
import { finding, Findings, type Finding, type Severity } from './findings';
import { GrowingTree } from './growing-tree';
import { readHeld, type AuditTrust, type Held, type OpenedLog, type OutsideFile } from './held-checkpoints';
import { LogFiles } from './log-files';
import { MirrorLeaves } from './mirror-leaves';
import { verdict } from './verdict';
import { WitnessedTimes } from './witnessed-times';

export interface AuditOptions {
  readonly ledger: LedgerLocation;
  /** There may be none when nothing was ever sealed. */
  readonly vault: VaultLocation;
  /** `signed`, `checkpoint`, tiles; a directory may be missing. */
  readonly log: LogLocation;
  readonly trust: AuditTrust;
  /** The log's keys are the log's own word. */
  readonly keysUnconfirmed?: boolean;
  /** Checkpoints and proofs that others kept. */
  readonly outside?: readonly OutsideFile[];
  /** A monitor's directory. */
  readonly against?: string;
  /** How far `recordedAt` and the witnesses' clocks may be apart, in ms. */
  readonly toleranceMs?: number;
  /** Where an interrupted check says how far it came; nowhere without. */
  readonly stateFile?: string;
  /** Goes on from there. */
  readonly resume?: boolean;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** One checkpoint beside the ledger, but for those that the log keeps of what it has published. */
export interface ReportedCheckpoint {
  readonly source: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** False: its root is not that of the ledger's events; null: the ledger does not reach so far, or was not held against it. */
  readonly holds: boolean | null;
}

/** What a check has come to, as JSON holds it. */
export interface AuditReport {
  /** Nothing speaks against the ledger, and all that was asked for could be checked. */
  readonly sound: boolean;
  readonly ledger: { readonly events: number; readonly streams: number };
  /** The newest checkpoint that the log has signed; null where there is no log. */
  readonly log: { readonly size: number; readonly root: string; readonly published: number } | null;
  readonly checkpoints: readonly ReportedCheckpoint[];
  /** The first event that is not as it was recorded; where no more is known, the events from `position` to `through`. */
  readonly firstDifferentEvent: Finding | null;
  readonly findings: readonly Finding[];
  /** How many more there were. */
  readonly furtherFindings: number;
}

const TOLERANCE_MS = 60_000;
const STATE_INTERVAL_MS = 10_000;

/** The exit code of a check: sound, something could not be checked, something is not as it was recorded. */
export function exitCodeOf(report: AuditReport): 0 | 1 | 3 {
  const found = new Set<Severity>(report.findings.map(({ severity }) => severity));
  return found.has('evidence') ? 3 : found.has('failure') ? 1 : 0;
}

/**
 * The operator's audit: reads every event once, checks its row, derives its entry, grows the tree anew, and holds all of it
 * against the log's files, against what the log has signed, and against what others kept. Changes nothing; runs beside a server, up
 * to what it has signed when the check begins. How it works and what it cannot see: README.md in this folder.
 * @throws Failure `ledger.none`, `check.vault_missing`, `check.interrupted`, `check.not_a_mirror`
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const findings = new Findings();
  const mirror = await openMirror(options.against);
  const outside = [...(options.outside ?? []), ...(mirror ? [{ name: mirror.source, text: mirror.note }] : [])];
  assertLedger(options.ledger);
  const vault = await openVault(options.vault);
  let log: ClosableLog | undefined;
  try {
    log = await openLog(options.log);
    // In this order nothing that is read later can be older: whatever was kept outside was published before.
    const { findings: reading, ...held } = await readHeld(
      outside,
      vault && { vault, keptIn: keptIn(options.vault) },
      log,
      options.trust,
    );
    findings.add(...reading);
    const inputs = { options, held, log, mirror, findings };
    let ledger = { events: 0, streams: 0 };
    try {
      ledger = await auditLedger(vault, inputs);
    } catch (error) {
      if (!(error instanceof LedgerCorrupt)) throw error;
      findings.add(finding('ledger_damaged', { position: error.position, reason: error.reason }));
    }
    return reportOf(ledger, inputs);
  } finally {
    await vault?.close();
    await log?.close();
  }
}

interface Inputs {
  readonly options: AuditOptions;
  readonly held: Held;
  /** Undefined: there is none. */
  readonly log: OpenedLog | undefined;
  readonly mirror: MirrorLeaves | undefined;
  readonly findings: Findings;
}

/** @throws LedgerCorrupt when the ledger cannot be read at all */
async function auditLedger(vault: KeyVault | undefined, inputs: Inputs): Promise<AuditReport['ledger']> {
  const { ledger: location, onProgress = () => {}, vault: given } = inputs.options;
  const commitmentKey = await commitmentKeyOf(inputs, vault);
  const vaultDirectory = vault && 'directory' in given ? given.directory : undefined;
  const ledger = await openAudited(location, { vault, vaultDirectory, commitmentKey }, onProgress);
  try {
    return await goOver(ledger, commitmentKey, { ...inputs.options, onProgress }, inputs);
  } finally {
    await ledger.close();
  }
}

async function goOver(
  ledger: AuditedLedger,
  commitmentKey: Buffer | undefined,
  { trust, toleranceMs = TOLERANCE_MS, onProgress }: AuditOptions & { readonly onProgress: OnProgress },
  inputs: Inputs,
): Promise<AuditReport['ledger']> {
  const { held, mirror, log, findings } = inputs;
  const { head, acknowledged } = ledger;
  const report = (...found: Finding[]): void => findings.add(...found);
  const mirrored = held.checkpoints.find(({ source }) => source === mirror?.source);
  const context = {
    events: ledger,
    head,
    // Of a log whose directory is gone there are no files to compare; that it is gone is told.
    files: held.sealed && log && new LogFiles(log.storage, held.sealed.size, report),
    mirror: mirror && mirrored && { leaves: mirror, checkpoint: mirrored },
    held,
  };
  const state = new Resumption(inputs, commitmentKey);
  const tree = state.begin();
  const pages = ledger.derived(tree.size + 1);
  const times = new WitnessedTimes(held.checkpoints, trust, toleranceMs, report);
  const pass = new EventPass({ ...context, pages, times, findings, tree });
  try {
    while (pass.position < pass.end) {
      await pass.advance();
      onProgress({ step: 'events', done: pass.position, total: pass.end });
      state.reached(tree, pass);
      await nextTurn(); // for a Ctrl-C
    }
  } finally {
    await pages.return();
  }
  findings.add(...(context.files?.findings() ?? []), ...times.findings());
  findings.add(...(await verdict({ ...context, pass, trust, commitmentKey, acknowledged })));
  const known = new Set(findings.all().map(({ position }) => position));
  const { streams, findings: structural } = await ledger.structure(known, onProgress);
  findings.add(...structural);
  state.over();
  return { events: head, streams };
}

/** Where a check begins, and where the next one may go on. */
class Resumption {
  private readonly file: AuditStateFile | undefined;
  private readonly inputsDigest: string;
  private saved = performance.now();

  constructor(
    private readonly inputs: Inputs,
    commitmentKey: Buffer | undefined,
  ) {
    const { stateFile } = inputs.options;
    this.file = stateFile && commitmentKey ? new AuditStateFile(stateFile) : undefined;
    this.inputsDigest = digestOf(inputs, commitmentKey);
  }

  begin(): GrowingTree {
    const { options, held, findings } = this.inputs;
    const before = options.resume ? this.file?.read(this.inputsDigest) : undefined;
    // A log that has been set back since is looked at from its beginning.
    if (!before || before.position > (held.sealed?.size ?? 0)) return new GrowingTree();
    findings.add(finding('resumed', { through: before.position, at: before.at }));
    return GrowingTree.from(before.tree);
  }

  /**
   * After a page. What was found is not kept: the next check goes on from where nothing had been found yet.
   * @throws Failure `check.interrupted`
   */
  reached(tree: GrowingTree, pass: EventPass): void {
    const { options, held } = this.inputs;
    const interrupted = options.signal?.aborted === true;
    if (interrupted || performance.now() - this.saved > STATE_INTERVAL_MS) {
      this.saved = performance.now();
      const whole = tree.size % TILE_WIDTH === 0 && tree.size <= (held.sealed?.size ?? 0);
      const at = (options.clock ?? systemClock).now();
      const progress = { inputs: this.inputsDigest, position: tree.size, tree: tree.state(), at };
      if (whole && pass.clean) this.file?.write(progress);
    }
    if (interrupted) throw interruptedAt(tree.size, this.file);
  }

  over(): void {
    this.file?.remove();
  }
}

/** What a check was asked: half of another one is no answer to it. */
function digestOf({ options, held, mirror }: Inputs, commitmentKey: Buffer | undefined): string {
  const { trust, outside = [] } = options;
  const asked = [
    commitmentKey && hash('sha256', commitmentKey),
    trust.logKeys.map(formatVerifierKey),
    trust.policy?.witnesses.map(({ key }) => formatVerifierKey(key)),
    outside.map(({ name, text }) => [name, text]),
    mirror && [mirror.source, mirror.note],
    held.sealed !== undefined,
  ];
  return hash('sha256', JSON.stringify(asked));
}

function reportOf(ledger: AuditReport['ledger'], inputs: Inputs): AuditReport {
  const { options, held, findings } = inputs;
  const notes = [
    ...(held.begun || held.checkpoints.length > 0 ? [] : [finding('no_log')]),
    ...(held.sealed && !held.checkpoints.some(({ where }) => where === 'outside') ? [finding('nothing_outside')] : []),
    ...(held.sealed && options.keysUnconfirmed ? [finding('keys_unconfirmed')] : []),
    ...(held.sealed && ledger.events > held.sealed.size
      ? [finding('unsealed', { count: ledger.events - held.sealed.size })]
      : []),
  ];
  findings.add(...notes);
  const all = findings.all();
  const { sealed } = held;
  return {
    sound: all.every(({ severity }) => severity === 'warning' || severity === 'note'),
    ledger,
    log: sealed
      ? {
          size: sealed.size,
          root: sealed.root,
          published: held.checkpoints.filter(({ where }) => where === 'kept').length,
        }
      : null,
    checkpoints: held.checkpoints
      .filter(({ where }) => where !== 'kept')
      .map(({ source, size, root, ledger: holds }) => ({ source, size, root, holds: holds ?? null })),
    firstDifferentEvent: firstDifferent(all),
    findings: all,
    furtherFindings: findings.further,
  };
}

/** Findings that speak of an event itself; those of a root say only that it is among so many. */
const OF_AN_EVENT = /^check\.(ledger_damaged|event|proof_contradicted|mirror_contradicted)/;

function firstDifferent(findings: readonly Finding[]): Finding | null {
  const named = findings.find(({ code, position }) => OF_AN_EVENT.test(code) && position);
  return named ?? findings.find(({ code }) => code === 'check.root_contradicted') ?? null;
}

interface ClosableLog extends OpenedLog {
  close(): Promise<void>;
}

/** Undefined where its directory is missing. */
async function openLog(location: LogLocation): Promise<ClosableLog | undefined> {
  if ('directory' in location && !existsSync(location.directory)) return undefined;
  const storage = await openLogStorage(location, { readOnly: true });
  const published = await openPublished(location, { readOnly: true });
  return {
    storage,
    published,
    publishedIn: 'directory' in location ? 'published.db' : 'log_published',
    async close() {
      await published.close();
      await storage.close();
    },
  };
}

async function openMirror(directory: string | undefined): Promise<MirrorLeaves | undefined> {
  if (directory === undefined) return undefined;
  const mirror = await MirrorLeaves.open(directory);
  if (mirror) return mirror;
  throw new Failure('invalid', 'check.not_a_mirror', {
    zh: `${directory} 中没有日志的镜像（checkpoint 与 tile/）。`,
    en: `There is no mirror of a log in ${directory} (checkpoint and tile/).`,
  });
}

/** Undefined where there is nothing to hold entries against. */
async function commitmentKeyOf({ held }: Inputs, vault: KeyVault | undefined): Promise<Buffer | undefined> {
  if (held.checkpoints.length === 0) return undefined;
  if (vault) return vault.commitmentKey();
  throw new Failure('unavailable', 'check.vault_missing', {
    zh: '没有密钥库，无法由事件推算日志条目；请恢复其备份（vault.db 用 mingjing restore --vault，PostgreSQL 用数据库的备份）。',
    en: 'Without the key vault the entries of the log cannot be derived from the events; restore it: a vault.db with mingjing restore --vault, PostgreSQL from its backup.',
  });
}

/** The file or the table that has the vault's mark of the log. */
const keptIn = (vault: VaultLocation): string => ('directory' in vault ? 'vault.db' : 'sealed_mark');

/** Undefined where there is none. */
async function openVault(location: VaultLocation): Promise<KeyVault | undefined> {
  try {
    return (await openVaultAt(location, { readOnly: true, mayBegin: async () => false })).closing;
  } catch (error) {
    if (error instanceof Failure && error.code === 'privacy.vault_missing') return undefined;
    throw error;
  }
}

const interruptedAt = (position: number, file: AuditStateFile | undefined): Failure =>
  new Failure('unavailable', 'check.interrupted', {
    zh: `核验在第 ${position} 条后中断。${file && !file.trouble ? '加 --resume 可由此继续。' : ''}`,
    en: `The check was interrupted after event ${position}.${file && !file.trouble ? ' It goes on from there with --resume.' : ''}`,
  });
