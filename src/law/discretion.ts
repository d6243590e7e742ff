import type { Bilingual } from '../kernel/errors';
import { Failure } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import { parameter } from './parameters';

/** Discretion 裁量: the four levels of a violation (F01) and the part of the lawful range that each leads to. */

export const discretionLevels = ['minor', 'general', 'serious', 'grave'] as const;
export type DiscretionLevel = (typeof discretionLevels)[number];

export const discretionLevelNames: Readonly<Record<DiscretionLevel, Bilingual>> = {
  minor: { zh: '轻微', en: 'minor' },
  general: { zh: '一般', en: 'general' },
  serious: { zh: '严重', en: 'serious' },
  grave: { zh: '特别严重', en: 'especially serious' },
};

/** From and to, both included, in the unit of the range that was given. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly basis: string;
}

const toCents = (n: number): number => Math.round(n * 100) / 100;

/**
 * The part of the lawful range `min` to `max` for a level: minor in the lowest 30 percent 从轻, serious and grave in the highest
 * 30 percent 从重, general between them (关于规范市场监督管理行政处罚裁量权的指导意见 10). A body's own benchmark may be finer.
 * Fails with `law.bad_range` unless 0 ≤ min ≤ max.
 */
export function band(level: DiscretionLevel, min: number, max: number, on: LocalDate): Band {
  if (!(min >= 0 && min <= max && Number.isFinite(max))) {
    throw new Failure('invalid', 'law.bad_range', {
      zh: '处罚幅度的下限不得高于上限',
      en: 'a range must not end below its start',
    });
  }
  const lighter = parameter('penalty.band_lighter', on);
  const heavier = parameter('penalty.band_heavier', on);
  const low = toCents(min + ((max - min) * lighter.value) / 100);
  const high = toCents(max - ((max - min) * heavier.value) / 100);
  switch (level) {
    case 'minor':
      return { from: min, to: low, basis: lighter.basis };
    case 'general':
      return { from: low, to: high, basis: lighter.basis };
    case 'serious':
    case 'grave':
      return { from: high, to: max, basis: heavier.basis };
  }
}
