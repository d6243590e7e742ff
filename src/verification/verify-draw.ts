import { canonicalJson } from '../kernel/canonical-json';
import { Failure, type Bilingual } from '../kernel/errors';
import { equalBytes, fromBase64, sha256, utf8 } from './bytes';
import { parseCheckpoint } from './checkpoint';
import {
  dealt,
  DRAW_ALGORITHM,
  ineligible,
  quotaOf,
  seedText,
  ticketsOf,
  type DrawnParty,
  type Ineligible,
} from './draw';
import type { DrawNotice } from './draw-notice';
import { parseNote } from './note';
import type { Policy } from './policy';
import { parseVerifierKey, sameKey, verifyNote, type VerifierKey } from './verifier-key';
import { openProof, verifyCheckpoint } from './verify-proof';

export type DrawStep = 'announcement' | 'signature' | 'witnesses' | 'seed' | 'quotas' | 'draw';
export type DrawWarning = 'no_policy' | 'no_witness' | 'one_witness' | 'passed_over' | 'voided';

/** What was repeated and what a reader should know besides, in plain words. */
export interface DrawReport {
  readonly steps: readonly ({ readonly step: DrawStep } & Bilingual)[];
  readonly warnings: readonly ({ readonly warning: DrawWarning } & Bilingual)[];
  readonly seed: string;
  readonly drawn: readonly DrawnParty[];
}

type Held = NonNullable<DrawNotice['held']>;
type Told = Omit<DrawReport, 'seed' | 'drawn'>;

/** What is announced, and committed to in the log before there is a seed. */
const ANNOUNCED = [
  ...['itemId', 'itemVersion', 'title', 'bodyId', 'legalBasis', 'officers', 'parties', 'exclusions', 'quotas'],
  ...['officersPerParty', 'algorithm', 'logOrigin', 'witnesses'],
];

/**
 * Repeats a draw from its notice, offline: the lists are those that the log holds, the checkpoint is allowed by what was
 * announced and signed by whom it names, seed and outcome follow. Without a policy nobody says whether the log is the right one.
 * @throws Failure `draw_notice.…` for what does not hold of the draw, `proof.…` of its proof, `note.malformed`,
 *   `checkpoint.malformed`, `verifier_key.…` where what was announced cannot be read
 */
export async function verifyDraw(notice: DrawNotice, policy?: Policy): Promise<DrawReport> {
  const { held } = notice;
  if (!held) throw notHeld();
  if (notice.algorithm !== DRAW_ALGORITHM) throw unknownAlgorithm(notice.algorithm);
  const told = [
    await checkAnnouncement(notice, held),
    await checkSignature(held, policy),
    await checkWitnesses(notice, held, policy),
    await checkSeed(notice, held),
    checkQuotas(notice),
    await checkDrawn(notice, held),
  ];
  return {
    steps: told.flatMap(({ steps }) => steps),
    warnings: [...told.flatMap(({ warnings }) => warnings), ...remarks(notice, held)],
    seed: held.seed,
    drawn: notice.drawn,
  };
}

async function checkAnnouncement(notice: DrawNotice, held: Held): Promise<Told> {
  if (notice.proof === undefined) throw noProof();
  const { file, entry, position, disclosed } = await openProof(notice.proof);
  if (file.checkpoint !== held.checkpoint) throw differs('checkpoint');
  if (position !== notice.position) throw differs('position');
  if (!equalBytes(entry, entryIn(held))) throw differs('entry');
  if (disclosed.get('type') !== 'DrawAnnounced' || disclosed.get('stream') !== `draw-${notice.id}`) throw differs('id');
  for (const field of ANNOUNCED) {
    const path = `data.${field}`;
    const shown = (notice as unknown as Record<string, unknown>)[field];
    if (!disclosed.has(path) || canonicalJson(disclosed.get(path)) !== canonicalJson(shown)) throw differs(field);
  }
  const { size } = parseCheckpoint(parseNote(held.checkpoint).text);
  return said(
    'announcement',
    `名录（${notice.officers.length} 名检查人员、${notice.parties.length} 个对象）、回避和规则与台账第 ${position} 条事件一致，该事件在种子检查点（${size} 条）之内：检查点产生于名录记入之后。`,
    `The lists (${notice.officers.length} officers, ${notice.parties.length} parties), exclusions and rules are those of event ${position} of the ledger, and the checkpoint of the seed (${size} entries) contains it: it came into being after they were recorded.`,
  );
}

async function checkSignature({ checkpoint }: Held, policy?: Policy): Promise<Told> {
  if (!policy) return { steps: [], warnings: [WARNINGS.no_policy] };
  const { log, cosigners, met } = await verifyCheckpoint(checkpoint, policy);
  if (!met) throw quorumNotMet();
  return said(
    'signature',
    `检查点由您所信任的日志“${log.name}”签名，${cosigners.length} 个您所信任的见证人见证。`,
    `The checkpoint is signed by the log “${log.name}” that you trust, and cosigned by ${cosigners.length} of the witnesses that you trust.`,
  );
}

async function checkWitnesses(notice: DrawNotice, { checkpoint, passedOver }: Held, policy?: Policy): Promise<Told> {
  const why = ineligible(checkpoint, notice.position, notice);
  if (why) throw notAllowed(why);
  if (passedOver.includes(parseCheckpoint(parseNote(checkpoint).text).size)) throw notAllowed('published_before');
  const keys = await Promise.all(notice.witnesses.map(parseVerifierKey));
  checkWhoTheyAre(keys, policy);
  const verified = await verifyNote(parseNote(checkpoint), keys);
  if (verified.length !== keys.length) throw notAllowed('cosignature_missing');
  const times = verified.map(({ key, time = 0 }) => `${key.name} ${instant(time)}`);
  return {
    steps: [
      {
        step: 'witnesses',
        zh: `检查点属于公告所指的日志，公告所指的 ${keys.length} 个见证人都已见证，签名成立（${times.join('、') || '无'}）。`,
        en: `The checkpoint is of the announced log, and each of the ${keys.length} announced witnesses has cosigned it (${times.join(', ') || 'none'}).`,
      },
    ],
    warnings: keys.length === 0 ? [WARNINGS.no_witness] : keys.length === 1 ? [WARNINGS.one_witness] : [],
  };
}

/**
 * As many parties as there are names: a cosignature does not sign the name of its key, so one holder could appear under two. A
 * log's key is no witness. Whoever signs last could choose the outcome, so each must be one that the reader trusts.
 */
function checkWhoTheyAre(keys: readonly VerifierKey[], policy?: Policy): void {
  const logs = policy?.logs.map(({ key }) => key) ?? [];
  const isSame = (a: VerifierKey) => (b: VerifierKey) => equalBytes(a.publicKey, b.publicKey);
  const wrong = keys.find(
    (key, at) => key.algorithm !== 'cosignature/v1' || logs.some(isSame(key)) || keys.findIndex(isSame(key)) !== at,
  );
  if (wrong) throw noWitness(wrong.name);
  const strangers = policy ? keys.filter((key) => !policy.witnesses.some((w) => sameKey(w.key, key))) : [];
  if (strangers.length > 0) throw unknownWitness(strangers.map(({ name }) => name));
}

async function checkSeed(notice: DrawNotice, held: Held): Promise<Told> {
  const seed = hex(await sha256(utf8(seedText(entryIn(held), held.checkpoint, notice))));
  if (seed !== held.seed) throw differs('seed');
  return said('seed', `种子重新计算一致：${seed}。`, `The seed was computed again: ${seed}.`);
}

function checkQuotas({ quotas, parties }: DrawNotice): Told {
  const right = quotas.every(({ stratum, ratioPercent, listed, draw }) => {
    const count = parties.filter((p) => p.stratum === stratum).length;
    return listed === count && draw === quotaOf(count, ratioPercent);
  });
  if (!right || parties.some((p) => !quotas.some((q) => q.stratum === p.stratum))) throw differs('quotas');
  const counts = quotas.map((q) => `${q.name} ${q.draw}/${q.listed}`).join('、');
  return said(
    'quotas',
    `各风险类别的抽取数符合公告的比例：${counts}。`,
    `The number drawn of each risk class follows from the announced ratio: ${counts}.`,
  );
}

async function checkDrawn(notice: DrawNotice, { seed }: Held): Promise<Told> {
  const ranks = await Promise.all(ticketsOf(seed, notice).map(async (ticket) => hex(await sha256(utf8(ticket)))));
  const drawn = dealt(notice, ranks);
  if (canonicalJson(drawn) !== canonicalJson(notice.drawn)) throw drawnDiffers(drawn, notice.drawn);
  return said(
    'draw',
    `重复抽取的结果一致：${drawn.length} 个对象，每个对象 ${notice.officersPerParty} 名检查人员，无人检查应当回避的对象。`,
    `Drawing again gives the same: ${drawn.length} parties, ${notice.officersPerParty} officers each, none of whom has to keep away.`,
  );
}

const remarks = ({ voided }: DrawNotice, { passedOver }: Held): DrawReport['warnings'] => [
  ...(passedOver.length > 0 ? [passedOverWarning(passedOver)] : []),
  ...(voided ? [voidedWarning(voided.afterHeld)] : []),
];

const said = (step: DrawStep, zh: string, en: string): Told => ({ steps: [{ step, zh, en }], warnings: [] });

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Unix seconds as ISO 8601. */
export const instant = (time: number): string => new Date(time * 1000).toISOString().replace('.000', '');

function entryIn({ entry }: Held): Uint8Array {
  try {
    return fromBase64(entry);
  } catch {
    throw differs('entry');
  }
}

const warning = (name: DrawWarning, zh: string, en: string) => ({ warning: name, zh, en });

/** What a reader should know of every such draw. */
const WARNINGS = {
  no_policy: warning(
    'no_policy',
    '没有给出信任策略（--policy）：未核对检查点是否由您所信任的日志和见证人签名。',
    'No trust policy was given (--policy): whether a log and witnesses that you trust have signed the checkpoint was not checked.',
  ),
  no_witness: warning(
    'no_witness',
    '抽取没有见证人：持有日志密钥的运营者可以事先反复试算，挑选结果。此类抽取只能证明事后未被改动。',
    'No witness took part: whoever holds the log’s key could have tried many times beforehand and chosen. Such a draw shows only that nothing was changed afterwards.',
  ),
  one_witness: warning(
    'one_witness',
    '抽取只有一个见证人：运营者不能单独左右结果，但该见证人可以反复试算。',
    'Only one witness took part: the operator alone could not choose the outcome, but this witness could have tried many times.',
  ),
} as const;

const passedOverWarning = (sizes: readonly number[]): DrawReport['warnings'][number] =>
  warning(
    'passed_over',
    `在此之前发布的检查点因缺少见证而未采用（${sizes.join('、')} 条）；请与见证人的历史记录核对。`,
    `Checkpoints published before were passed over for want of a cosignature (${sizes.join(', ')} entries); compare them with the witnesses’ histories.`,
  );

const voidedWarning = (afterHeld: boolean): DrawReport['warnings'][number] =>
  warning(
    'voided',
    afterHeld ? '该抽查在结果已知之后被作废。' : '该抽查已作废。',
    afterHeld ? 'This draw was voided after its outcome was known.' : 'This draw was voided.',
  );

const notHeld = (): Failure =>
  new Failure('invalid', 'draw_notice.not_held', {
    zh: '该抽查尚未抽取，没有可以重复的结果。',
    en: 'This draw has not been held; there is nothing to repeat.',
  });

/** Without it whoever wrote the notice was free to choose lists and entry, and with them the outcome. */
const noProof = (): Failure =>
  new Failure('invalid', 'draw_notice.no_proof', {
    zh: '公告没有附证明，无从核对名录是否就是记入台账的名录。',
    en: 'The notice has no proof, so there is no telling whether its lists are those that were recorded.',
    field: 'proof',
  });

const unknownAlgorithm = (algorithm: string): Failure =>
  new Failure('invalid', 'draw_notice.unknown_algorithm', {
    zh: `本程序不认识抽取规则“${algorithm}”。`,
    en: `This program does not know the rule “${algorithm}”.`,
    field: 'algorithm',
  });

const quorumNotMet = (): Failure =>
  new Failure('invalid', 'draw_notice.quorum_not_met', {
    zh: '检查点的见证不足以满足您的信任策略。',
    en: 'The checkpoint is not cosigned by as many witnesses as your trust policy requires.',
  });

const noWitness = (name: string): Failure =>
  new Failure('invalid', 'draw_notice.witness_not_counted', {
    zh: `公告所指的“${name}”不能算作见证人：它不是 cosignature/v1 公钥、是日志自己的公钥，或者与另一个见证人是同一把公钥。`,
    en: `The announced “${name}” does not count as a witness: its key is not of cosignature/v1, is the log’s own, or is that of another witness too.`,
    field: 'witnesses',
  });

const unknownWitness = (names: readonly string[]): Failure =>
  new Failure('invalid', 'draw_notice.unknown_witness', {
    zh: `公告所指的见证人不在您的信任策略中：${names.join('、')}。最后签名者可以挑选结果，所以每一个都须是您所信任的。`,
    en: `Your trust policy does not have these announced witnesses: ${names.join(', ')}. Whoever signs last can choose the outcome, so each must be one that you trust.`,
    field: 'witnesses',
  });

const differs = (field: string): Failure =>
  new Failure('invalid', 'draw_notice.differs', {
    zh: `公告中的 ${field} 与台账所记或者重新计算的不一致。`,
    en: `The notice’s ${field} is not what the ledger holds, or what follows from it.`,
    field,
  });

const NOT_ALLOWED: Readonly<Record<Ineligible | 'published_before', Bilingual>> = {
  other_log: { zh: '属于另一个日志', en: 'is of another log' },
  too_early: {
    zh: '不包含抽查公告，公告时可能已经存在',
    en: 'does not contain the announcement, so it may have existed before',
  },
  cosignature_missing: {
    zh: '没有公告所指每个见证人的一份见证',
    en: 'does not have one cosignature of each announced witness',
  },
  published_before: {
    zh: '曾在缺少见证时发布，后补的见证可以挑选',
    en: 'was published before without a witness, and one who signs later can choose',
  },
};

const notAllowed = (why: keyof typeof NOT_ALLOWED): Failure =>
  new Failure('invalid', 'draw_notice.checkpoint_not_allowed', {
    zh: `公告不允许以该检查点为种子：它${NOT_ALLOWED[why].zh}。`,
    en: `What was announced does not allow this checkpoint as the seed: it ${NOT_ALLOWED[why].en}.`,
    field: 'checkpoint',
  });

function drawnDiffers(drawn: readonly DrawnParty[], shown: readonly DrawnParty[]): Failure {
  const at = drawn.findIndex((d, i) => canonicalJson(d) !== canonicalJson(shown[i] ?? null));
  const place = at < 0 ? drawn.length + 1 : at + 1;
  return new Failure('invalid', 'draw_notice.drawn_differs', {
    zh: `重复抽取的结果与公告不一致，自第 ${place} 个起。`,
    en: `Drawing again gives another outcome than the notice, from number ${place} on.`,
    field: 'drawn',
  });
}
