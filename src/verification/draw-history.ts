import { Failure, type Bilingual } from '../kernel/errors';
import { parseCheckpoint } from './checkpoint';
import type { DrawNotice } from './draw-notice';
import { parseNote } from './note';
import { parseVerifierKey, verifyNote, type VerifierKey } from './verifier-key';

/** Checkpoints of a witness's history that are looked at. */
const MAX_HISTORY = 20_000;

/** What a witness says that it has cosigned of a log, smallest first; each note with its cosignature of the first time. */
export interface WitnessHistory {
  readonly origin: string;
  readonly checkpoints: ReadonlyArray<{ readonly size: number; readonly checkpoint: string }>;
}

export type HistoryWarning = 'history_missing' | 'passed_over_though_cosigned' | 'cosigned_again';

export interface HistoryReport {
  readonly steps: readonly ({ readonly step: 'first' } & Bilingual)[];
  readonly warnings: readonly ({ readonly warning: HistoryWarning } & Bilingual)[];
}

/** When a witness cosigned each size first, in Unix seconds. */
type Times = ReadonlyMap<number, number>;

/**
 * Reads a witness's history as `GET <witness>/log/<origin>/history` answers, or several pages of it put together.
 * @throws Failure `draw_notice.history_malformed`
 */
export function parseWitnessHistory(source: string): WitnessHistory {
  try {
    const { origin, checkpoints } = JSON.parse(source) as Partial<WitnessHistory>;
    const isEntry = (c: unknown): boolean => {
      const { size, checkpoint } = c as Record<string, unknown>;
      return Number.isSafeInteger(size) && typeof checkpoint === 'string';
    };
    if (typeof origin === 'string' && Array.isArray(checkpoints) && checkpoints.length <= MAX_HISTORY) {
      if (checkpoints.every(isEntry)) return { origin, checkpoints };
    }
  } catch {
    // told below
  }
  throw malformed();
}

/**
 * Whether the seed came from the first checkpoint that every announced witness had cosigned since the announcement, by the
 * witnesses' own histories. Each must begin no later than at the announcement.
 * @throws Failure `draw_notice.not_first`, `draw_notice.history_malformed` for one that is not signed or ends too early
 */
export async function checkFirst(notice: DrawNotice, histories: readonly WitnessHistory[]): Promise<HistoryReport> {
  const { held, position, witnesses } = notice;
  if (!held || witnesses.length === 0) return { steps: [], warnings: [] };
  const keys = await Promise.all(witnesses.map(parseVerifierKey));
  const note = parseNote(held.checkpoint);
  const { size: seedSize } = parseCheckpoint(note.text);
  const seen = new Map<VerifierKey, Times>();
  for (const history of histories) {
    const [key, times] = await timesOf(history, keys, notice.logOrigin, [position, seedSize]);
    seen.set(key, new Map([...(seen.get(key) ?? []), ...times]));
  }
  const missing = keys.filter((key) => !seen.has(key)).map(({ name }) => name);
  if (missing.length > 0) return { steps: [], warnings: [historyMissing(missing)] };
  const all = [...seen.values()];
  if (all.some((times) => !times.has(seedSize))) throw malformed();
  const earlier = [...all[0].keys()].filter((size) => size < seedSize && all.every((times) => times.has(size)));
  const unexplained = earlier.find((size) => !held.passedOver.includes(size));
  if (unexplained !== undefined) throw notFirst(unexplained, seedSize);
  const again = (await verifyNote(note, keys)).filter(({ key, time }) => seen.get(key)?.get(seedSize) !== time);
  return {
    steps: [first(seedSize)],
    warnings: [
      ...(earlier.length > 0 ? [thoughCosigned(earlier)] : []),
      ...again.map(({ key, time = 0 }) => cosignedAgain(key.name, time - seen.get(key)!.get(seedSize)!)),
    ],
  };
}

/** Whose history it is, and when each size from the announcement to the seed was cosigned. */
async function timesOf(
  { origin, checkpoints }: WitnessHistory,
  keys: readonly VerifierKey[],
  logOrigin: string,
  [from, to]: readonly [number, number],
): Promise<[VerifierKey, Times]> {
  const times = new Map<number, number>();
  let witness: VerifierKey | undefined;
  for (const { size, checkpoint } of checkpoints) {
    if (size < from || size > to) continue;
    const note = parseNote(checkpoint);
    const [signed] = await verifyNote(note, keys);
    const told = parseCheckpoint(note.text);
    if (!signed || told.size !== size || told.origin !== logOrigin || (witness ?? signed.key) !== signed.key) {
      throw malformed();
    }
    witness = signed.key;
    times.set(size, signed.time ?? 0);
  }
  if (!witness || origin !== logOrigin) throw malformed();
  return [witness, times];
}

const malformed = (): Failure =>
  new Failure('invalid', 'draw_notice.history_malformed', {
    zh: '见证人的历史记录格式不对、没有公告所指见证人的签名，或者没有覆盖从公告到种子检查点的范围。',
    en: 'The witness’s history is malformed, not signed by an announced witness, or does not reach from the announcement to the checkpoint of the seed.',
  });

const notFirst = (size: number, seedSize: number): Failure =>
  new Failure('invalid', 'draw_notice.not_first', {
    zh: `种子取自 ${seedSize} 条的检查点，而全部见证人此前已见证 ${size} 条的检查点：它不是最先符合公告的一个，结果可能是挑选出来的。`,
    en: `The seed was taken from the checkpoint of ${seedSize} entries, but every witness had cosigned one of ${size} before: it is not the first eligible one, and the outcome may have been chosen.`,
  });

const first = (size: number) => ({
  step: 'first' as const,
  zh: `按见证人自己的历史记录，${size} 条的检查点是公告之后最先由全部所指见证人见证并发布的一个。`,
  en: `By the witnesses’ own histories the checkpoint of ${size} entries is the first since the announcement that all of them cosigned and the log published so.`,
});

const historyMissing = (names: readonly string[]) => ({
  warning: 'history_missing' as const,
  zh: `未核对这是否是最先符合公告的检查点：没有下列见证人的历史记录（--history）：${names.join('、')}。`,
  en: `Whether this was the first eligible checkpoint was not checked: the histories (--history) of these witnesses are missing: ${names.join(', ')}.`,
});

const thoughCosigned = (sizes: readonly number[]) => ({
  warning: 'passed_over_though_cosigned' as const,
  zh: `见证人称已见证下列检查点，日志却在缺少见证的情况下发布了它们（${sizes.join('、')} 条）：可能是答复迟到，也可能是运营者不满意其结果；每一个都是一次可以放弃的抽取。`,
  en: `The witnesses say that they cosigned these checkpoints, which the log published without (${sizes.join(', ')} entries): the answers may have come late, or the operator disliked the outcome. Each was a draw that could be thrown away.`,
});

const cosignedAgain = (name: string, seconds: number) => ({
  warning: 'cosigned_again' as const,
  zh: `见证人“${name}”首次见证该检查点比所用的见证早 ${seconds} 秒：期间可以反复请求见证，每一秒都是一次可以挑选的抽取。`,
  en: `The witness “${name}” had cosigned this checkpoint first ${seconds} s before the cosignature that was used: meanwhile it could be asked again, and each second was a draw to choose from.`,
});
