import { projections } from '../../projections/all';
import { DecisionAmended } from '../../src/enforcement/decision-events';
import { event } from '../../src/kernel/event';
import { ERASED } from '../../src/kernel/erased';
import { dump } from '../../src/ledger/projecting/dump';
import type { ReadModel } from '../../src/ledger/projecting/read-model';
import { PersonalDataErased } from '../../src/privacy/erasure-events';
import { addressOf } from '../../src/privacy/subject';
import { Agency } from '../process-managers/agency';
import { filed } from '../process-managers/sample-acts';
import { RowsInPostgres } from './rows-in-postgres';
import { personalCity, PLANTED, SUBJECTS } from './personal-city';
import { WAIT_MS } from '../until';

let agency: Agency;
let inPostgres: RowsInPostgres;

beforeEach(async () => {
  agency = await new Agency().on('2026-01-01').open();
  inPostgres = await RowsInPostgres.open(agency.running.store);
  await personalCity(agency);
});
afterEach(async () => {
  await inPostgres.close();
  await agency.close();
});

/** As decided: whether it may be is the rules' to say, and they are not asked here. */
const erase = (subject: string): Promise<void> =>
  agency.happened(
    `subject-${addressOf(subject)}`,
    event(PersonalDataErased, { subject, ground: 'unlawful', basis: '个人信息保护法第47条第1款第4项' }),
  );

/** Every row of every read model, a line each; the same in both stores. */
async function rows(): Promise<string[]> {
  await inPostgres.settled();
  const lines = await linesOf(agency.running.rows.readModel);
  expect(await linesOf(inPostgres.shared.readModel)).toEqual(lines);
  return lines;
}

async function linesOf(readModel: ReadModel): Promise<string[]> {
  const lines: string[] = [];
  for (const projection of projections) {
    for await (const line of dump(readModel, projection)) lines.push(`${projection.name} ${line}`);
  }
  return lines;
}

async function rebuilt(): Promise<string[]> {
  const { runner } = agency.running.rows;
  for (const { name } of projections) await runner.rebuild(name);
  await Promise.all([runner.settled(), inPostgres.rebuilt()]);
  await agency.settled();
  return rows();
}

/** How many cases a search finds, in both stores. */
async function found(search: string): Promise<number> {
  await inPostgres.settled();
  const cases = await agency.running.rows.readModel.count('case-file', 'case', { search });
  expect(await inPostgres.shared.readModel.count('case-file', 'case', { search })).toBe(cases);
  return cases;
}

/** Whose planted texts are in the rows. */
const shown = (lines: readonly string[]): string[] =>
  SUBJECTS.filter((subject) => PLANTED[subject].some((text) => lines.some((line) => line.includes(text))));

const IN_ROWS = ['party:p-a', 'party:p-b', 'party:p-h', 'complainant:complainant-c1', 'complainant:complainant-c2'];

test('after each erasure the rows say nothing of the subject, everything of the others, and are those of a rebuild', async () => {
  await agency.settled();
  expect(shown(await rows())).toEqual(IN_ROWS);
  const erased: string[] = [];
  for (const subject of SUBJECTS) {
    await erase(subject);
    await agency.settled();
    erased.push(subject);
    const live = await rows();
    expect(shown(live)).toEqual(IN_ROWS.filter((each) => !erased.includes(each)));
    expect(await rebuilt()).toEqual(live);
  }
  await agency.forgetReadModel();
  expect(shown(await linesOf(agency.running.rows.readModel))).toEqual([]);
  expect(await agency.running.rows.processes.refusals()).toEqual([]);
});

test('an erased name is found no more, and the marker stands where it was; the rest of the case is as it was', async () => {
  await agency.settled();
  expect(await found('龘靐')).toBe(3);
  const before = await agency.running.rows.readModel.get<object>('case-file', 'case', 'a1');
  await erase('party:p-a');
  await agency.settled();
  expect(await found('龘靐')).toBe(0);
  expect(await found('靐')).toBe(0);
  expect(await found('无照经营')).toBe(4);
  const fields = { name: ERASED, identifier: ERASED, address: ERASED, phone: ERASED };
  expect(await agency.running.rows.readModel.get('case-file', 'case', 'a1')).toEqual({
    ...before,
    party: { id: 'p-a', kind: 'natural_person', publicName: '龘某某', ...fields },
  });
});

test('an erasure in the middle of a rebuild, and rows not in the file yet, are erased as well', async () => {
  await agency.settled();
  const { runner } = agency.running.rows;
  for (const { name } of projections) await runner.rebuild(name);
  for (const { name } of projections) await inPostgres.shared.runner.rebuild(name);
  await Promise.all([erase('party:p-b'), erase('complainant:complainant-c1')]);
  await runner.settled();
  await agency.settled();
  const live = await rows();
  expect(shown(live)).toEqual(['party:p-a', 'party:p-h', 'complainant:complainant-c2']);
  expect(await rebuilt()).toEqual(live);
});

test('in PostgreSQL the tables are vacuumed before anybody is told that the rows reach the erasure', async () => {
  await inPostgres.settled();
  const vacuumed = async (): Promise<number> => {
    const [{ times }] = await inPostgres.postgres.query<{ times: number }>(
      `SELECT sum(vacuum_count)::bigint AS times FROM pg_stat_user_tables
       WHERE schemaname = current_schema() AND relname ~ '_case$'`,
    );
    return times;
  };
  expect(await vacuumed()).toBe(0);
  await erase('party:p-a');
  await inPostgres.shared.readModel.waitFor('case-file', await agency.head(), WAIT_MS);
  expect(await vacuumed()).toBeGreaterThan(0);
});

test('what was still written of the subject between the decision and the destruction of the key is erased with the rest', async () => {
  await agency.settled();
  const late = filed({ partyId: 'p-a', partyName: PLANTED['party:p-a'][0], caseNumber: '明市监立〔2026〕9号' });
  await erase('party:p-a');
  await agency.happened('case-late', late).catch((error: { code?: string }) => {
    expect(error.code).toBe('privacy.subject_erased'); // the key was destroyed before
  });
  await agency.settled();
  const live = await rows();
  expect(shown(live)).not.toContain('party:p-a');
  expect(await rebuilt()).toEqual(live);
});

test('a decision that is changed after the erasure is made public as before: the name masked, nothing stalls', async () => {
  await agency.settled();
  await erase('party:p-a');
  await agency.settled();
  const amended = event(DecisionAmended, {
    ...{
      documentNumber: '明市监处罚〔2026〕1号',
      amendingDocument: '明市监处罚〔2026〕1-1号',
      amendedOn: '2026-04-02',
    },
    ...{
      penalties: [{ kind: 'fine', amountYuan: 100, content: '罚款100元' }],
      fineYuan: 100,
      publicReason: '复议变更',
    },
    ...{ authority: 'reconsideration', approvedBy: 'l-1' },
  } as unknown as DecisionAmended);
  await agency.happened('case-a1', amended);
  await agency.settled();
  const { readModel, processes } = agency.running.rows;
  expect(await processes.refusals()).toEqual([]);
  expect(await readModel.get('public-notices', 'notice', 'a1.2')).toMatchObject({
    status: 'draft',
    text: { partyPublicName: '龘某某' },
  });
});
