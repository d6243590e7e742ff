import { Failure } from '../kernel/errors';
import { equalBytes } from './bytes';
import { MAX_SIGNATURES } from './note';
import { parseVerifierKey, type SignatureAlgorithm, type VerifierKey } from './verifier-key';

/** Characters of a policy. */
export const MAX_POLICY_LENGTH = 1 << 18;
/**
 * Lines of each kind in it; the specification recommends 32 at least. A note has room for the signatures of all its logs and all
 * its witnesses.
 */
export const MAX_POLICY_LINES = MAX_SIGNATURES / 2;

export interface PolicyLog {
  readonly key: VerifierKey;
  readonly url?: string;
}

export interface PolicyWitness {
  readonly name: string;
  readonly key: VerifierKey;
  readonly url?: string;
}

/** So many of the members must have cosigned; members are witnesses and earlier groups. */
export interface PolicyGroup {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
}

/** Whom to trust (C2SP tlog-policy): any of the logs, cosigned by the quorum of the witnesses. */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** A witness, a group, or `none`. */
  readonly quorum: string;
}

export const NO_QUORUM = 'none';

/** The policy while its lines are read. Every name is used as a member once, so that no witness counts twice. */
interface Draft {
  readonly logs: PolicyLog[];
  readonly witnesses: PolicyWitness[];
  readonly groups: PolicyGroup[];
  readonly names: Set<string>;
  readonly members: Set<string>;
  quorum?: string;
}

type Rule = (args: readonly string[], draft: Draft) => void | Promise<void>;

const RULES: Readonly<Record<string, Rule>> = { log, witness, group, quorum };

/**
 * Reads a policy. One without witnesses may leave its `quorum` line out; one with witnesses may not, lest a forgotten line
 * mean that nobody need cosign.
 * @throws Failure `policy.invalid`, `field` the number of the line
 */
export async function parsePolicy(text: string): Promise<Policy> {
  if (text.length > MAX_POLICY_LENGTH) throw invalid(1, '文件过长', 'the file is too long');
  const draft: Draft = { logs: [], witnesses: [], groups: [], names: new Set(), members: new Set() };
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) await readLine(line, at + 1, draft);
  if (draft.quorum === undefined && draft.witnesses.length > 0) {
    throw invalid(lines.length, '列有见证人而没有 quorum 行', 'there are witnesses but no quorum line');
  }
  const { logs, witnesses, groups, quorum: required = NO_QUORUM } = draft;
  return { logs, witnesses, groups, quorum: required };
}

/** Whether these witnesses (by their names in the policy) are enough for the policy's quorum. */
export function quorumMet(policy: Policy, cosigners: ReadonlySet<string>): boolean {
  if (policy.quorum === NO_QUORUM) return true;
  const met = new Set(policy.witnesses.map(({ name }) => name).filter((name) => cosigners.has(name)));
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter((member) => met.has(member)).length >= threshold) met.add(name); // groups name earlier ones only
  }
  return met.has(policy.quorum);
}

async function readLine(line: string, number: number, draft: Draft): Promise<void> {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) {
    throw invalid(
      number,
      '含有控制字符（Windows 换行符也是）',
      'it has a control character (a Windows line end is one)',
    );
  }
  const [keyword, ...args] = line.split(/[ \t]+/).filter(Boolean);
  if (keyword === undefined || keyword.startsWith('#')) return;
  const rule = Object.hasOwn(RULES, keyword) ? RULES[keyword] : undefined;
  if (!rule) throw invalid(number, `不认识“${keyword}”`, `“${keyword}” is not known`);
  try {
    await rule(args, draft);
  } catch (error) {
    if (error instanceof Unreadable) throw invalid(number, error.zh, error.message);
    if (error instanceof Failure && error.kind === 'invalid') throw invalid(number, error.detail.zh, error.detail.en);
    throw error;
  }
}

async function log(args: readonly string[], draft: Draft): Promise<void> {
  if (args.length < 1 || args.length > 2) throw new Unreadable('应为 log <公钥> [<网址>]', 'it is log <vkey> [<url>]');
  const [line, url] = args;
  bounded(draft.logs);
  const key = await keyOf(line, 'ed25519', draft);
  draft.logs.push({ key, ...(url && { url }) });
}

async function witness(args: readonly string[], draft: Draft): Promise<void> {
  if (args.length < 2 || args.length > 3) {
    throw new Unreadable('应为 witness <名称> <公钥> [<网址>]', 'it is witness <name> <vkey> [<url>]');
  }
  const [name, line, url] = args;
  define(name, draft);
  bounded(draft.witnesses);
  const key = await keyOf(line, 'cosignature/v1', draft);
  draft.witnesses.push({ name, key, ...(url && { url }) });
}

function group(args: readonly string[], draft: Draft): void {
  const [name, rule, ...members] = args;
  if (members.length === 0) {
    throw new Unreadable('应为 group <名称> all|any|<数> <成员>…', 'it is group <name> all|any|<number> <member>…');
  }
  bounded(draft.groups);
  const threshold = thresholdOf(rule, members.length);
  for (const member of members) {
    if (!draft.names.has(member)) throw new Unreadable(`前面没有定义“${member}”`, `“${member}” is not defined before`);
    if (draft.members.has(member)) throw new Unreadable(`“${member}”已是成员`, `“${member}” is a member already`);
    draft.members.add(member);
  }
  define(name, draft);
  draft.groups.push({ name, threshold, members });
}

function quorum(args: readonly string[], draft: Draft): void {
  if (args.length !== 1) throw new Unreadable('应为 quorum <名称>', 'it is quorum <name>');
  if (draft.quorum !== undefined) throw new Unreadable('quorum 行只能有一行', 'there is a quorum line already');
  const [name] = args;
  if (name !== NO_QUORUM && !draft.names.has(name)) {
    throw new Unreadable(`前面没有定义“${name}”`, `“${name}” is not defined before`);
  }
  draft.quorum = name;
}

function define(name: string, { names }: Draft): void {
  if (name === NO_QUORUM) throw new Unreadable('none 是保留名称', 'none is a reserved name');
  if (names.has(name)) throw new Unreadable(`“${name}”已定义过`, `“${name}” is defined already`);
  names.add(name);
}

function thresholdOf(rule: string, members: number): number {
  if (rule === 'any') return 1;
  if (rule === 'all') return members;
  const threshold = /^[1-9][0-9]{0,3}$/.test(rule) ? Number(rule) : 0;
  if (threshold < 1 || threshold > members) {
    throw new Unreadable(`“${rule}”应为 all、any 或 1 至 ${members}`, `“${rule}” is not all, any or 1 to ${members}`);
  }
  return threshold;
}

/**
 * The key of a line. The same public key under another name would be the same party counted twice, or a log that witnesses
 * itself; two keys of one name and key id could not be told apart by a signature line.
 */
async function keyOf(
  line: string,
  algorithm: SignatureAlgorithm,
  { logs, witnesses }: Pick<Draft, 'logs' | 'witnesses'>,
): Promise<VerifierKey> {
  const key = await parseVerifierKey(line);
  if (key.algorithm !== algorithm) {
    throw new Unreadable(
      `公钥类型是 ${key.algorithm}，应为 ${algorithm}`,
      `the key is ${key.algorithm}, not ${algorithm}`,
    );
  }
  const earlier = [...logs, ...witnesses].map((other) => other.key);
  if (earlier.some(({ publicKey }) => equalBytes(publicKey, key.publicKey))) {
    throw new Unreadable('前面已有这把公钥', 'this public key is listed before');
  }
  if (earlier.some(({ name, keyId }) => name === key.name && keyId === key.keyId)) {
    throw new Unreadable('前面已有同名同编号的公钥', 'a key of this name and key id is listed before');
  }
  return key;
}

function bounded(list: readonly unknown[]): void {
  if (list.length >= MAX_POLICY_LINES) {
    throw new Unreadable(`这类行超过 ${MAX_POLICY_LINES} 行`, `there are over ${MAX_POLICY_LINES} lines of this kind`);
  }
}

/** Why a line cannot be read; becomes `policy.invalid` with the number of the line. */
class Unreadable extends Error {
  constructor(
    readonly zh: string,
    en: string,
  ) {
    super(en);
  }
}

function invalid(line: number, zh: string, en: string): Failure {
  return new Failure('invalid', 'policy.invalid', {
    zh: `信任策略第 ${line} 行：${zh.replace(/。$/, '')}。`,
    en: `Trust policy, line ${line}: ${en.replace(/\.$/, '')}.`,
    field: String(line),
  });
}
