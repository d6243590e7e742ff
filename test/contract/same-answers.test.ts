import * as fc from 'fast-check';
import { digest } from '../../src/ledger/projecting/dump';
import { answerTo, queriesOf } from './generated-queries';
import { toyProjection, Workplace, type Step } from './projection-ledger';
import { WAIT_MS } from '../until';

const character = fc.constantFrom(
  ...['明', '镜', '三', '張', '𠮷', '\u{31350}', '😀', '\ud800', '\0', '\u{10ffff}', '\uffff', 'é', 'e\u0301', 'ß'],
  ...['ﬁ', 'Ａ', 'a', 'B', '1', '-', '（', '%', '_', '\\', '"', "'", ' ', '\t', '　', ','],
);
const text = fc.array(character, { minLength: 1, maxLength: 10 }).map((parts) => parts.join(''));
const step: fc.Arbitrary<Step> = fc.record(
  {
    kind: fc.constantFrom('opened', 'noted', 'moved', 'closed', 'removed'),
    id: fc.oneof(text, fc.constantFrom('a', 'b', 'A', 'é', '三')),
    text: fc.oneof(text, fc.constantFrom('东区', '西区')),
    amount: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  },
  { requiredKeys: ['kind', 'id'] },
);

test('the same events give the same rows and the same answers in both stores, whatever the texts and numbers are', async () => {
  const place = new Workplace('sqlite');
  const other = new Workplace('postgres');
  try {
    const projection = toyProjection();
    const inFile = await place.open();
    const inPostgres = await other.open({ store: place.store });
    let queries = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const position = await place.append(...steps);
        await Promise.all([inFile, inPostgres].map((each) => each.readModel.waitFor('toy', position, WAIT_MS)));
        expect(await digest(inPostgres.readModel, projection)).toEqual(await digest(inFile.readModel, projection));
        const all = fc.oneof(...(await queriesOf(inFile.readModel, projection)));
        for (const query of fc.sample(all, 30)) {
          queries += 1;
          expect([query, await answerTo(inPostgres.readModel, query)]).toEqual([
            query,
            await answerTo(inFile.readModel, query),
          ]);
        }
      }),
      { numRuns: 12 },
    );
    expect(queries).toBeGreaterThanOrEqual(360);
    for (const { runner } of [inFile, inPostgres]) await runner.rebuild('toy');
    for (const { runner } of [inFile, inPostgres]) await runner.settled();
    expect(await digest(inPostgres.readModel, projection)).toEqual(await digest(inFile.readModel, projection));
  } finally {
    await other.dispose();
    await place.dispose();
  }
});
