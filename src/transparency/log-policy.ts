import type { RetiredKey } from '../ledger/transparency/log-keys';
import { hexKeyId } from '../verification/verifier-key';

/** Before a key that signs no more. */
const RETIRED = '# 已停用 retired: ';

/** A comment for each retired key of a log of which it is known what it cannot have signed. */
export const retiredKeyLines = (retired: readonly RetiredKey[]): string[] =>
  retired.flatMap(({ verifier, below }) =>
    below === undefined
      ? []
      : [
          `${RETIRED}${verifier.name}+${hexKeyId(verifier)} 未签署过 ${below} 条及以上的检查点 has signed no checkpoint of ${below} entries or more`,
        ],
  );

/** The lines of a policy that say who witnesses, and how many must. */
const WITNESS_LINE = /^[ \t]*(witness|group|quorum)[ \t]/;

/**
 * A trust policy (c2sp.org/tlog-policy) for whoever verifies this log's proofs: its keys, and the witnesses it is configured
 * with, without the addresses at which only the log asks them.
 *
 * @param verifierKeys the log's keys, one a line; earlier ones too, as they verify what they have signed
 * @param url where the log is read
 * @param witnessPolicy the configured policy, with what is known of retired keys; of its other lines only those of witnesses are taken
 */
export function logPolicy(verifierKeys: string, url: string | undefined, witnessPolicy: string | undefined): string {
  const logs = verifierKeys.split('\n').filter(Boolean);
  const configured = (witnessPolicy ?? '').split('\n');
  const witnesses = configured
    .filter((line) => WITNESS_LINE.test(line))
    .map((line) => line.split(/[ \t]+/).filter(Boolean))
    .map((words) => (words[0] === 'witness' ? words.slice(0, 3) : words).join(' '));
  return [
    '# 信任策略 Trust policy (c2sp.org/tlog-policy)',
    '# 公钥取自日志自身，只能表明前后一致；请与另行取得的公钥核对。',
    '# Keys fetched from the log itself show no more than that it agrees with itself: compare them with keys from elsewhere.',
    ...logs.map((key) => (url ? `log ${key} ${url}` : `log ${key}`)),
    ...configured.filter((line) => line.startsWith(RETIRED)),
    ...witnesses,
    ...(witnesses.some((line) => line.startsWith('quorum ')) ? [] : ['quorum none']),
    '',
  ].join('\n');
}
