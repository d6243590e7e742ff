import * as fc from 'fast-check';
import type { ListRequest, ReadModel } from '../../src/ledger/projecting/read-model';
import { KINDS, toyProjection, Workplace, type Step, type ToyRow } from './projection-ledger';
import { WAIT_MS } from '../until';

describe.each(KINDS)('rows for queries in %s', (kind) => {
  let place: Workplace;
  let readModel: ReadModel;

  const given = async (...steps: Step[]): Promise<void> => {
    const position = await place.append(...steps);
    await readModel.waitFor('toy', position, WAIT_MS);
  };
  const ids = (rows: ToyRow[]): string[] => rows.map(({ id }) => id);
  const found = async (search: string): Promise<string[]> =>
    ids((await readModel.list<ToyRow>('toy', 'thing', { ...byKey, search })).rows);
  const byKey = { orderBy: { column: 'key', direction: 'asc' }, limit: 100 } as const;

  beforeEach(async () => {
    place = new Workplace(kind);
    ({ readModel } = await place.open());
    await readModel.waitFor('toy', 0, WAIT_MS);
  });
  afterEach(() => place.dispose());

  test('a row is readable once its position is waited for', async () => {
    await given({ kind: 'opened', id: 'a', amount: 3 });
    expect(await readModel.get('toy', 'thing', 'a')).toMatchObject({ id: 'a', amount: 3, status: 'open' });
    expect(await readModel.get('toy', 'thing', 'b')).toBeUndefined();
    expect(await readModel.position('toy')).toBe(1);
  });

  test('waiting for a position that does not come ends with a failure that may be repeated', async () => {
    await expect(readModel.waitFor('toy', 7, 20)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'read_model.behind',
    });
  });

  test('conditions: a value, none, several, a range with both ends', async () => {
    await given(
      { kind: 'opened', id: 'a', amount: 1 },
      { kind: 'moved', id: 'b', text: '东区', amount: 2 },
      { kind: 'moved', id: 'c', text: '西区', amount: 3 },
      { kind: 'closed', id: 'd', amount: 4 },
    );
    const where = async (where: ListRequest['where']): Promise<string[]> =>
      ids((await readModel.list<ToyRow>('toy', 'thing', { ...byKey, where })).rows);
    expect(await where({ status: 'open' })).toEqual(['a', 'b', 'c']);
    expect(await where({ status: 'open', place: null })).toEqual(['a']);
    expect(await where({ place: ['东区', '西区'] })).toEqual(['b', 'c']);
    expect(await where({ place: ['东区', null] })).toEqual(['a', 'b', 'd']);
    expect(await where({ place: [] })).toEqual([]);
    expect(await where({ amount: { from: 2, to: 3 } })).toEqual(['b', 'c']);
    expect(await where({ amount: { from: 3 }, status: undefined })).toEqual(['c', 'd']);
    expect(await readModel.count('toy', 'thing', { where: { status: 'closed' } })).toBe(1);
    expect(await readModel.count('toy', 'thing')).toBe(4);
  });

  test('what is no query is refused with the field', async () => {
    const request = (part: Partial<ListRequest>): Promise<unknown> =>
      readModel.list('toy', 'thing', { ...byKey, ...part });
    const bad = (field: string): object => ({ kind: 'invalid', code: 'read_model.bad_request', detail: { field } });
    await expect(request({ where: { 'status" --': 'x' } })).rejects.toMatchObject(bad('status" --'));
    await expect(request({ orderBy: { column: 'id', direction: 'asc' } })).rejects.toMatchObject(bad('id'));
    await expect(request({ limit: 501 })).rejects.toMatchObject(bad('limit'));
    await expect(request({ limit: 0 })).rejects.toMatchObject(bad('limit'));
    await expect(request({ cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject(bad('cursor'));
    await expect(readModel.list('toy', 'log', { ...byKey, search: '张三' })).rejects.toMatchObject(bad('search'));
  });

  test('a cursor of another order is refused', async () => {
    await given({ kind: 'opened', id: 'a' }, { kind: 'opened', id: 'b' });
    const { next } = await readModel.list('toy', 'thing', { ...byKey, limit: 1 });
    const other = { column: 'status', direction: 'asc' } as const;
    await expect(readModel.list('toy', 'thing', { orderBy: other, limit: 1, cursor: next })).rejects.toMatchObject({
      code: 'read_model.bad_request',
    });
  });

  test('pages hold every row once and in order, with ties and missing values', async () => {
    const steps = Array.from({ length: 60 }, (_, i): Step => {
      const text = i % 4 === 0 ? undefined : `区${i % 3}`;
      return { kind: text ? 'moved' : 'opened', id: `t${String(i).padStart(2, '0')}`, text };
    });
    await given(...steps);
    const all = (await readModel.list<ToyRow>('toy', 'thing', byKey)).rows;
    const rank = (row: ToyRow): string => `${row.place ?? ''}\u0000${row.id}`;
    const sorted = ids([...all].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)));
    for (const direction of ['asc', 'desc'] as const) {
      for (const limit of [1, 7, 15, 16, 60, 100]) {
        const rows: ToyRow[] = [];
        for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
          const page = await readModel.list<ToyRow>('toy', 'thing', {
            orderBy: { column: 'place', direction },
            limit,
            cursor,
          });
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          rows.push(...page.rows);
          cursor = page.next;
        }
        expect(ids(rows)).toEqual(direction === 'asc' ? sorted : [...sorted].reverse());
      }
    }
  });

  test('a page goes on in its place while rows come and go', async () => {
    await given(...['b', 'd', 'f', 'h'].map((id): Step => ({ kind: 'opened', id })));
    const first = await readModel.list<ToyRow>('toy', 'thing', { ...byKey, limit: 2 });
    await given({ kind: 'opened', id: 'a' }, { kind: 'removed', id: 'd' }, { kind: 'opened', id: 'e' });
    const second = await readModel.list<ToyRow>('toy', 'thing', { ...byKey, limit: 10, cursor: first.next });
    expect(ids(first.rows)).toEqual(['b', 'd']);
    expect(ids(second.rows)).toEqual(['e', 'f', 'h']);
    expect(second.next).toBeUndefined();
  });

  test('text is found by any part of it, in any width and case, and no longer once it is gone', async () => {
    await given(
      { kind: 'noted', id: 'p-1', text: '張三豐商行 明镜市监罚〔2026〕12号' },
      { kind: 'noted', id: 'p-2', text: 'Lǐ Sì（明镜）食品有限公司 ＡＢＣ-12' },
      { kind: 'noted', id: 'p-3', text: '𠮷野家 三張' },
    );
    expect(await found('三豐')).toEqual(['p-1']);
    expect(await found('張三')).toEqual(['p-1']); // 三張 has the same characters in another order
    expect(await found('明镜')).toEqual(['p-1', 'p-2']);
    expect(await found('〔2026〕12')).toEqual(['p-1']);
    expect(await found('2026 12号')).toEqual(['p-1']);
    expect(await found('abc-12')).toEqual(['p-2']);
    expect(await found('镜）食')).toEqual(['p-2']);
    expect(await found('𠮷野')).toEqual(['p-3']);
    expect(await found('豐')).toEqual(['p-1']);
    expect(await found('張')).toEqual(['p-1', 'p-3']);
    expect(await found('〕')).toEqual(['p-1']);
    expect(await found('"明镜* OR')).toEqual([]);
    expect(await found('明镜 食品')).toEqual(['p-2']);
    expect(await found('  ')).toEqual(['p-1', 'p-2', 'p-3']);
    await given({ kind: 'removed', id: 'p-1' }, { kind: 'noted', id: 'p-4', text: '张三' });
    expect(await found('三豐')).toEqual([]);
    await given({ kind: 'noted', id: 'p-4', text: '李四豆腐' });
    expect(await found('四豆')).toEqual(['p-4']);
    expect(await readModel.count('toy', 'thing', { search: '明镜' })).toBe(1);
  });

  test('search finds what a plain search of the text finds', async () => {
    const characters = ['明', '镜', '三', '𠮷', '\u{31350}', '😀', '\ud800', 'a', 'B', '1', '-', '（', ' '];
    const text = fc
      .array(fc.constantFrom(...characters), { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join(''));
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 8 }), text, async (texts, query) => {
        const run = `run${++n}z`;
        const steps = texts.map((each, i): Step => ({ kind: 'noted', id: `${run}${i}`, text: each }));
        if (steps.length > 0) await given(...steps);
        const words = query.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
        const expected = steps.filter(({ id, text = '' }) =>
          words.every((word) => `${id} ${text}`.normalize('NFKC').toLowerCase().includes(word)),
        );
        const rows = await readModel.list<ToyRow>('toy', 'thing', { ...byKey, search: `${run} ${query}` });
        expect(ids(rows.rows)).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: 60 },
    );
  });

  test('a scan gives every row in order of its key, over many pages', async () => {
    await given(...Array.from({ length: 1201 }, (_, i): Step => ({ kind: 'opened', id: String(9999 - i) })));
    const keys: string[] = [];
    for await (const { key, row } of readModel.scan<ToyRow>('toy', 'thing')) {
      expect(row.id).toBe(key);
      keys.push(key);
    }
    expect(keys).toHaveLength(1201);
    expect(keys).toEqual([...keys].sort());
  });

  test('status tells where every projection is', async () => {
    await given({ kind: 'opened', id: 'a' });
    expect(await readModel.status()).toEqual([
      { name: 'toy', version: 1, generation: 1, position: 1, head: 1, lagEvents: 0, lagMs: 0, state: 'live' },
    ]);
  });

  test('names that could not be tables are refused at start', async () => {
    const other = new Workplace(kind);
    const odd = toyProjection({ tables: { 'thing"; DROP': {} } });
    await expect(other.open({ projections: [odd] })).rejects.toThrow('not a name');
    await other.dispose();
  });
});
