import { Failure } from '../../kernel/errors';
import { decodeDisclosed } from '../../verification/disclosure';
import { parseCheckpoint } from '../../verification/checkpoint';
import { parseNote, type Note } from '../../verification/note';
import { quorumMet, type Policy } from '../../verification/policy';
import { parseProofFile } from '../../verification/proof-file';
import { sameKey, verifyNote, type VerifierKey } from '../../verification/verifier-key';
import { openProof } from '../../verification/verify-proof';
import type { KeyVault } from '../commitment/key-vault';
import { sqliteCode } from '../sqlite/sqlite-code';
import type { RetiredKey } from '../transparency/log-keys';
import type { PublishedCheckpoints } from '../transparency/published-checkpoints';
import type { LogStorage } from '../transparency/log-storage';
import { finding, type Facts, type Finding } from './findings';

/** Whose word is taken for what. */
export interface AuditTrust {
  /** The log's keys, all of one name. */
  readonly logKeys: readonly VerifierKey[];
  /** Those of them that sign no more. */
  readonly retired?: readonly RetiredKey[];
  /** The log's name, where it is set. */
  readonly origin?: string;
  /** Witnesses, and how many; nobody is one without it. */
  readonly policy?: Policy;
}

/** A signed note or a `.tlog-proof` file that somebody kept. */
export interface OutsideFile {
  readonly name: string;
  readonly text: string;
}

/** When a witness has seen a tree of this size, by its own clock. The signature is verified when it comes to matter. */
export interface WitnessedTime {
  readonly witness: string;
  readonly timeMs: number;
}

/** A checkpoint that the ledger must give, and what it gives. */
export interface HeldCheckpoint {
  /** A file's name; within the log's directory its path. */
  readonly source: string;
  /** `outside`: kept by others; `log`: in the log's directory; `kept`: among those that it has published. */
  readonly where: 'outside' | 'log' | 'kept';
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly times: readonly WitnessedTime[];
  /** Whether a known key of the log has signed it; undefined: not asked yet, or no key is known. */
  readonly signed: boolean | undefined;
  /** The note, verbatim. */
  note(): Promise<string>;
  /** Whether its root is that of the ledger's events, and that of the log's own leaves; undefined: not reached. */
  ledger?: boolean;
  log?: boolean;
  /** Base64, by the events. */
  found?: string;
}

/** An event whose entry is known from a proof that agrees with itself. */
export interface HeldEntry {
  readonly source: string;
  readonly position: number;
  readonly entry: Buffer;
  /** Digests of its fields. */
  readonly digests: ReadonlySet<string>;
}

export interface Held {
  /** Sorted by size. */
  readonly checkpoints: readonly HeldCheckpoint[];
  readonly entries: readonly HeldEntry[];
  /**
   * The newest that the log has signed, as it says itself; the largest of the others in its place where that one is forged or gone.
   * Undefined when there is none at all.
   */
  readonly sealed: HeldCheckpoint | undefined;
  /** Whether there is, or was, a log. */
  readonly begun: boolean;
}

const PROOF_HEADER = 'c2sp.org/tlog-proof@';
const isProof = (text: string): boolean => text.startsWith(PROOF_HEADER);

/** The signed note of a file that somebody kept: the file itself, or the one in a `.tlog-proof`. @throws Failure `proof.malformed` */
export const noteIn = (text: string): string => (isProof(text) ? parseProofFile(text).checkpoint : text);

const KEPT_PAGE = 1000;

/** The log, as somebody reads it beside its writer. */
export interface OpenedLog {
  readonly storage: Pick<LogStorage, 'read' | 'signed' | 'list'>;
  readonly published: Pick<PublishedCheckpoints, 'covering'>;
  /** The name of its file or table. */
  readonly publishedIn: string;
}

/** The vault, which keeps how far the log has come. */
export interface OpenedVault {
  readonly vault: Pick<KeyVault, 'sealedMark'>;
  /** The name of the file or table that has the mark. */
  readonly keptIn: string;
}

/**
 * Reads everything that the ledger is held against: what others kept first, then the vault's mark of the log, what the log has
 * published, and what it has signed last. While a server runs each is at least as large as the one before it, or the log was set back.
 */
export async function readHeld(
  outside: readonly OutsideFile[],
  vault: OpenedVault | undefined,
  log: OpenedLog | undefined,
  trust: AuditTrust,
): Promise<Held & { findings: Finding[] }> {
  const reading = new Reading(trust);
  for (const file of outside) await reading.outside(file);
  if (vault) await reading.mark(vault);
  if (log) await reading.log(log);
  reading.end();
  const { entries, findings, signed, begun } = reading;
  const checkpoints = [...reading.checkpoints].sort((a, b) => a.size - b.size);
  const others = checkpoints.filter(({ where, signed: holds }) => where === 'log' && holds !== false);
  const sealed = signed && signed.signed !== false ? signed : (others[others.length - 1] ?? signed);
  return { checkpoints, entries, findings, sealed, begun };
}

class Reading {
  readonly checkpoints: HeldCheckpoint[] = [];
  readonly entries: HeldEntry[] = [];
  readonly findings: Finding[] = [];
  signed: HeldCheckpoint | undefined;
  begun = false;
  private isSigned = false;

  constructor(private readonly trust: AuditTrust) {}

  async outside({ name, text }: OutsideFile): Promise<void> {
    if (!isProof(text)) return void (await this.take('outside', name, text));
    try {
      const { file, entry, position } = await openProof(text);
      const { _sd } = decodeDisclosed(file.extra!);
      this.entries.push({ source: name, position, entry: Buffer.from(entry), digests: new Set(_sd) });
      await this.take('outside', name, file.checkpoint);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.findings.push(finding('checkpoint_unconfirmed', { source: name, reason: error.code }));
    }
  }

  end(): void {
    if (this.begun && !this.isSigned) this.findings.push(finding('signed_missing'));
  }

  /** How far the log has come, as the vault keeps it beside the log. */
  async mark({ vault, keptIn }: OpenedVault): Promise<void> {
    const mark = await vault.sealedMark(this.trust.origin ?? this.trust.logKeys[0]?.name ?? '');
    if (!mark) return;
    this.begun = true;
    const root = Buffer.from(mark.root).toString('base64');
    const held = { source: keptIn, where: 'log', size: mark.size, root, times: [], signed: undefined } as const;
    if (mark.size > 0) this.checkpoints.push({ ...held, note: async () => '' });
  }

  async log(log: OpenedLog): Promise<void> {
    await this.kept(log);
    const { storage } = log;
    const checkpoint = (await storage.read('checkpoint'))?.toString('utf8');
    const signed = await storage.signed();
    if (checkpoint !== undefined) await this.take('log', 'log/checkpoint', checkpoint, true);
    if (signed !== undefined) this.signed = await this.take('log', 'log/signed', signed);
    this.isSigned = signed !== undefined;
    this.begun ||= checkpoint !== undefined || signed !== undefined;
  }

  /** The notes that the log has published, each by its body: a signature is verified when a body turns out to be wrong. */
  private async kept({ published, publishedIn }: OpenedLog): Promise<void> {
    try {
      for (let after = 0; ;) {
        const page = await published.covering(0, after, KEPT_PAGE);
        for (const { id, note } of page) this.keep(`log/${publishedIn} #${id}`, id, note, published);
        if (page.length < KEPT_PAGE) return;
        after = page[page.length - 1].id;
      }
    } catch (error) {
      if (!sqliteCode(error)) throw error;
      if (sqliteCode(error) === 'SQLITE_ERROR') return; // made, and without its table: nothing was published yet
      this.findings.push(finding('file_changed', { path: publishedIn }));
    }
  }

  private keep(source: string, id: number, note: string, published: OpenedLog['published']): void {
    const read = this.parsed('kept', source, note);
    if (!read) return;
    const again = async (): Promise<string> => (await published.covering(0, id - 1, 1))[0]?.note ?? '';
    this.checkpoints.push({ source, where: 'kept', ...read, signed: undefined, note: again });
  }

  private async take(
    where: 'outside' | 'log',
    source: string,
    text: string,
    quorum = false,
  ): Promise<HeldCheckpoint | undefined> {
    const read = this.parsed(where, source, text);
    if (!read) return undefined;
    const signed = await this.verified(parseNote(text), source, where, quorum);
    const held: HeldCheckpoint = { source, where, ...read, signed, note: async () => text };
    this.checkpoints.push(held);
    return held;
  }

  private parsed(
    where: HeldCheckpoint['where'],
    source: string,
    text: string,
  ): Pick<HeldCheckpoint, 'size' | 'root' | 'times'> | undefined {
    try {
      const note = parseNote(text);
      const { size, root } = parseCheckpoint(note.text);
      return { size, root: Buffer.from(root).toString('base64'), times: timesOf(note, this.trust) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const code = where === 'outside' ? 'checkpoint_unconfirmed' : 'checkpoint_malformed';
      this.findings.push(finding(code, { source, reason: error.detail.en }));
      return undefined;
    }
  }

  /** Whether the log has signed it; undefined when no key of it is known. */
  private async verified(note: Note, source: string, where: string, quorum: boolean): Promise<boolean | undefined> {
    const { logKeys, policy } = this.trust;
    const { origin, size } = parseCheckpoint(note.text);
    const [name] = logKeys.map((key) => key.name);
    if (name !== undefined && name !== origin) {
      // Somebody else's checkpoint among one's own files is a mistake; in the log's place it is none.
      const severity = where === 'outside' ? 'failure' : 'evidence';
      this.findings.push(finding('checkpoint_of_other_log', { source, size, reason: `${origin} ≠ ${name}` }, severity));
      return false;
    }
    const signatures = await holding(
      note,
      logKeys.filter((key) => !this.isRetired(key, size)),
    );
    if (signatures === undefined) this.findings.push(finding('checkpoint_forged', { source, size }));
    else if (signatures === 0 && name !== undefined) {
      this.findings.push(finding('checkpoint_key_unknown', { source, size }));
    }
    await this.cosigned(note, { source, size }, quorum && policy !== undefined);
    return name === undefined ? undefined : (signatures ?? 0) > 0;
  }

  /** Whether a key is known not to have signed checkpoints of this size: whoever signs one with it has stolen it. */
  private isRetired(key: VerifierKey, size: number): boolean {
    return (this.trust.retired ?? []).some(({ verifier, below = Infinity }) => sameKey(verifier, key) && size >= below);
  }

  private async cosigned(note: Note, facts: Facts, quorum: boolean): Promise<void> {
    const { policy } = this.trust;
    const cosigners = new Set<string>();
    for (const { name, key } of policy?.witnesses ?? []) {
      const signatures = await holding(note, [key]);
      if (signatures === undefined) this.findings.push(finding('cosignature_forged', { ...facts, witness: name }));
      else if (signatures > 0) cosigners.add(name);
    }
    if (!quorum || quorumMet(policy!, cosigners)) return;
    const reason = `${policy!.quorum}: ${[...cosigners].join(', ') || '0'} / ${policy!.witnesses.length}`;
    this.findings.push(finding('quorum_not_met', { ...facts, reason }));
  }
}

/** How many signatures by these keys hold; undefined when one does not. */
export async function holding(note: Note, keys: readonly VerifierKey[]): Promise<number | undefined> {
  try {
    return (await verifyNote(note, keys)).length;
  } catch (error) {
    if (error instanceof Failure && error.code === 'proof.signature_invalid') return undefined;
    throw error;
  }
}

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** What the cosignatures of the policy's witnesses say of their time, not verified (c2sp.org/tlog-cosignature). */
function timesOf({ signatures }: Note, { policy }: AuditTrust): WitnessedTime[] {
  return (policy?.witnesses ?? []).flatMap(({ name, key }) => {
    const own = signatures.find((each) => each.name === key.name && each.keyId === key.keyId)?.signature;
    if (own?.length !== TIME_BYTES + SIGNATURE_BYTES) return [];
    return [{ witness: name, timeMs: Number(Buffer.from(own).readBigUInt64BE()) * 1000 }];
  });
}
