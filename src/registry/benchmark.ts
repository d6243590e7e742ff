import { ownBody, evolveBy, rule, when, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import type { LocalDate } from '../kernel/time';
import { penaltyKind } from '../law/penalty-kinds';
import * as command from './benchmark-commands';
import { checkLegalBasis } from './legal-basis';
import { powerDecider, powerOn, type PowerState } from './power';
import * as E from './registry-events';

export interface BenchmarkVersion {
  readonly validFrom: LocalDate;
  readonly unit: 'yuan' | 'multiple';
  readonly bands: readonly E.BenchmarkBand[];
  readonly filedForRecord: boolean;
}

/** A discretion benchmark 裁量基准 (F01, F02) as decisions see it: one violation under one power. */
export interface BenchmarkState {
  readonly powerCode: string;
  readonly bodyId: string;
  /** Oldest first. */
  readonly versions: readonly BenchmarkVersion[];
}

const initialState: BenchmarkState = { powerCode: '', bodyId: '', versions: [] };

/**
 * Between what and what the fine lies for a level, by the version in force that day: both ends included, in yuan or in
 * multiples of the base the law names. Undefined when no benchmark was in force.
 */
export function bandFor(
  state: BenchmarkState | undefined,
  level: E.BenchmarkLevel,
  on: LocalDate,
): { min: number; max: number; unit: 'yuan' | 'multiple' } | undefined {
  const inForce = state?.versions.findLast((v) => v.validFrom <= on);
  const band = inForce?.bands.find((b) => b.level === level);
  return inForce && band ? { min: band.min, max: band.max, unit: inForce.unit } : undefined;
}

/** Four levels in their order, each range starting no lower than where the one before ends, and ending higher (国办发〔2022〕27号). */
function checkBands(bands: readonly E.BenchmarkBand[]): void {
  require_(
    bands.length === E.LEVELS.length && bands.every((b, i) => b.level === E.LEVELS[i]),
    'benchmark.four_levels',
    {
      zh: '裁量基准须依次列明轻微、一般、严重、特别严重四个层次。',
      en: 'A benchmark lists the four levels in their order: minor, general, serious, grave.',
      basis: 'F01',
      field: 'bands',
    },
  );
  bands.forEach((band, i) => {
    require_(band.min <= band.max, 'benchmark.band_reversed', {
      zh: '裁量幅度的下限高于上限。',
      en: 'A band ends below its start.',
      basis: 'F01',
      field: `bands.${i}`,
    });
    const below = bands[i - 1];
    require_(!below || (below.max <= band.min && below.max < band.max), 'benchmark.bands_overlap', {
      zh: '各层次的裁量幅度须逐级递增，不得交叉。',
      en: 'The bands rise from level to level and do not overlap.',
      basis: 'F01、国办发〔2022〕27号',
      field: `bands.${i}`,
    });
  });
}

function checkTerms(c: command.PublishBenchmark | command.ReplaceBenchmark): void {
  require_(
    c.penaltyKinds.every((id) => penaltyKind(id)),
    'benchmark.unknown_penalty_kind',
    {
      zh: '处罚种类不在行政处罚法第九条所列种类之内。',
      en: 'A kind of penalty is not one that the law names.',
      basis: '行政处罚法第9条',
      field: 'penaltyKinds',
    },
  );
  checkLegalBasis(c.legalBasis, true, c.validFrom);
  checkBands(c.bands);
}

function checkPower(power: PowerState | undefined, on: LocalDate): string {
  const inForce = powerOn(power, on);
  require_(inForce && power?.powerClass === 'penalty', 'benchmark.no_live_penalty_power', {
    zh: '裁量基准须对应职权目录中有效的行政处罚事项。',
    en: 'A benchmark belongs to a penalty power that is in force.',
    basis: 'B03、F01',
    field: 'powerCode',
  });
  return inForce.bodyId;
}

function published(state: BenchmarkState): BenchmarkVersion {
  const latest = state.versions.at(-1);
  require_(latest, 'benchmark.not_published', {
    zh: '该裁量基准尚未公布。',
    en: 'This benchmark has not been published.',
    basis: 'F02、行政处罚法第34条',
  });
  return latest;
}

const versionOf = (d: Readonly<E.BenchmarkPublished> | Readonly<E.BenchmarkReplaced>): BenchmarkVersion => ({
  validFrom: d.validFrom,
  unit: d.unit,
  bands: d.bands,
  filedForRecord: false,
});

export const benchmarkDecider: Decider<BenchmarkState> = {
  category: 'benchmark',
  collection: 'benchmarks',
  zh: '裁量基准',
  en: 'Discretion benchmarks',
  initialState,
  bodyOf: ownBody,
  evolve: evolveBy<BenchmarkState>(
    when(E.BenchmarkPublished, (_, d) => ({ powerCode: d.powerCode, bodyId: d.bodyId, versions: [versionOf(d)] })),
    when(E.BenchmarkReplaced, (s, d) => ({ ...s, versions: [...s.versions, versionOf(d)] })),
    when(E.BenchmarkFiled, (s, d) => ({
      ...s,
      versions: s.versions.map((v, i) => (i + 1 === d.version ? { ...v, filedForRecord: true } : v)),
    })),
  ),
  references: (c, state) =>
    c instanceof command.PublishBenchmark
      ? [['power', c.powerCode]]
      : c instanceof command.ReplaceBenchmark
        ? [['power', state.powerCode]]
        : [],
  rules: [
    rule({
      command: command.PublishBenchmark,
      may: ['registrar', 'head'],
      basis: 'F01、F02、行政处罚法34',
      zh: '公布裁量基准',
      en: 'Publish a benchmark',
      decide(c, state, circumstances) {
        require_(state.versions.length === 0, 'benchmark.published_already', {
          zh: '该裁量基准已经公布，变更请用修订。',
          en: 'This benchmark is published already; replace it to change it.',
          basis: 'F02',
        });
        const bodyId = checkPower(circumstances.lookUp(powerDecider, c.powerCode), c.validFrom);
        checkTerms(c);
        return [event(E.BenchmarkPublished, { version: 1, bodyId, ...contentOf(c) })];
      },
    }),
    rule({
      command: command.ReplaceBenchmark,
      may: ['registrar', 'head'],
      basis: 'F01、B09',
      zh: '修订裁量基准',
      en: 'Replace a benchmark',
      decide(c, state, circumstances) {
        const latest = published(state);
        require_(latest.validFrom < c.validFrom, 'benchmark.version_order', {
          zh: `新版本须晚于现行版本的生效日 ${latest.validFrom}。`,
          en: `A new version starts after the one in force from ${latest.validFrom}.`,
          basis: 'B09',
          field: 'validFrom',
        });
        checkPower(circumstances.lookUp(powerDecider, state.powerCode), c.validFrom);
        checkTerms(c);
        return [event(E.BenchmarkReplaced, { version: state.versions.length + 1, ...contentOf(c) })];
      },
    }),
    rule({
      command: command.FileBenchmark,
      may: ['registrar', 'supervisor'],
      basis: 'F01',
      zh: '裁量基准备案',
      en: 'File a benchmark for record',
      decide(c, state, { occurredOn }) {
        if (published(state).filedForRecord) return [];
        return [event(E.BenchmarkFiled, { version: state.versions.length, ...contentOf(c), filedOn: occurredOn })];
      },
    }),
  ],
};
