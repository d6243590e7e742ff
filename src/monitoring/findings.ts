import type { Bilingual } from '../kernel/errors';
import type { Instant } from '../kernel/time';

/**
 * How bad a finding is: `fine`; `trouble`, something is wrong or cannot be told, and may be the doing of whoever is on the way;
 * `misbehaviour`, two signatures of the log contradict each other, and both are kept.
 */
export type Severity = 'fine' | 'trouble' | 'misbehaviour';

/** The exit code of a single look. */
export const EXIT_CODES: Readonly<Record<Severity, number>> = { fine: 0, trouble: 2, misbehaviour: 3 };

/** What a monitor can find. In each language about a size, a time or a reason. */
const FINDINGS = {
  consistent: [
    'fine',
    (zh, en) => ({
      zh: `与以前所见一致，共 ${zh} 条。`,
      en: `Consistent with what was seen before; ${en} entries.`,
    }),
  ],
  unreachable: ['trouble', (zh, en) => ({ zh: `无法读取日志：${zh}`, en: `The log cannot be read: ${en}` })],
  tile_missing: [
    'trouble',
    (zh, en) => ({
      zh: `日志缺少检查点所需的文件：${zh}`,
      en: `The log lacks a file that its checkpoint needs: ${en}`,
    }),
  ],
  malformed: ['trouble', (zh, en) => ({ zh: `不是检查点：${zh}`, en: `This is not a checkpoint: ${en}` })],
  wrong_key: [
    'trouble',
    (zh, en) => ({
      zh: `检查点不是由信任策略中的日志公钥对应的密钥签名：${zh}日志也可能已更换密钥：请将 /log/vkey 与另一来源核对。`,
      en: `The checkpoint is not signed by a log key of the policy: ${en} The log may have changed its key: compare /log/vkey with another source.`,
    }),
  ],
  other_log: [
    'trouble',
    (zh, en) => ({ zh: `这是另一个日志：${zh}`, en: `This is another log than the one followed here: ${en}` }),
  ],
  quorum_not_met: [
    'trouble',
    (zh, en) => ({ zh: `见证人不足：${zh}`, en: `Not enough witnesses have cosigned: ${en}` }),
  ],
  frozen: [
    'trouble',
    (zh, en) => ({
      zh: `日志自 ${zh} 起没有新的检查点：没有新记录，或向您出示的是旧日志。`,
      en: `No newer checkpoint since ${en}: nothing was recorded, or you are shown an old log.`,
    }),
  ],
  mirror_damaged: [
    'trouble',
    (zh, en) => ({
      zh: `本机镜像已损坏（${zh}）；请另选一个 --data 目录重新开始，旧目录留作证据。`,
      en: `The mirror on this machine is damaged (${en}); begin again in another --data directory and keep this one.`,
    }),
  ],
  rollback: [
    'trouble',
    (zh, en) => ({
      zh: `出示的是较旧的检查点（${zh} 条）：日志从备份恢复，或途中有人出示旧的检查点。`,
      en: `An older checkpoint is shown (${en} entries): the log is a restored backup, or somebody on the way shows an old one.`,
    }),
  ],
  too_large: [
    'trouble',
    (zh, en) => ({
      zh: `日志自称的增长过大，一次未能全部核对：${zh}`,
      en: `The log says that it has grown by more than is copied in one look: ${en}`,
    }),
  ],
  fork: [
    'misbehaviour',
    (zh, en) => ({
      zh: `历史被改写或有两套：与以前签署的检查点不一致（${zh}）。`,
      en: `Another history: it contradicts a checkpoint signed before (${en}).`,
    }),
  ],
  tiles_disagree: [
    'trouble',
    (zh, en) => ({
      zh: `收到的日志文件与其签署的根不符，日志或途中有误：${zh}`,
      en: `The files received do not give the signed root; the log, or somebody on the way, is wrong: ${en}`,
    }),
  ],
} as const satisfies Readonly<Record<string, readonly [Severity, (zh: string, en: string) => Bilingual]>>;

export type FindingCode = keyof typeof FINDINGS;
export const FINDING_CODES = Object.keys(FINDINGS) as FindingCode[];

export interface Finding extends Bilingual {
  /** Stable, such as `monitor.fork`. */
  readonly code: `monitor.${FindingCode}`;
  readonly severity: Severity;
  /** The folder in which it is kept. */
  readonly evidence?: string;
  /** The event of the ledger, from 1, whose leaf is the first that differs. */
  readonly firstDifferentPosition?: number;
}

/** What one look at a log has come to. */
export interface Look {
  readonly at: Instant;
  readonly url: string;
  readonly origin?: string;
  readonly size?: number;
  /** base64 */
  readonly root?: string;
  /** The worst of the findings. */
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

export function finding(
  code: FindingCode,
  about: string | Bilingual,
  more: Pick<Finding, 'evidence' | 'firstDifferentPosition'> = {},
): Finding {
  const [severity, says] = FINDINGS[code];
  const { zh, en } = typeof about === 'string' ? { zh: about, en: about } : about;
  return { code: `monitor.${code}`, severity, ...says(zh, en), ...more };
}

/** The finding of a log that is as it should be: `first`, when there was nothing to compare it with. */
export function consistent(size: number, first: boolean): Finding {
  const found = finding('consistent', String(size));
  return first ? { ...found, zh: `首次查看：已镜像 ${size} 条。`, en: `First look: ${size} entries mirrored.` } : found;
}

export function worst(findings: readonly Finding[]): Severity {
  const found = new Set(findings.map(({ severity }) => severity));
  return found.has('misbehaviour') ? 'misbehaviour' : found.has('trouble') ? 'trouble' : 'fine';
}
