import { createHash } from 'node:crypto';
import { quotaOf, type DrawLists } from '../../src/verification/draw';
import { Random } from '../../src/demonstration/random';
import { uscc } from '../../src/demonstration/parties';

/** Lists of invented officers and parties: so many of each risk class, at these ratios. */
export function listsOf(
  officers: number,
  classes: Readonly<Record<string, readonly [parties: number, ratioPercent: number]>>,
  more: Partial<DrawLists> = {},
): DrawLists {
  const random = new Random('lists of a draw');
  const strata = Object.entries(classes);
  return {
    officers: Array.from({ length: officers }, (_, i) => ({
      id: `o-${i + 1}`,
      name: `某${i + 1}`,
      credential: `MJ-${String(i + 1).padStart(3, '0')}`,
    })),
    parties: strata.flatMap(([stratum, [count]]) =>
      Array.from({ length: count }, (_, i) => ({
        id: uscc(random, '91'),
        name: `明镜市${stratum}${i + 1}号食品有限公司`,
        stratum,
      })),
    ),
    exclusions: [],
    quotas: strata.map(([stratum, [listed, ratioPercent]]) => ({
      ...{ stratum, name: `${stratum}类`, ratioPercent, listed },
      draw: quotaOf(listed, ratioPercent),
    })),
    officersPerParty: 2,
    ...more,
  };
}

/** Bytes that are an announcement's entry in tests. */
export const entryOf = (word: string): string => createHash('sha256').update(`entry of ${word}`).digest('base64');
