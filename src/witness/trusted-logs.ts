import { Failure } from '../kernel/errors';
import { parseVerifierKey, type VerifierKey } from '../verification/verifier-key';

/** The keys a witness trusts, by origin. A log that changes its key has both until the old one is taken out. */
export type TrustedLogs = ReadonlyMap<string, readonly VerifierKey[]>;

/**
 * The verifier keys of a settings file: one a line, or the `log` lines of a C2SP tlog-policy, whose other lines are for
 * verifiers. Empty lines and comments (`#`) are left out.
 */
export function logLines(file: string): string[] {
  return file
    .split('\n')
    .map((line) => line.trim().split(/[ \t]+/))
    .filter(([first]) => first !== '' && !first.startsWith('#') && !OTHER_POLICY_LINES.has(first))
    .map((words) => (words[0] === 'log' ? (words[1] ?? '') : words[0]));
}

const OTHER_POLICY_LINES = new Set(['witness', 'group', 'quorum']);

/** @throws Failure `witness.no_logs`, `witness.not_a_log_key`, or what reading a verifier key throws */
export async function trustedLogs(lines: readonly string[]): Promise<TrustedLogs> {
  const logs = new Map<string, VerifierKey[]>();
  for (const line of new Set(lines)) {
    const key = await parseVerifierKey(line);
    if (key.algorithm !== 'ed25519') {
      throw new Failure('invalid', 'witness.not_a_log_key', {
        zh: `${key.name} 不是日志的 Ed25519 公钥。`,
        en: `The key of ${key.name} is not a log's Ed25519 key.`,
      });
    }
    logs.set(key.name, [...(logs.get(key.name) ?? []), key]);
  }
  if (logs.size > 0) return logs;
  throw new Failure('invalid', 'witness.no_logs', {
    zh: '须用 --log 或 --logs 指定至少一个日志的公钥。',
    en: 'Say which logs to witness: --log with a verifier key, or --logs with a file of them.',
  });
}
