import type { Bilingual } from '../../kernel/errors';

/**
 * `evidence`: the ledger or the log is not what was recorded or signed. `failure`: something that was asked for could not be
 * checked. `warning`: for a person to look at. `note`: what the reader should know.
 */
export type Severity = 'evidence' | 'failure' | 'warning' | 'note';

/** What a finding is about; only what applies is there. */
export interface Facts {
  /** Of an event, from 1: the leaf's index in the log and one. */
  readonly position?: number;
  /** The last of several. */
  readonly through?: number;
  readonly id?: string;
  readonly stream?: string;
  readonly type?: string;
  /** Paths of fields, such as `metadata.recordedAt`. */
  readonly fields?: readonly string[];
  /** A file of the log, by its path under the log's directory. */
  readonly path?: string;
  /** A checkpoint, proof or mirror: the file it is in. */
  readonly source?: string;
  /** Leaves of a checkpoint. */
  readonly size?: number;
  /** Base64. What was signed or published, and what the ledger gives. */
  readonly expected?: string;
  readonly found?: string;
  readonly witness?: string;
  readonly at?: string;
  readonly recordedAt?: string;
  readonly reason?: string;
  readonly count?: number;
}

type Says = (facts: Facts) => Bilingual;

/** “event 7”, “events 7 to 9”. */
const events = ({ position = 0, through = position }: Facts): Bilingual =>
  through > position
    ? { zh: `第 ${position} 至 ${through} 条事件`, en: `events ${position} to ${through}` }
    : { zh: `第 ${position} 条事件`, en: `event ${position}` };

const sentence = (text: string): string => text[0].toUpperCase() + text.slice(1);

/** Everything that a check can find. */
const FINDINGS = {
  ledger_damaged: [
    'evidence',
    ({ position, reason }) =>
      position
        ? {
            zh: `第 ${position} 条事件已损坏，存储的内容与写入时不同（${reason}）。`,
            en: `Event ${position} is damaged: what is stored is not what was written (${reason}).`,
          }
        : {
            zh: `台账已损坏或被改动（${reason}）。`,
            en: `The ledger is damaged or was changed (${reason}).`,
          },
  ],
  event_changed: [
    'evidence',
    ({ position, count = 1 }) => ({
      zh: `第 ${position} 条事件被改动：由它算出的条目不是日志中的那一条${further(count).zh}。`,
      en: `Event ${position} was changed: it does not give the entry that the log has for it${further(count).en}.`,
    }),
  ],
  events_hidden: [
    'evidence',
    ({ stream, reason }) => ({
      zh: `事件库中，${stream} 的事件被隐藏、将被删除或已被删除（${reason}）。`,
      en: `In the event store, events of ${stream} are hidden, will be removed, or were (${reason}).`,
    }),
  ],
  events_removed: [
    'evidence',
    (facts) => ({
      zh: `日志中的${events(facts).zh}已从台账删除，其后的事件被改了序号补上。`,
      en: `${sentence(events(facts).en)} of the log ${several(facts, 'was', 'were')} removed from the ledger, and what followed was moved up.`,
    }),
  ],
  events_inserted: [
    'evidence',
    (facts) => ({
      zh: `${events(facts).zh}是插入的：日志中没有，日志在此处的事件被推后了。`,
      en: `${sentence(events(facts).en)} ${several(facts, 'was', 'were')} inserted: the log does not have ${several(facts, 'it', 'them')}, and its own event was moved down.`,
    }),
  ],
  events_exchanged: [
    'evidence',
    ({ position, through }) => ({
      zh: `第 ${position} 条与第 ${through} 条事件被对调。`,
      en: `Events ${position} and ${through} have changed places.`,
    }),
  ],
  events_missing: [
    'evidence',
    (facts) => ({
      zh: `日志中的${events(facts).zh}不在台账中：台账只到第 ${(facts.position ?? 1) - 1} 条（依据 ${facts.source}）。`,
      en: `${sentence(events(facts).en)} of the log ${several(facts, 'is', 'are')} not in the ledger, which ends at ${(facts.position ?? 1) - 1} (by ${facts.source}).`,
    }),
  ],
  proof_contradicted: [
    'evidence',
    ({ position, source, fields = [] }) => ({
      zh: `第 ${position} 条事件不是证明 ${source} 所证明的那一条${fields.length > 0 ? `，不同的字段：${fields.join('、')}` : ''}。`,
      en: `Event ${position} is not the one that ${source} proves${fields.length > 0 ? `; fields that differ: ${fields.join(', ')}` : ''}.`,
    }),
  ],
  mirror_contradicted: [
    'evidence',
    ({ position, source }) => ({
      zh: `与镜像 ${source} 比较，第 ${position} 条事件的叶子是第一个不同的。`,
      en: `Compared with the mirror ${source}, the leaf of event ${position} is the first that differs.`,
    }),
  ],
  file_changed: [
    'evidence',
    ({ path, position }) => ({
      zh: `日志文件 ${path} 被改动或损坏${position ? `，首个不同的叶子是第 ${position} 条` : ''}；台账事件不受影响。`,
      en: `The log's file ${path} was changed or is damaged${position ? `; the first leaf that differs is ${position}` : ''}. It is the file, not the event.`,
    }),
  ],
  file_missing: [
    'evidence',
    ({ path, count = 1 }) => ({
      zh: count > 1 ? `缺少 ${count} 个日志文件，第一个是 ${path}。` : `缺少日志文件 ${path}。`,
      en:
        count > 1
          ? `${count} files of the log are missing, the first is ${path}.`
          : `The log's file ${path} is missing.`,
    }),
  ],
  signed_missing: [
    'evidence',
    () => ({
      zh: '日志已开始签署，日志目录或其中的 signed 文件（最近签署的检查点）却不在了。',
      en: 'The log has signed before, but its directory, or the newest signed checkpoint (signed) in it, is gone.',
    }),
  ],
  checkpoint_malformed: [
    'evidence',
    ({ source, reason }) => ({
      zh: `${source} 不是检查点（${reason}）。`,
      en: `${source} is not a checkpoint (${reason}).`,
    }),
  ],
  checkpoint_forged: [
    'evidence',
    ({ source }) => ({
      zh: `检查点 ${source} 上日志的签名不成立：内容被改动或系伪造。`,
      en: `The log's signature on the checkpoint ${source} does not hold: it was changed or forged.`,
    }),
  ],
  checkpoint_key_unknown: [
    'evidence',
    ({ source }) => ({
      zh: `检查点 ${source} 不是由本日志已知的密钥签署：系伪造，或日志的密钥已被更换。`,
      en: `The checkpoint ${source} is not signed by a key that is known as this log's: it is forged, or the log's keys were replaced.`,
    }),
  ],
  checkpoint_of_other_log: [
    'evidence',
    ({ source, reason }) => ({
      zh: `检查点 ${source} 属于另一个日志（${reason}）。`,
      en: `The checkpoint ${source} is of another log (${reason}).`,
    }),
  ],
  cosignature_forged: [
    'evidence',
    ({ source, witness }) => ({
      zh: `检查点 ${source} 上见证人“${witness}”的签名不成立。`,
      en: `The cosignature of the witness “${witness}” on the checkpoint ${source} does not hold.`,
    }),
  ],
  root_contradicted: [
    'evidence',
    (facts) => ({
      zh: `检查点 ${facts.source}（${facts.size} 条）的根哈希不是台账前 ${facts.size} 条事件的根：历史被改写，第一处不同在${events(facts).zh}之中。`,
      en: `The root of the checkpoint ${facts.source} (${facts.size} events) is not that of the ledger's first ${facts.size} events: history was rewritten, first within ${events(facts).en}.`,
    }),
  ],
  log_set_back: [
    'evidence',
    ({ source, size, count }) => ({
      zh: `检查点 ${source} 有 ${size} 条，而此处最近签署的只有 ${count} 条：日志被退回到了从前。`,
      en: `The checkpoint ${source} has ${size} events, the newest that is signed here has ${count}: the log was set back.`,
    }),
  ],
  personal_unreadable: [
    'evidence',
    ({ position, fields = [] }) => ({
      zh: `第 ${position} 条事件的加密字段 ${fields.join('、')} 与其主体的密钥或摘要不符。`,
      en: `The encrypted field ${fields.join(', ')} of event ${position} does not fit its subject's key, or its digest.`,
    }),
  ],
  key_missing: [
    'evidence',
    ({ position, fields = [] }) => ({
      zh: `第 ${position} 条事件的加密字段 ${fields.join('、')}：密钥库中既没有密钥，也没有销毁记录。`,
      en: `For the encrypted field ${fields.join(', ')} of event ${position} the vault has neither a key nor a record of its destruction.`,
    }),
  ],
  checkpoint_unconfirmed: [
    'failure',
    ({ source, reason }) => ({
      zh: `无法使用 ${source}（${reason}）。`,
      en: `${source} cannot be used (${reason}).`,
    }),
  ],
  mirror_damaged: [
    'failure',
    ({ source, reason }) => ({
      zh: `镜像 ${source} 本身不完整或已损坏（${reason}），不能用来比较。`,
      en: `The mirror ${source} is itself incomplete or damaged (${reason}) and cannot be compared with.`,
    }),
  ],
  recorded_before_witnessed: [
    'warning',
    ({ position, recordedAt, source, size, witness, at, count = 1 }) => ({
      zh: `第 ${position} 条事件自称记录于 ${recordedAt}，而见证人“${witness}”在 ${at} 见证的 ${size} 条（${source}）中还没有它：时间被提前，或当时日志落后${further(count).zh}。`,
      en: `Event ${position} says that it was recorded at ${recordedAt}, but is not among the ${size} that the witness “${witness}” cosigned at ${at} (${source}): it is backdated, or the log lagged then${further(count).en}.`,
    }),
  ],
  recorded_after_witnessed: [
    'warning',
    ({ position, recordedAt, source, size, witness, at, count = 1 }) => ({
      zh: `第 ${position} 条事件自称记录于 ${recordedAt}，却在见证人“${witness}”于 ${at} 见证的 ${size} 条（${source}）之中：时间被推后，或服务器时钟超前${further(count).zh}。`,
      en: `Event ${position} says that it was recorded at ${recordedAt}, but is among the ${size} that the witness “${witness}” cosigned at ${at} (${source}): it is postdated, or the server's clock was ahead${further(count).en}.`,
    }),
  ],
  quorum_not_met: [
    'warning',
    ({ source, reason }) => ({
      zh: `检查点 ${source} 的见证人不足（${reason}）。`,
      en: `Not enough witnesses have cosigned the checkpoint ${source} (${reason}).`,
    }),
  ],
  no_log: [
    'note',
    () => ({
      zh: '没有日志：只核验了台账自身，懂得计算校验和的人所作的改动看不出来。',
      en: 'There is no log: only the ledger itself was checked, and changes by somebody who can compute its checksums do not show.',
    }),
  ],
  nothing_outside: [
    'note',
    () => ({
      zh: '没有用外部保存的检查点、证明或镜像来比较：持有日志密钥的人若将台账与日志一并改写，仅凭本机看不出来。',
      en: 'Nothing kept outside was compared with (--checkpoint, --against): a rewrite of ledger and log together by whoever holds the key does not show from within.',
    }),
  ],
  keys_unconfirmed: [
    'note',
    () => ({
      zh: '日志的公钥取自本机；请用 --policy 指定从别处取得的公钥。',
      en: "The log's keys are those that this machine has; name those you got elsewhere with --policy.",
    }),
  ],
  unsealed: [
    'note',
    ({ count }) => ({
      zh: `最后 ${count} 条事件尚未进入已签署的检查点，只核验了台账自身。`,
      en: `The last ${count} events are under no signed checkpoint yet; only the ledger itself was checked for them.`,
    }),
  ],
  resumed: [
    'note',
    ({ through, at }) => ({
      zh: `第 1 至 ${through} 条是此前一次核验（中断于 ${at}）看过的，本次没有重读。`,
      en: `Events 1 to ${through} were checked by an earlier run, interrupted at ${at}, and not read again.`,
    }),
  ],
} as const satisfies Readonly<Record<string, readonly [Severity, Says]>>;

function several({ position = 0, through = position }: Facts, one: string, more: string): string {
  return through > position ? more : one;
}

const further = (count: number): Bilingual =>
  count > 1 ? { zh: `（共 ${count} 条）`, en: ` (${count} events in all)` } : { zh: '', en: '' };

/** Without the `check.` before it. */
export type FindingCode = keyof typeof FINDINGS;

/** One thing that a check found (核查发现), in both languages. */
export interface Finding extends Facts, Bilingual {
  /** Stable, such as `check.event_changed`. */
  readonly code: `check.${FindingCode}`;
  readonly severity: Severity;
}

/** What the table says of a code, with the facts filled in; `severity` where it is not the usual one. */
export function finding(code: FindingCode, facts: Facts = {}, severity: Severity = FINDINGS[code][0]): Finding {
  const says: Says = FINDINGS[code][1];
  return { ...facts, code: `check.${code}`, severity, ...says(facts) };
}

/** Findings of one kind that are told one by one. */
const MAX_OF_A_KIND = 50;

/** What a check has found so far, bounded. */
export class Findings {
  private readonly kept: Finding[] = [];
  private readonly counts = new Map<string, number>();

  add(...found: readonly Finding[]): void {
    for (const each of found) {
      const count = (this.counts.get(each.code) ?? 0) + 1;
      this.counts.set(each.code, count);
      if (count <= MAX_OF_A_KIND) this.kept.push(each);
    }
  }

  /** How many were found and are not told. */
  get further(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + Math.max(0, count - MAX_OF_A_KIND), 0);
  }

  /** By position, those without one last; notes after all others. */
  all(): Finding[] {
    const last = (found: Finding): number => (found.severity === 'note' ? 1 : 0);
    const place = ({ position }: Finding): number => position || Number.MAX_SAFE_INTEGER;
    return [...this.kept].sort((a, b) => last(a) - last(b) || place(a) - place(b));
  }
}
