/** One verifier key on a line: `name+hash+base64`. */
const VERIFIER_KEY = /^[^\s+]+\+[0-9a-f]{8}\+(\S+)$/;
/** Base64 of a key whose first byte is 0x04, cosignature/v1, begins so. */
const COSIGNATURE_KEY = /^B[A-P]/;

/**
 * The policy in what somebody has pasted: a policy file (c2sp.org/tlog-policy) as it is, or verifier keys, one a line. Of
 * keys alone, any log among them may have signed, and every witness among them must have cosigned.
 */
export function ownPolicy(pasted: string): string {
  const text = `${pasted.replace(/\r\n?/g, '\n').trim()}\n`;
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));
  if (!lines.every((line) => VERIFIER_KEY.test(line))) return text;
  const isWitness = (line: string): boolean => COSIGNATURE_KEY.test(VERIFIER_KEY.exec(line)?.[1] ?? '');
  const witnesses = lines.filter(isWitness).map((key, i) => ({ name: nameOf(key, i), key }));
  return [
    ...lines.filter((line) => !isWitness(line)).map((key) => `log ${key}`),
    ...witnesses.map(({ name, key }) => `witness ${name} ${key}`),
    ...(witnesses.length > 0 ? [`group all-of-them all ${witnesses.map(({ name }) => name).join(' ')}`] : []),
    `quorum ${witnesses.length > 0 ? 'all-of-them' : 'none'}`,
    '',
  ].join('\n');
}

/** A witness is called by its key's name; the number keeps two keys of one name apart. */
const nameOf = (key: string, i: number): string => `${key.slice(0, key.indexOf('+'))}#${i + 1}`;
