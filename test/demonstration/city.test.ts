import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseRow } from '../../projections/case-file/rows';
import type { MatterRow } from '../../projections/accountability/rows';
import type { NoticeRow } from '../../projections/public-notices/rows';
import { Accounts } from '../../src/access/accounts';
import { logLocation, readConfig, type Config } from '../../src/config';
import { DEMO_PASSWORD, shownAccounts } from '../../src/demonstration/accounts';
import { courses } from '../../src/demonstration/courses';
import { ensureCity } from '../../src/demonstration/demonstration';
import { planCity } from '../../src/demonstration/plan';
import type { RecordedEvent } from '../../src/kernel/event';
import type { Failure } from '../../src/kernel/errors';
import { isValidIdCard, isValidUscc } from '../../src/law/identifiers';
import { MAX_PAGE_EVENTS } from '../../src/ledger/event-store';
import { openLogStorage } from '../../src/ledger/location';
import { LogProver, type PublishedCheckpoint } from '../../src/ledger/transparency/prover';
import { openMingjing, type Mingjing } from '../../src/server';
import { storesUnderTest } from '../postgres/fresh-schema';
import { WAIT_MS } from '../until';

const TODAY = '2026-11-22';
const CASES = courses.length;
const SLOW_MS = 180_000;

const directories: string[] = [];
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-city-'));
  directories.push(directory);
  return directory;
};
afterAll(() => directories.forEach((d) => rmSync(d, { recursive: true, force: true })));

const configOf = (dataDirectory: string): Config => ({
  ...readConfig({}),
  ...{ dataDirectory, logLevel: 'silent' },
  ...storesUnderTest(dataDirectory),
});

async function everyEvent({ store }: Mingjing): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (;;) {
    const from = events.length + 1;
    const page = await store.readAll({ direction: 'forwards', from, limit: MAX_PAGE_EVENTS });
    events.push(...page);
    if (page.length < MAX_PAGE_EVENTS) return events;
  }
}

async function everyRow<T extends object>({ rows }: Mingjing, projection: string, table: string): Promise<T[]> {
  const found: T[] = [];
  for await (const { row } of rows.readModel.scan<T>(projection, table)) found.push(row);
  return found;
}

/** Event ids are new in every ledger; what they stand for is the same: an event's place in its stream. */
function withoutIds(events: readonly RecordedEvent[]): Map<string, string[]> {
  const place = new Map<string, string>();
  const streamOf = (stream: string): string =>
    stream.replace(/^matter-auto-(.*)$/, (_, id: string) => `matter-of-${place.get(id)}`);
  for (const e of events) place.set(e.id, `${streamOf(e.stream)}@${e.revision}`);
  const byStream = new Map<string, string[]>();
  for (const { stream, type, data, metadata } of events) {
    const { commandId: _id, commandDigest: _digest, ...told } = metadata;
    const text = JSON.stringify({ type, data, metadata: told }).replace(
      /(auto-)?([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})/g,
      (_, auto: string | undefined, id: string) => `${auto ?? ''}${place.get(id) ?? id}`,
    );
    const name = streamOf(stream);
    byStream.set(name, [...(byStream.get(name) ?? []), text]);
  }
  return byStream;
}

describe('the demonstration city', () => {
  const directory = newDirectory();
  let city: Mingjing;
  let events: RecordedEvent[];
  let sealed: PublishedCheckpoint;
  const plan = planCity({ today: TODAY, cases: CASES });
  const caseOf = (course: string): string => {
    const found = plan.cases.find((s) => s.case.course.id === course);
    if (!found) throw new Error(`no case of the course ${course}`);
    return found.case.id;
  };
  const typesOf = (stream: string): string[] => events.filter((e) => e.stream === stream).map((e) => e.type);

  beforeAll(async () => {
    await ensureCity(configOf(directory), { today: TODAY, cases: CASES });
    sealed = await new LogProver(
      await openLogStorage(logLocation(configOf(directory)), { readOnly: true }),
    ).checkpoint();
    city = await openMingjing(configOf(directory), { seal: false });
    events = await everyEvent(city);
    for (const projection of ['case-file', 'public-notices', 'accountability']) {
      await city.rows.readModel.waitFor(projection, await city.store.head(), WAIT_MS);
    }
  }, SLOW_MS);
  afterAll(() => city?.close());

  it('tells every story once', async () => {
    const rows = await everyRow<CaseRow>(city, 'case-file', 'case');
    expect(rows.map((row) => row.id).sort()).toEqual(plan.cases.map((s) => s.case.id).sort());
    const stageOf = (course: string): string | undefined => rows.find((row) => row.id === caseOf(course))?.stage;
    expect({
      clue: stageOf('at-clue'),
      investigation: stageOf('at-investigation'),
      concluded: stageOf('at-concluded'),
      review: stageOf('at-review'),
      reviewed: stageOf('at-reviewed'),
      noticed: stageOf('at-noticed'),
      decided: stageOf('at-decided'),
      served: stageOf('at-served'),
      archived: stageOf('complaint-to-archive'),
    }).toEqual({
      clue: 'clue',
      investigation: 'investigation',
      concluded: 'concluded',
      review: 'review',
      reviewed: 'reviewed',
      noticed: 'noticed',
      decided: 'decided',
      served: 'served',
      archived: 'archived',
    });
    const stories = {
      hearing: 'HearingHeld',
      defended: 'StatementAnswered',
      instalments: 'InstalmentsApproved',
      surcharge: 'LateSurchargeAssessed',
      reconsidered: 'RemedyEnded',
      revoked: 'DecisionRevoked',
      declined: 'FilingDeclined',
      police: 'CaseTransferred',
      'on-the-spot-collected': 'CollectedFineHandedOver',
      tested: 'DecisionTimeExtended',
      court: 'CourtEnforcementApplied',
      ended: 'InvestigationEnded',
      'running-late': 'ClockMissed',
    };
    for (const [course, type] of Object.entries(stories)) expect(typesOf(`case-${caseOf(course)}`)).toContain(type);
  });

  it('has a notice wherever a penalty was decided, published or withheld where its time has come', async () => {
    const notices = await everyRow<NoticeRow>(city, 'public-notices', 'notice');
    const decided = events.filter((e) => e.type === 'PenaltyDecided' && e.data.outcome === 'penalty');
    expect(notices.map((n) => `case-${n.id}`).sort()).toEqual(decided.map((e) => e.stream).sort());
    const unpublished = notices.filter((n) => n.status === 'draft' || n.status === 'reviewed');
    for (const n of unpublished) expect(n.channels.every((c) => !c.dueOn || c.dueOn >= plan.end)).toBe(true);
    const statusOf = (course: string): string | undefined => notices.find((n) => n.id === caseOf(course))?.status;
    expect([statusOf('revoked'), statusOf('minor'), statusOf('corrected')]).toEqual([
      'withdrawn',
      'withheld',
      'published',
    ]);
  });

  it('shows no name of a natural person in public', async () => {
    const notices = await everyRow<NoticeRow>(city, 'public-notices', 'notice');
    const persons = plan.cases.filter((s) => s.case.party.partyKind === 'natural_person').map((s) => s.case.party);
    const shown = JSON.stringify(notices);
    for (const { partyName, partyIdentifier } of persons) {
      expect(shown).not.toContain(partyIdentifier);
      if (partyName.length > 2) expect(shown).not.toContain(partyName);
    }
  });

  it('answers for what the ledger itself raised from a missed clock, and keeps an unpaid recovery open', async () => {
    const matters = await everyRow<MatterRow>(city, 'accountability', 'matter');
    const raised = matters.find(
      (m) => m.raisedBy === 'ledger' && m.origin.stream === `case-${caseOf('served-late')}` && m.status === 'closed',
    );
    expect(raised).toMatchObject({ ground: 'limit_overrun', closedOutcome: 'measures_imposed' });
    // The program looks every day: a late notice was missed before it was published, and one delay is one matter.
    const kinds = new Set(matters.map((m) => m.origin.kind));
    expect([kinds.has('notice_unpublished'), kinds.has('notice_late')]).toEqual([true, false]);
    const wrongCase = matters.find((m) => m.id === `m-${caseOf('revoked')}`);
    expect(wrongCase).toMatchObject({ status: 'determined', recoveryOutstandingYuan: 1500 });
    // What the matter ordered has reached the officer's own record.
    expect(typesOf(`officer-${wrongCase?.officerIds[0]}`)).toEqual(expect.arrayContaining(['OfficerStoodDown']));
  });

  it('has complaints of all eleven topics, and appraisals whose marks cite events of the ledger', () => {
    const lodged = events.filter((e) => e.type === 'ComplaintLodged');
    expect(new Set(lodged.map((e) => e.data.topic)).size).toBe(11);
    for (const type of [
      'ComplaintRefused',
      'ComplaintTransferred',
      'ComplaintReopened',
      'ComplaintPublicized',
      'ServiceRated',
    ]) {
      expect(events.some((e) => e.type === type)).toBe(true);
    }
    const known = new Set(events.map((e) => e.id));
    const marks = events.filter((e) => e.type === 'CaseMarked');
    expect(marks.length).toBeGreaterThan(2);
    for (const { data } of marks) {
      for (const cited of data.citations as Array<{ eventId: string }>) expect(known).toContain(cited.eventId);
    }
  });

  it('names nobody who could be real: numbers check, and lie where none are given out', () => {
    const text = JSON.stringify(events.map((e) => e.data));
    const phones = text.match(/(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}/g) ?? [];
    expect(phones.length).toBeGreaterThan(20);
    for (const phone of phones) expect(phone).toMatch(/^(160\d{8}|0399-\d{7})$/);
    for (const { case: c } of plan.cases) {
      const { partyKind, partyIdentifier } = c.party;
      const person = partyKind === 'natural_person';
      expect(person ? isValidIdCard(partyIdentifier) : isValidUscc(partyIdentifier)).toBe(true);
      expect(partyIdentifier).toMatch(person ? /^910099/ : /^9[12]990101/);
    }
  });

  it('is in the transparency log to the last event once it is made', () => {
    expect([sealed.origin, sealed.size]).toEqual(['localhost/log', events.length]);
  });

  it('lies in the past, act before record', () => {
    for (const { metadata } of events) {
      expect(metadata.occurredAt <= metadata.recordedAt).toBe(true);
      expect(metadata.recordedAt < `${TODAY}T00`).toBe(true);
    }
  });

  it('lets every account that is printed sign in with the printed password', async () => {
    const accounts = city.app.get(Accounts);
    for (const [login] of shownAccounts) expect((await accounts.authenticate(login, DEMO_PASSWORD))?.login).toBe(login);
  });

  it('is the same again in another folder, and is only started where it is', async () => {
    const other = newDirectory();
    const made = await ensureCity(configOf(other), { today: TODAY, cases: CASES });
    const second = await openMingjing(configOf(other), { seal: false });
    const again = await everyEvent(second);
    await second.close();
    expect(withoutIds(again)).toEqual(withoutIds(events));
    expect(made.made).toBe(true);
    expect(await ensureCity(configOf(other), { today: '2027-01-05' })).toEqual({ ...made, made: false });
  });
});

describe('the data directory of the demonstration', () => {
  it('is refused when it holds anything else', async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'ledger.db'), 'somebody’s records');
    await expect(ensureCity(configOf(directory), { today: TODAY, cases: 1 })).rejects.toMatchObject({
      code: 'demo.directory_in_use',
    } satisfies Partial<Failure>);
    expect(readFileSync(join(directory, 'ledger.db'), 'utf8')).toBe('somebody’s records');
  });

  it('is made anew when the one before was cut short', async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'demonstration.json'), JSON.stringify({ complete: false }));
    writeFileSync(join(directory, 'ledger.db'), 'half');
    expect(await ensureCity(configOf(directory), { today: TODAY, cases: 1 })).toMatchObject({ made: true, cases: 1 });
  });
});
