import type { Bilingual } from '../kernel/errors';
import type { Instant } from '../kernel/time';

/**
 * How bad a finding is: `fine`; `trouble`, something is wrong or cannot be told, and may be the doing of whoever is on the way;
 * `misbehaviour`, two signatures of the log contradict each other, and both are kept.
 */
export type Severity = 'fine' | 'trouble' | 'misbehaviour';

/** The exit code of a single look. */
export const EXIT_CODES: Readonly<Record<Severity, number>> = { fine: 0, trouble: 2, misbehaviour: 3 };

/** What a monitor can find. `about` is a size, a time or a reason. */
const FINDINGS = {
  consistent: [
    'fine',
    (about) => ({
      zh: `与以前所见一致，共 ${about} 条。`,
      en: `Consistent with what was seen before; ${about} entries.`,
    }),
  ],
  unreachable: ['trouble', (about) => ({ zh: `无法读取日志：${about}`, en: `The log cannot be read: ${about}` })],
  tile_missing: [
    'trouble',
    (about) => ({
      zh: `日志缺少检查点所需的文件：${about}`,
      en: `The log lacks a file that its checkpoint needs: ${about}`,
    }),
  ],
  malformed: ['trouble', (about) => ({ zh: `不是检查点：${about}`, en: `This is not a checkpoint: ${about}` })],
  wrong_key: [
    'trouble',
    (about) => ({
      zh: `检查点不是由信任策略中的日志密钥签名：${about}`,
      en: `The checkpoint is not signed by a log key of the policy: ${about}`,
    }),
  ],
  other_log: [
    'trouble',
    (about) => ({ zh: `这是另一个日志：${about}`, en: `This is another log than the one followed here: ${about}` }),
  ],
  quorum_not_met: [
    'trouble',
    (about) => ({ zh: `见证人不足：${about}`, en: `Not enough witnesses have cosigned: ${about}` }),
  ],
  frozen: [
    'trouble',
    (about) => ({
      zh: `日志自 ${about} 起没有新的检查点：没有新记录，或向您出示的是旧日志。`,
      en: `No newer checkpoint since ${about}: nothing was recorded, or you are shown an old log.`,
    }),
  ],
  mirror_damaged: [
    'trouble',
    (about) => ({
      zh: `本机镜像已损坏（${about}）；请另选一个 --data 目录重新开始，旧目录留作证据。`,
      en: `The mirror on this machine is damaged (${about}); begin again in another --data directory and keep this one.`,
    }),
  ],
  rollback: [
    'trouble',
    (about) => ({
      zh: `出示的是较旧的检查点（${about} 条）：日志从备份恢复，或途中有人出示旧的检查点。`,
      en: `An older checkpoint is shown (${about} entries): the log is a restored backup, or somebody on the way shows an old one.`,
    }),
  ],
  too_large: [
    'trouble',
    (about) => ({
      zh: `日志自称的增长过大，一次未能全部核对：${about}`,
      en: `The log says that it has grown by more than is copied in one look: ${about}`,
    }),
  ],
  fork: [
    'misbehaviour',
    (about) => ({
      zh: `历史被改写或有两套：与以前签署的检查点不一致（${about}）。`,
      en: `Another history: it contradicts a checkpoint signed before (${about}).`,
    }),
  ],
  tiles_disagree: [
    'trouble',
    (about) => ({
      zh: `收到的日志文件与其签署的根不符，日志或途中有误：${about}`,
      en: `The files received do not give the signed root; the log, or somebody on the way, is wrong: ${about}`,
    }),
  ],
} as const satisfies Readonly<Record<string, readonly [Severity, (about: string) => Bilingual]>>;

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
  about: string,
  more: Pick<Finding, 'evidence' | 'firstDifferentPosition'> = {},
): Finding {
  const [severity, says] = FINDINGS[code];
  return { code: `monitor.${code}`, severity, ...says(about), ...more };
}

export function worst(findings: readonly Finding[]): Severity {
  const found = new Set(findings.map(({ severity }) => severity));
  return found.has('misbehaviour') ? 'misbehaviour' : found.has('trouble') ? 'trouble' : 'fine';
}
