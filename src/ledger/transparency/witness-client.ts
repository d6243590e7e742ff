import { createHash } from 'node:crypto';
import { Failure, type Bilingual } from '../../kernel/errors';
import { parseCheckpoint, type Checkpoint } from '../../verification/checkpoint';
import { formatNote, formatSignatureLine, parseNote, parseSignatureLine, type Note } from '../../verification/note';
import { quorumMet, type Policy, type PolicyWitness } from '../../verification/policy';
import { verifyNote } from '../../verification/verifier-key';
import { formatAddCheckpoint, parseSize } from './add-checkpoint';
import { boundedFetch, networkReason, type FetchedAnswer } from './bounded-fetch';
import { keepEvidence } from './evidence';
import type { Collected, Witnesses, WitnessTrouble } from './sealer';

export interface WitnessClientOptions {
  /** Its witnesses with a URL are asked; its quorum decides. */
  readonly policy: Policy;
  /** How long a round waits for each witness. */
  readonly timeoutMs: number;
  /** Directory in which an exchange is kept when a witness holds the checkpoint to contradict what it has seen. */
  readonly evidence: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** From 0 to below 1, for the jitter. */
  readonly random?: () => number;
}

/** An answer that comes after its round is worth having: the sealer may ask for the same checkpoint again. */
const LATE_ANSWER_MS = 30_000;
const MIN_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 60_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_EVIDENCE = 200;
/** Between our clock and the time that a witness signs. */
const MAX_CLOCK_DIFFERENCE_MS = 5 * 60_000;

/** What a round asks for. */
interface Round {
  /** The note as the log signed it. */
  readonly source: string;
  readonly note: Note;
  readonly checkpoint: Checkpoint;
  /** The proof from a size; several witnesses often have the same one. */
  readonly proof: (old: number) => Promise<Buffer[]>;
}

/**
 * Collects cosignatures from the witnesses of a policy (c2sp.org/tlog-witness), all at once, each within its time. One
 * request a witness is under way at most; one that failed is left alone for a while, longer each time, so a dead witness costs
 * a round nothing. What each has seen last is learned from its answers and kept in memory only: it may have been set back.
 */
export class WitnessClient implements Witnesses {
  private readonly witnesses: readonly AskedWitness[];
  private readonly closing = new AbortController();

  /** @throws Failure `witness.url_invalid` */
  constructor(private readonly options: WitnessClientOptions) {
    this.witnesses = options.policy.witnesses
      .filter(({ url }) => url !== undefined)
      .map((witness) => new AskedWitness(witness, options, this.closing.signal));
  }

  async collect(source: string, consistency: (oldSize: number) => Promise<Buffer[]>): Promise<Collected> {
    const note = parseNote(source);
    const checkpoint = parseCheckpoint(note.text);
    // Of the signatures only the log's: a witness that saw another's cosignature before giving its own could choose the seed of
    // a random draw, which is taken from both.
    const own = note.signatures.filter(({ name }) => name === checkpoint.origin);
    const round = { source: formatNote({ ...note, signatures: own }), note, checkpoint, proof: memoized(consistency) };
    const lines = await Promise.all(this.witnesses.map((witness) => witness.cosignature(round)));
    const cosignatures = lines.flatMap((line) => line ?? []);
    const all = { ...note, signatures: [...note.signatures, ...cosignatures.map(parseSignatureLine)] };
    const troubles = this.witnesses.flatMap(({ trouble }, at) => (lines[at] === undefined && trouble ? [trouble] : []));
    const against = troubles.filter(({ conflict }) => conflict).map(({ witness }) => witness);
    return {
      cosignatures,
      met: quorumMet(this.options.policy, await this.cosigners(all)),
      contested: against.length > 0 && quorumMet(this.options.policy, new Set(against)),
      troubles,
    };
  }

  async cosignaturesOn(source: string): Promise<string[]> {
    const { text, signatures } = parseNote(source);
    const keys = this.options.policy.witnesses.map(({ key }) => key);
    const lines: string[] = [];
    for (const signature of signatures) {
      const held = await verifyNote({ text, signatures: [signature] }, keys).catch(() => []);
      if (held.length > 0) lines.push(formatSignatureLine(signature).trimEnd());
    }
    return lines;
  }

  /** Gives up what is under way. */
  close(): void {
    this.closing.abort();
  }

  private async cosigners(note: Note): Promise<Set<string>> {
    const { witnesses } = this.options.policy;
    const verified = await verifyNote(
      note,
      witnesses.map(({ key }) => key),
    );
    return new Set(verified.map(({ key }) => witnesses.find((witness) => witness.key === key)!.name));
  }
}

/** A request and what was answered. */
interface Exchange {
  readonly old: number;
  readonly request: string;
  readonly answer: FetchedAnswer;
}

/** One witness, and what is known of it. */
class AskedWitness {
  /** What was wrong when it was asked last. */
  trouble: WitnessTrouble | undefined;
  private readonly url: string;
  /** The size it has cosigned last, as far as it has told. */
  private known = 0;
  /** Its newest cosignature, and the body it is of. */
  private newest: { readonly body: string; readonly line: string } | undefined;
  private underWay: Promise<void> | undefined;
  private failures = 0;
  private notBefore = 0;
  /** Whether the last answer was a 409 without a size, for the size that it had told: once that is a race, twice it is a claim. */
  private denied = false;

  constructor(
    private readonly witness: PolicyWitness,
    private readonly options: WitnessClientOptions,
    private readonly closing: AbortSignal,
  ) {
    this.url = submissionUrl(witness);
  }

  /** Its signature line, within the timeout; undefined when there is none, and then `trouble` says why. Never throws. */
  async cosignature(round: Round): Promise<string | undefined> {
    const now = (this.options.now ?? Date.now)();
    if (!this.of(round) && !this.underWay && now >= this.notBefore) {
      const asking = this.ask(round).finally(() => (this.underWay = undefined));
      this.underWay = asking;
      if (!(await inTime(asking, this.options.timeoutMs))) this.fail('slow');
    }
    return this.of(round);
  }

  private of({ note }: Round): string | undefined {
    return this.newest?.body === note.text ? this.newest.line : undefined;
  }

  /** Asks, and once more from the size that a 409 tells. */
  private async ask(round: Round): Promise<void> {
    this.trouble = undefined;
    try {
      let exchange = await this.send(this.known, round);
      const told = exchange.answer.status === 409 ? parseSize(exchange.answer.body.toString()) : undefined;
      if (told !== undefined && told <= round.checkpoint.size && Number(told) !== exchange.old) {
        exchange = await this.send(Number(told), round);
      }
      await this.take(exchange, round);
    } catch (error) {
      if (error instanceof Failure) this.fail('no_proof', { reason: error.code });
      else this.fail('unreachable', { reason: networkReason(error) });
    }
  }

  private async send(size: number, round: Round): Promise<Exchange> {
    const old = size <= round.checkpoint.size ? size : 0; // what it said to have may have been a lie: ask again
    const request = formatAddCheckpoint({ old, proof: await round.proof(old), note: round.source });
    const signal = AbortSignal.any([this.closing, AbortSignal.timeout(this.options.timeoutMs + LATE_ANSWER_MS)]);
    const answer = await boundedFetch(this.url, MAX_ANSWER_BYTES, { method: 'POST', body: request, signal });
    return { old, request, answer };
  }

  private async take(exchange: Exchange, round: Round): Promise<void> {
    const { old, answer } = exchange;
    const { size } = round.checkpoint;
    const told = answer.status === 409 ? parseSize(answer.body.toString()) : undefined;
    this.known = Number(told ?? 0);
    if (answer.status === 200) return this.accept(answer, round);
    if (told !== undefined && told > size) return this.contradicted('ahead', exchange, round);
    // For another root of the same size the specification has 409 without a size; others answer 422.
    const otherRoot = answer.status === 409 && told === undefined && old === size && size > 0;
    const deniedBefore = this.denied;
    this.denied = otherRoot;
    if (answer.status === 422 || (otherRoot && deniedBefore)) return this.contradicted('contradicts', exchange, round);
    const busy = answer.status === 429 || answer.status === 503;
    this.fail(busy ? 'busy' : 'refused', { reason: String(answer.status), retryAfterMs: answer.retryAfterMs });
  }

  /** Takes the one line by this witness's key if it holds; lines by others are nothing to us. */
  private async accept({ body }: FetchedAnswer, { note, checkpoint }: Round): Promise<void> {
    const { key } = this.witness;
    const own = signaturesIn(body.toString()).find(({ name, keyId }) => name === key.name && keyId === key.keyId);
    if (!own) return this.fail('no_cosignature');
    const [held] = await verifyNote({ text: note.text, signatures: [own] }, [key]).catch(() => []);
    if (!held) return this.fail('signature_invalid');
    const signedAt = (held.time ?? 0) * 1000;
    if (Math.abs(signedAt - (this.options.now ?? Date.now)()) > MAX_CLOCK_DIFFERENCE_MS) {
      return this.fail('time_wrong', { reason: new Date(signedAt).toISOString() });
    }
    this.known = checkpoint.size;
    this.newest = { body: note.text, line: formatSignatureLine(own).trimEnd() };
    // In trouble while it is under way, it is late: kept for the next round, but one that is always late is asked less often.
    if (!this.trouble) [this.failures, this.notBefore] = [0, 0];
  }

  /** The witness says that this log has another history. It lies, or this log runs on old data: kept, and told. */
  private async contradicted(code: 'ahead' | 'contradicts', exchange: Exchange, round: Round): Promise<void> {
    const { size } = round.checkpoint;
    const status = exchange.answer.status;
    const report = { witness: this.witness.name, url: this.url, status, old: exchange.old, size, at: this.instant() };
    const files = {
      'request.txt': exchange.request,
      'answer.txt': exchange.answer.body,
      'report.json': `${JSON.stringify({ ...report, ...TROUBLES[code](this.witness.name, '') }, undefined, 2)}\n`,
    };
    const id = createHash('sha256').update(`${this.url}\n${status}\n${round.note.text}`).digest('hex').slice(0, 16);
    const kept = await keepEvidence(this.options.evidence, `${size}-${id}`, files, MAX_EVIDENCE).catch(() => undefined);
    this.fail(code, { reason: kept?.folder, conflict: true });
  }

  private fail(
    code: keyof typeof TROUBLES,
    { reason = '', retryAfterMs = 0, conflict }: { reason?: string; retryAfterMs?: number; conflict?: boolean } = {},
  ): void {
    const { name } = this.witness;
    const pause = Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** this.failures);
    const jitter = 0.5 + (this.options.random ?? Math.random)() / 2;
    this.failures = Math.min(this.failures + 1, 16);
    this.notBefore = (this.options.now ?? Date.now)() + Math.max(pause * jitter, retryAfterMs);
    this.trouble = {
      witness: name,
      code: `witness.${code}`,
      ...TROUBLES[code](name, reason),
      ...(conflict && { conflict }),
    };
  }

  private instant(): string {
    return new Date((this.options.now ?? Date.now)()).toISOString();
  }
}

/** What may be wrong with a witness, in words; `reason` is a status, the code of a network error, or where evidence is kept. */
const TROUBLES = {
  slow: (name) => ({
    zh: `见证人“${name}”未在时限内答复。`,
    en: `The witness “${name}” did not answer in time.`,
  }),
  unreachable: (name, reason) => ({
    zh: `无法连接见证人“${name}”（${reason}）。`,
    en: `The witness “${name}” cannot be reached (${reason}).`,
  }),
  busy: (name, reason) => ({
    zh: `见证人“${name}”请求稍后再试（${reason}）。`,
    en: `The witness “${name}” asks to be asked later (${reason}).`,
  }),
  refused: (name, reason) => ({
    zh: `见证人“${name}”拒绝了请求（${reason}）；404 或 403 表示它没有登记本日志或本日志的公钥。`,
    en: `The witness “${name}” refused the request (${reason}); 404 or 403 mean that it does not know this log, or its key.`,
  }),
  no_cosignature: (name) => ({
    zh: `见证人“${name}”的答复中没有它的签名；请核对信任策略中的公钥。`,
    en: `The answer of the witness “${name}” has no signature of its own; compare its key in the policy.`,
  }),
  signature_invalid: (name) => ({
    zh: `见证人“${name}”的签名不成立，未予采用。`,
    en: `The signature of the witness “${name}” does not hold and was not taken.`,
  }),
  time_wrong: (name, reason) => ({
    zh: `见证人“${name}”签名中的时间（${reason}）与本机相差超过五分钟，未予采用；请核对两边的时钟。`,
    en: `The time that the witness “${name}” has signed (${reason}) is more than five minutes off and was not taken; compare the clocks.`,
  }),
  no_proof: (name, reason) => ({
    zh: `本日志无法为见证人“${name}”作出一致性证明（${reason}）。`,
    en: `This log cannot make the consistency proof for the witness “${name}” (${reason}).`,
  }),
  ahead: (name, reason) => ({
    zh: `见证人“${name}”称见过条目更多的检查点：如属实，本机数据是旧备份，或另有人持有日志密钥。往来记录：${reason}`,
    en: `The witness “${name}” says that it has seen a larger checkpoint: if so, the data here are an old backup, or somebody else has the log's key. The exchange: ${reason}`,
  }),
  contradicts: (name, reason) => ({
    zh: `见证人“${name}”称见过的历史与本日志不同：请立即查明。往来记录：${reason}`,
    en: `The witness “${name}” says that it has seen another history of this log: find out at once. The exchange: ${reason}`,
  }),
} as const satisfies Readonly<Record<string, (name: string, reason: string) => Bilingual>>;

/** Whether it ended in time; never throws. */
function inTime(work: Promise<void>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    const ended = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    work.then(ended, ended);
  });
}

function signaturesIn(body: string): Note['signatures'] {
  return body.split('\n').flatMap((line) => {
    try {
      return [parseSignatureLine(line)];
    } catch {
      return []; // the empty end, or what this version does not know
    }
  });
}

function memoized<T>(make: (size: number) => Promise<T>): (size: number) => Promise<T> {
  const made = new Map<number, Promise<T>>();
  return (size) => {
    const known = made.get(size) ?? make(size);
    made.set(size, known);
    return known;
  };
}

function submissionUrl({ name, url = '' }: PolicyWitness): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol)) return `${url.replace(/\/+$/, '')}/add-checkpoint`;
  throw new Failure('invalid', 'witness.url_invalid', {
    zh: `信任策略中见证人“${name}”的网址无效。`,
    en: `The URL of the witness “${name}” in the policy is not valid.`,
  });
}
