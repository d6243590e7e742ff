import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseFile } from '../../projections/case-file/case-file';
import type { CaseRow } from '../../projections/case-file/rows';
import { CaseAt, CaseAtHandler, CaseDifferences, CaseDifferencesHandler } from '../../src/enforcement/case.queries';
import type { Actor } from '../../src/kernel/event';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { startedClock } from './clocks';
import { Story } from './folding';
import { toldOrdinary } from './told';

const inspector: Actor = { kind: 'person', account: 'account-s', body: 'body-1', roles: ['supervisor'] };

describe('a case at a past moment (D01)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-history-'));
  const store = SqliteEventStore.open({ directory });
  let story: Story;

  beforeAll(async () => {
    story = new Story();
    // Another record first, so that positions of the ledger and revisions of the case differ.
    story.add('case-2', '2026-03-01T02:00:00.000Z', startedClock());
    toldOrdinary('archived', 'case-1', story);
    await story.appendTo(store);
  });
  afterAll(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });

  const at = (moment: { position?: number; date?: string }, actor = inspector, id = '1') =>
    new CaseAtHandler(store).execute(new CaseAt(id, moment, actor));
  const changes = (from: { position?: number; date?: string }, to: { position?: number; date?: string }) =>
    new CaseDifferencesHandler(store).execute(new CaseDifferences('1', from, to, inspector));

  test('is the row that was there then, at every position', async () => {
    for (const { position } of story.events.slice(1)) {
      const { gaps: _, timeline, ...then } = await at({ position });
      expect(timeline.at(-1)?.position).toBe(position);
      const row = story.fold(caseFile, position).get<CaseRow>('case', '1')!;
      expect(JSON.parse(JSON.stringify(then))).toMatchObject(JSON.parse(JSON.stringify(row)) as object);
    }
  });

  test('is, without a moment, the case as it stands; by a date, as it had been recorded by the end of that day', async () => {
    expect(await at({})).toMatchObject({ stage: 'archived', position: story.events.length });
    expect(await at({ date: '2026-04-01' })).toMatchObject({ stage: 'noticed' });
    expect(await at({ date: '2026-04-02' })).toMatchObject({ stage: 'decided', fineYuan: 12000 });
  });

  test('is not found before it began, nor by another body', async () => {
    const none = { kind: 'not_found', code: 'record.not_found' };
    await expect(at({ position: 1 })).rejects.toMatchObject(none);
    await expect(at({ date: '2026-01-01' })).rejects.toMatchObject(none);
    await expect(at({}, { ...inspector, body: 'body-2' })).rejects.toMatchObject(none);
    await expect(at({}, inspector, 'none-such')).rejects.toMatchObject(none);
  });

  test('differs from another moment by exactly what happened between them', async () => {
    expect(await changes({ date: '2026-04-02' }, { date: '2026-04-02' })).toEqual([]);
    const differences = await changes({ date: '2026-04-09' }, { date: '2026-04-10' });
    expect(differences).toContainEqual({ kind: 'changed', path: 'paidYuan', before: 0, after: 12000 });
    expect(differences).toContainEqual(expect.objectContaining({ kind: 'added', path: 'links.execution' }));
    expect(differences.map((d) => d.path)).not.toContain('fineYuan');
    const back = await changes({ date: '2026-04-10' }, { date: '2026-04-09' });
    expect(back).toContainEqual({ kind: 'changed', path: 'paidYuan', before: 12000, after: 0 });
  });

  test('differs from the time before it began by all that it holds', async () => {
    const differences = await changes({ position: 1 }, { position: 2 });
    expect(differences.every((d) => d.kind === 'added')).toBe(true);
    expect(differences).toContainEqual(expect.objectContaining({ path: 'id', after: '1' }));
  });
});
