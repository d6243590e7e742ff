import { event } from '../../src/kernel/event';
import { bandFor, benchmarkDecider } from '../../src/registry/benchmark';
import * as C from '../../src/registry/benchmark-commands';
import { powerDecider } from '../../src/registry/power';
import * as E from '../../src/registry/registry-events';
import { evolved } from './evolved';
import { given } from './specification';

const CODE = 'CG-CF-0101';
const power = event(E.PowerListed, {
  code: CODE,
  name: '擅自占用道路摆摊的处罚',
  powerClass: 'penalty',
  legalBasis: [{ instrument: '行政处罚法', article: '第九条' }],
  bodyId: 'body-1',
  office: '执法一中队',
  disclosureForm: '网站',
  disclosureScope: '社会',
  disclosureTime: '长期',
  validFrom: '2026-01-01',
});
const bands: E.BenchmarkBand[] = [
  { level: 'minor', conditions: '初次违法并及时改正', min: 0, max: 0 },
  { level: 'general', conditions: '占道不足十平方米', min: 100, max: 500 },
  { level: 'serious', conditions: '占道十平方米以上', min: 500, max: 1000 },
  { level: 'grave', conditions: '阻塞交通', min: 1000, max: 5000 },
];
const terms = {
  violation: '擅自占用道路摆摊',
  legalBasis: [{ instrument: '行政处罚法', article: '第九条' }],
  penaltyKinds: ['warning', 'fine'],
  unit: 'yuan' as const,
  bands,
  validFrom: '2026-02-01',
};
const published = event(E.BenchmarkPublished, { version: 1, powerCode: CODE, bodyId: 'body-1', ...terms });
const fresh = () => given(benchmarkDecider).knowing(powerDecider, CODE, power);
const withBands = (change: Partial<Record<E.BenchmarkLevel, Partial<E.BenchmarkBand>>>) =>
  bands.map((b) => ({ ...b, ...change[b.level] }));

describe('F01, F02 the discretion benchmark', () => {
  it('is published for a penalty power, with the five things people are told', () =>
    fresh()
      .when(C.PublishBenchmark, { powerCode: CODE, ...terms })
      .then(published));

  it('is published once; after that it is replaced', () =>
    given(benchmarkDecider, published)
      .knowing(powerDecider, CODE, power)
      .when(C.PublishBenchmark, { powerCode: CODE, ...terms })
      .thenRefused('benchmark.published_already', 'F02'));

  it('refuses a power that is not in force or no penalty power (B03)', () => {
    given(benchmarkDecider)
      .when(C.PublishBenchmark, { powerCode: CODE, ...terms })
      .thenRefused('benchmark.no_live_penalty_power', 'B03');
    given(benchmarkDecider)
      .knowing(powerDecider, CODE, power)
      .when(C.PublishBenchmark, { powerCode: CODE, ...terms, validFrom: '2025-12-31' })
      .thenRefused('benchmark.no_live_penalty_power', 'B03');
    given(benchmarkDecider)
      .knowing(powerDecider, CODE, event(E.PowerListed, { ...power, powerClass: 'inspection' }))
      .when(C.PublishBenchmark, { powerCode: CODE, ...terms })
      .thenRefused('benchmark.no_live_penalty_power', 'B03');
  });

  it.each([
    ['three levels', bands.slice(1)],
    ['levels out of order', [bands[1], bands[0], bands[2], bands[3]]],
  ])('refuses %s', (_, wrong) =>
    fresh()
      .when(C.PublishBenchmark, { powerCode: CODE, ...terms, bands: wrong })
      .thenRefused('benchmark.four_levels', 'F01'),
  );

  it.each([
    ['overlapping ranges', withBands({ serious: { min: 400 } })],
    ['a level no higher than the one below', withBands({ serious: { min: 500, max: 500 } })],
  ])('refuses %s (国办发〔2022〕27号)', (_, wrong) =>
    fresh()
      .when(C.PublishBenchmark, { powerCode: CODE, ...terms, bands: wrong })
      .thenRefused('benchmark.bands_overlap', '国办发〔2022〕27号'),
  );

  it('refuses a range that ends below its start', () =>
    fresh()
      .when(C.PublishBenchmark, { powerCode: CODE, ...terms, bands: withBands({ grave: { min: 6000 } }) })
      .thenRefused('benchmark.band_reversed', 'F01'));

  it('refuses a penalty that the law does not know (行政处罚法 9)', () =>
    fresh()
      .when(C.PublishBenchmark, { powerCode: CODE, ...terms, penaltyKinds: ['flogging'] })
      .thenRefused('benchmark.unknown_penalty_kind', '行政处罚法第9条'));

  it('refuses a normative document as its basis (G01)', () =>
    fresh()
      .when(C.PublishBenchmark, {
        powerCode: CODE,
        ...terms,
        legalBasis: [{ instrument: '国办发〔2018〕118号', article: '（六）' }],
      })
      .thenRefused('power.basis_rank', 'G01'));

  it('is filed for record once a version (F01)', () => {
    const filed = event(E.BenchmarkFiled, {
      version: 1,
      filedWith: '明镜市司法局',
      reference: '备7',
      filedOn: '2026-03-10',
    });
    const file = { filedWith: '明镜市司法局', reference: '备7' };
    given(benchmarkDecider, published).when(C.FileBenchmark, file).then(filed);
    given(benchmarkDecider, published, filed).when(C.FileBenchmark, file).thenNothing();
    given(benchmarkDecider).when(C.FileBenchmark, file).thenRefused('benchmark.not_published', 'F02');
  });

  it('its replacement leaves earlier days as they were (B09)', () => {
    const next = {
      ...terms,
      bands: withBands({ grave: { max: 8000 } }),
      validFrom: '2026-06-01',
      reason: '上位法修改',
    };
    const replaced = event(E.BenchmarkReplaced, { version: 2, ...next });
    given(benchmarkDecider, published).knowing(powerDecider, CODE, power).when(C.ReplaceBenchmark, next).then(replaced);
    const state = evolved(benchmarkDecider, published, replaced);
    expect(bandFor(state, 'grave', '2026-01-31')).toBeUndefined();
    expect(bandFor(state, 'grave', '2026-05-31')).toEqual({ min: 1000, max: 5000, unit: 'yuan' });
    expect(bandFor(state, 'grave', '2026-06-01')).toEqual({ min: 1000, max: 8000, unit: 'yuan' });
    given(benchmarkDecider, published)
      .knowing(powerDecider, CODE, power)
      .when(C.ReplaceBenchmark, { ...next, validFrom: '2026-02-01' })
      .thenRefused('benchmark.version_order', 'B09');
    given(benchmarkDecider).when(C.ReplaceBenchmark, next).thenRefused('benchmark.not_published', 'F02');
  });
});
