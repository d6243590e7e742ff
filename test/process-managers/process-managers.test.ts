import type { OfficerFileRow } from '../../projections/officer-performance/rows';
import type { NoticeRow } from '../../projections/public-notices/rows';
import { noticeDecider } from '../../src/disclosure/notice';
import { PublishNotice, ReviewNotice, WithdrawNotice } from '../../src/disclosure/notice-commands';
import type { NoticeDrafted } from '../../src/disclosure/notice-events';
import { ClockStopped, ClockSuspended } from '../../src/clocks/clock-events';
import { DecisionAmended } from '../../src/enforcement/decision-events';
import { event } from '../../src/kernel/event';
import { deadline } from '../../src/law/clocks';
import {
  MatterAppealDecided,
  StandDownOrdered,
  type ClueRaised,
  type PersonFinding,
} from '../../src/oversight/accountability-events';
import { officerDecider } from '../../src/registry/officer';
import { ReturnToDuty } from '../../src/registry/officer-commands';
import { Agency } from './agency';
import { body, clock, decided, determined, filed, finding, officer, revoked } from './sample-acts';

const discloser = { account: 'account-d-1', officer: 'd-1', roles: ['disclosure'] };
const head = { account: 'account-l-1', officer: 'l-1', roles: ['head'] };

describe('process managers over the whole program', () => {
  let agency: Agency;

  beforeEach(async () => {
    agency = await new Agency().on('2026-03-01').open();
    await agency.happened('body-b1', ...body);
    for (const [id, name] of Object.entries({ 'o-1': '张一', 'o-2': '李二' })) {
      await agency.happened(`officer-${id}`, officer(name));
    }
  });

  // Whatever happened: another look, and everything said to the processes again from the beginning, add nothing.
  afterEach(async () => {
    await agency.look();
    const before = await agency.head();
    await agency.look();
    expect(await agency.head()).toBe(before);
    await agency.forgetReadModel();
    expect(await agency.head()).toBe(before);
    await agency.close();
  });

  const notice = (id = '1') => agency.running.rows.readModel.get<NoticeRow>('public-notices', 'notice', id);

  async function published(on: string): Promise<void> {
    await agency.on('2026-04-02').happened('case-1', decided());
    await agency.settled();
    await agency.on(on).give(noticeDecider, '1', [ReviewNotice, { outcome: 'approve' }], head);
    await agency.give(noticeDecider, '1', [PublishNotice, { channel: 'agency_site' }], discloser);
    await agency.settled();
  }

  describe('duty to publish (I04)', () => {
    test('a decision makes a draft notice, due on every channel when the law says', async () => {
      await agency.on('2026-04-02').happened('case-1', decided());
      await agency.settled();
      const [drafted, ...clocks] = await agency.stream('notice-1');
      const { channels, ...text } = drafted.data as unknown as NoticeDrafted;
      expect(text).toMatchObject({
        source: 'case-1',
        documentNumber: '明市监处罚〔2026〕1号',
        basis: '无证无照经营查处办法第13条；行政处罚法第33条',
        content: '罚款12000元',
        fineYuan: 12000,
        penaltyKinds: ['fine'],
      });
      const required = channels.filter((c) => c.required);
      expect(required.length).toBeGreaterThan(0);
      for (const { parameter, dueOn } of required) expect(dueOn).toBe(deadline(parameter!, '2026-04-02').dueOn);
      expect(clocks.map((c) => [c.type, c.data.item, c.data.dueOn])).toEqual(
        required.map((c) => ['ClockStarted', c.channel, c.dueOn]),
      );
      expect(drafted.metadata).toMatchObject({ actor: { kind: 'system' }, correlationId: 'told' });
    });

    test('a decision with more law and more penalties than a notice holds is shortened, not passed over', async () => {
      const items = Array.from({ length: 20 }, (_, i) => i);
      const legalBasis = items.map((i) => `第${i}条`.padEnd(200, '某'));
      const penalties = items.map(() => ({ kind: 'fine', amountYuan: 100.1, content: '罚'.repeat(1000) }));
      await agency.on('2026-04-02').happened('case-1', decided({ legalBasis, penalties }));
      await agency.settled();
      const [drafted] = await agency.stream('notice-1');
      expect(drafted.data).toMatchObject({ fineYuan: 2002, penaltyKinds: ['fine'] });
      expect(drafted.data.basis).toMatch(/^第0条.*…$/);
    });

    test('a case that ends without a penalty has no notice, and its revocation nothing to withdraw', async () => {
      await agency.on('2026-04-02').happened('case-1', decided({ outcome: 'no_penalty_minor', penalties: [] }));
      await agency.on('2026-04-20').happened('case-1', revoked);
      await agency.settled();
      expect(await agency.stream('notice-1')).toEqual([]);
    });

    test('a revocation makes the withdrawal of what is public due, within the law’s days', async () => {
      await published('2026-04-03');
      await agency.on('2026-04-20').happened('case-1', revoked);
      await agency.settled();
      const { dueOn } = deadline('disclosure.withdrawal', '2026-04-20');
      expect((await agency.stream('notice-1')).slice(-2)).toMatchObject([
        { type: 'NoticeWithdrawalRequired', data: { cause: 'revoked', since: '2026-04-20', dueOn } },
        { type: 'ClockStarted', data: { clock: 'disclosure.withdrawal', dueOn } },
      ]);
    });

    const amended = (amendedOn: string, yuan: number, number: number) =>
      event(DecisionAmended, {
        documentNumber: '明市监处罚〔2026〕1号',
        amendingDocument: `明府复〔2026〕${number}号`,
        authority: 'reconsideration',
        amendedOn,
        publicReason: '量罚过重',
        penalties: [{ kind: 'fine', amountYuan: yuan, content: `罚款${yuan}元` }],
        fineYuan: yuan,
        confiscatedYuan: 0,
        approvedBy: 'l-1',
      });

    test('a decision that was changed has to come down, and what it says now to go up, due from the day of the change', async () => {
      await published('2026-04-03');
      await agency.on('2026-04-21').happened('case-1', amended('2026-04-21', 6000, 4));
      await agency.settled();
      expect((await agency.stream('notice-1')).at(-2)).toMatchObject({
        data: { cause: 'changed', since: '2026-04-21' },
      });
      const [drafted, ...clocks] = await agency.stream('notice-1.2');
      expect(drafted.data).toMatchObject({
        source: 'case-1',
        documentNumber: '明府复〔2026〕4号',
        decidedOn: '2026-04-21',
        partyPublicName: '明镜市光明商贸有限公司',
        facts: '当事人未取得营业执照从事经营活动。',
        content: '罚款6000元',
        fineYuan: 6000,
        remarks: '变更 2026-04-02 作出的明市监处罚〔2026〕1号：量罚过重',
      });
      const { channels } = drafted.data as unknown as NoticeDrafted;
      for (const { parameter, dueOn } of channels) expect(dueOn).toBe(deadline(parameter!, '2026-04-21').dueOn);
      expect(clocks.map((c) => [c.type, c.data.dueOn])).toEqual(channels.map((c) => ['ClockStarted', c.dueOn]));
      expect(await notice('1.2')).toMatchObject({ status: 'draft', source: 'case-1' });
    });

    test('a change of a change takes the notice of the first change down; a revocation the last, and puts up none', async () => {
      await agency.on('2026-04-02').happened('case-1', decided());
      await agency.on('2026-04-10').happened('case-1', amended('2026-04-10', 6000, 4));
      await agency.on('2026-04-15').happened('case-1', amended('2026-04-15', 3000, 5));
      await agency.settled();
      expect(await notice('1.2')).toMatchObject({ status: 'withheld', text: { content: '罚款6000元' } });
      expect(await notice('1.3')).toMatchObject({ status: 'draft', text: { content: '罚款3000元' } });
      await agency.on('2026-04-20').happened('case-1', revoked);
      await agency.settled();
      expect(await notice('1.3')).toMatchObject({ status: 'withheld', withheld: { reason: 'decision_fallen' } });
      expect(await agency.stream('notice-1.4')).toEqual([]);
    });

    const person = {
      partyKind: 'natural_person' as const,
      partyPublicName: '张某某',
      partyPublicIdentifier: undefined,
      violation: '张建国无照经营',
      publicFacts: '当事人张 建国（11010519491231002X，13800000000）住明镜市高新区云杉路8号，未取得营业执照。',
      penalties: [{ kind: 'fine', amountYuan: 500, content: '对张建国罚款500元' }],
    };

    test('what the case knows of a person is hidden in the draft, and in that of a change (内蒙古办法 10)', async () => {
      const longAgo = Array.from({ length: 70 }, () => clock({ item: 'other', dueOn: '2099-01-01' }));
      await agency.on('2026-03-02').happened('case-1', filed(), ...longAgo);
      await agency.on('2026-04-02').happened('case-1', decided(person));
      const change = { ...amended('2026-04-10', 300, 4), publicReason: '张建国确有困难' };
      await agency.on('2026-04-10').happened('case-1', event(DecisionAmended, change));
      await agency.settled();
      const [drafted] = await agency.stream('notice-1');
      expect(drafted.data).toMatchObject({
        partyName: '张建国',
        partyPublicName: '张某某',
        violation: '张某某无照经营',
        facts: '当事人张某某（110*************2X，138****0000）住明镜市高新区某处，未取得营业执照。',
        content: '对张某某罚款500元',
      });
      const [changed] = await agency.stream('notice-1.2');
      expect(changed.data).toMatchObject({ remarks: expect.stringContaining('张某某确有困难') as unknown });
      for (const id of ['1', '1.2']) expect(JSON.stringify(await notice(id))).not.toMatch(/建\s*国|1380000|云杉/);
      await agency.give(noticeDecider, '1.2', [ReviewNotice, { outcome: 'approve' }], head);
      await agency.settled();
      expect(await notice('1.2')).toMatchObject({ status: 'reviewed' });
    });

    test.each([
      ['2008-04-02', 'withheld'],
      ['2008-04-01', 'draft'],
    ])(
      'of a minor nothing is published: born on %s, the notice is %s (内蒙古办法 11(1))',
      async (birthDate, status) => {
        await agency.on('2026-03-02').happened('case-1', filed({ birthDate }));
        await agency.on('2026-04-02').happened('case-1', decided(person));
        await agency.settled();
        expect(await notice()).toMatchObject({ status });
        expect((await notice())?.withheld?.reason).toBe(status === 'withheld' ? 'minor' : undefined);
        // Older by the time the decision is changed, the person is no less a minor.
        await agency.on('2026-04-10').happened('case-1', amended('2026-04-10', 300, 4));
        await agency.settled();
        expect(await notice('1.2')).toMatchObject({ status });
      },
    );

    test('a draft of a revoked decision never goes public', async () => {
      await agency.on('2026-04-02').happened('case-1', decided());
      await agency.on('2026-04-20').happened('case-1', revoked);
      await agency.settled();
      expect(await notice()).toMatchObject({ status: 'withheld', withheld: { reason: 'decision_fallen' } });
    });
  });

  describe('the watch over legal clocks (L01)', () => {
    const missedIn = async (stream: string) =>
      (await agency.stream(stream)).filter((e) => e.type === 'ClockMissed').map((e) => e.data);

    test('notes a missed clock on the day after its last day, and raises a clue along the chain (L06)', async () => {
      await agency.happened('case-1', clock());
      await agency.on('2026-05-30').look();
      expect(await missedIn('case-1')).toEqual([]);
      await agency.on('2026-05-31').look();
      expect(await missedIn('case-1')).toMatchObject([{ dueOn: '2026-05-30', noticedOn: '2026-05-31' }]);
      const missed = (await agency.stream('case-1')).at(-1)!;
      const [clue, ...others] = await agency.stream(`matter-auto-${missed.id}`);
      expect(others).toEqual([]);
      expect(clue.type).toBe('ClueRaised');
      expect(clue.data).toMatchObject({
        ground: 'limit_overrun',
        origin: { kind: 'missed_clock', stream: 'case-1', eventId: missed.id },
        bodyId: 'b1',
        officerIds: ['o-1', 'o-2'],
        chain: [
          { role: 'officer', officerId: 'o-1' },
          { role: 'officer', officerId: 'o-2' },
          { role: 'unit_head', officerId: 'h-1' },
          { role: 'deputy', officerId: 'l-2' },
          { role: 'first', officerId: 'l-1' },
        ],
      } satisfies Partial<ClueRaised>);
      const answer = await agency.running.rows.readModel.list<{ officerId: string; role: string }>(
        'accountability',
        'answer',
        { orderBy: { column: 'officer', direction: 'asc' }, limit: 10 },
      );
      expect(answer.rows.map((a) => `${a.officerId} ${a.role}`)).toEqual([
        'h-1 unit_head',
        'l-1 first',
        'l-2 deputy',
        'o-1 officer',
        'o-2 officer',
      ]);
    });

    test('catches up in one look, however many clocks ran out meanwhile', async () => {
      for (let i = 1; i <= 12; i++) await agency.happened(`case-${i}`, clock({ dueOn: `2026-05-${10 + i}` }));
      expect(await agency.on('2026-07-01').look()).toBe(12);
      expect(await agency.look()).toBe(0);
    });

    test('passes over clocks that were stopped or suspended', async () => {
      const of = { clock: 'penalty.decision', item: '' };
      await agency.happened('case-1', clock(), event(ClockStopped, { ...of, stoppedOn: '2026-05-01', inTime: true }));
      const suspended = { ...of, suspendedOn: '2026-05-01', ground: 'testing', basis: '第64条' };
      await agency.happened('case-2', clock(), event(ClockSuspended, suspended));
      await agency.on('2026-06-30').look();
      expect([...(await missedIn('case-1')), ...(await missedIn('case-2'))]).toEqual([]);
    });

    test('notes the party’s own clocks, for which nobody of the body answers', async () => {
      await agency.happened('case-1', clock({ clock: 'penalty.payment', bindsParty: true, responsibleOfficers: [] }));
      await agency.on('2026-06-30').look();
      const missed = (await agency.stream('case-1')).at(-1)!;
      expect(missed.type).toBe('ClockMissed');
      expect(await agency.stream(`matter-auto-${missed.id}`)).toEqual([]);
    });

    test('takes a promise that was overrun for what it is (B06)', async () => {
      await agency.happened('case-1', clock({ clock: 'power.promised', basis: 'B06' }));
      await agency.on('2026-05-31').look();
      const missed = (await agency.stream('case-1')).at(-1)!;
      const [clue] = await agency.stream(`matter-auto-${missed.id}`);
      expect(clue.data).toMatchObject({ ground: 'limit_overrun', origin: { kind: 'promised_limit_overrun' } });
    });

    test('raises a clue for a notice that is not published at all', async () => {
      await agency.on('2026-04-02').happened('case-1', decided());
      await agency.on('2026-06-30').look();
      const missed = (await agency.stream('notice-1')).filter((e) => e.type === 'ClockMissed');
      expect(missed.length).toBeGreaterThan(0);
      for (const { id } of missed) {
        const [clue] = await agency.stream(`matter-auto-${id}`);
        // No officer of the case answers for publishing; whoever is responsible for the body does.
        expect(clue.data).toMatchObject({
          ground: 'not_disclosed',
          origin: { kind: 'notice_unpublished', stream: 'notice-1' },
          chain: [{ role: 'first', officerId: 'l-1' }],
        });
      }
    });

    test('raises one clue, not two, for a notice that was missed and is then published late', async () => {
      await agency.on('2026-04-02').happened('case-1', decided());
      await agency.on('2026-06-29').look();
      await agency.on('2026-06-30').give(noticeDecider, '1', [ReviewNotice, { outcome: 'approve' }], head);
      await agency.give(noticeDecider, '1', [PublishNotice, { channel: 'agency_site' }], discloser);
      await agency.settled();
      const events = await agency.stream('notice-1');
      const missed = events.find((e) => e.type === 'ClockMissed' && e.data.item === 'agency_site')!;
      const late = events.find((e) => e.type === 'NoticePublishedLate')!;
      expect(await agency.typesIn(`matter-auto-${missed.id}`)).toEqual(['ClueRaised']);
      expect(await agency.stream(`matter-auto-${late.id}`)).toEqual([]);
    });

    test('raises a clue for a notice that is published late', async () => {
      await published('2026-06-30');
      const late = (await agency.stream('notice-1')).find((e) => e.type === 'NoticePublishedLate')!;
      const [clue] = await agency.stream(`matter-auto-${late.id}`);
      expect(clue.data).toMatchObject({ ground: 'not_disclosed', origin: { kind: 'notice_late' }, bodyId: 'b1' });
    });
  });

  describe('the end of the publicity period', () => {
    const periodOf = async (): Promise<{ until: string; after: string }> => {
      const until = (await notice())!.channels.find((c) => c.publishedOn)!.publicUntil!;
      const after = new Date(Date.parse(`${until}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
      return { until, after };
    };

    test('ends the notice on the day after its last day', async () => {
      await agency.on('2026-04-02').happened('case-1', decided());
      await agency.settled();
      await agency.on('2026-04-03').give(noticeDecider, '1', [ReviewNotice, { outcome: 'approve' }], head);
      await agency.give(noticeDecider, '1', [PublishNotice, { channel: 'publicity_system' }], discloser);
      await agency.settled();
      const { until, after } = await periodOf();
      await agency.on(until).look();
      expect(await agency.typesIn('notice-1')).not.toContain('NoticeExpired');
      await agency.on(after).look();
      expect((await agency.stream('notice-1')).filter((e) => e.type === 'NoticeExpired')).toMatchObject([
        { data: { channel: 'publicity_system', expiredOn: after } },
      ]);
      expect(await notice()).toMatchObject({ status: 'expired' });
    });

    test('is no longer waited for once the notice is withdrawn', async () => {
      await agency.on('2026-04-02').happened('case-1', decided());
      await agency.settled();
      await agency.on('2026-04-03').give(noticeDecider, '1', [ReviewNotice, { outcome: 'approve' }], head);
      await agency.give(noticeDecider, '1', [PublishNotice, { channel: 'publicity_system' }], discloser);
      const withdrawal = { cause: 'never_publishable' as const, reason: '不应公示' };
      await agency.give(noticeDecider, '1', [WithdrawNotice, withdrawal], head);
      await agency.settled();
      const { after } = await periodOf();
      expect(await agency.on(after).look()).toBe(0);
      expect(await notice()).toMatchObject({ status: 'withdrawn' });
    });
  });

  describe('the officer’s own record (A07, L04, L05)', () => {
    test('takes the faults that a matter establishes, and none that is exempt or was not found', async () => {
      const innocent = finding('o-2', { fault: 'none', severity: undefined, sharePercent: 0 });
      await agency.on('2026-06-10').happened('matter-m1', determined(finding('o-1'), innocent));
      const exempt = finding('o-2', { exemption: 'unclear_law', severity: undefined, sharePercent: 0 });
      await agency.happened('matter-m2', determined(exempt));
      await agency.settled();
      expect((await agency.stream('officer-o-1')).slice(1)).toMatchObject([
        { type: 'OfficerFaultRecorded', data: { matterId: 'm1', faultOn: '2026-06-10' } },
      ]);
      expect(await agency.typesIn('officer-o-2')).toEqual(['OfficerRegistered']);
    });

    test('misses nobody when another person of the same finding is not registered: that is told, and goes on', async () => {
      await agency.on('2026-06-10').happened('matter-m1', determined(finding('o-unknown'), finding('o-1')));
      await agency.happened('matter-m2', determined(finding('o-2')));
      await agency.settled();
      expect(await agency.typesIn('officer-o-1')).toContain('OfficerFaultRecorded');
      expect(await agency.typesIn('officer-o-2')).toContain('OfficerFaultRecorded');
      const [{ id }] = await agency.stream('matter-m1');
      expect(await agency.running.rows.processes.refusals()).toMatchObject([
        { process: 'officer-record', eventId: id, code: 'officer.not_registered' },
      ]);
    });

    test('opens a review at the second fault within twelve months', async () => {
      await agency.on('2026-06-10').happened('matter-m1', determined(finding('o-1')));
      await agency.on('2027-06-09').happened('matter-m2', determined(finding('o-1')));
      await agency.settled();
      expect((await agency.stream('officer-o-1')).at(-1)).toMatchObject({
        type: 'AnnualReviewOpened',
        data: { cause: 'faults', faults: ['m1', 'm2'] },
      });
    });

    test('opens none when the second comes later', async () => {
      await agency.on('2026-06-10').happened('matter-m1', determined(finding('o-1')));
      await agency.on('2027-07-11').happened('matter-m2', determined(finding('o-1')));
      await agency.settled();
      expect(await agency.typesIn('officer-o-1')).toEqual([
        'OfficerRegistered',
        'OfficerFaultRecorded',
        'OfficerFaultRecorded',
      ]);
    });

    const appealDecided = (outcome: string, changed?: PersonFinding) =>
      event(MatterAppealDecided, { officerId: 'o-1', outcome, reason: '复核', finding: changed });

    test.each([
      ['revoked', undefined],
      ['changed', finding('o-1', { fault: 'none', severity: undefined, sharePercent: 0 })],
      ['changed', finding('o-1', { exemption: 'unclear_law', severity: undefined, sharePercent: 0 })],
    ])('loses the fault that an appeal lifts, and the review that came of it: %s', async (outcome, changed) => {
      await agency.on('2026-06-10').happened('matter-m1', determined(finding('o-1')));
      await agency.on('2026-07-10').happened('matter-m2', determined(finding('o-1')));
      await agency.on('2026-08-01').happened('matter-m1', appealDecided(outcome, changed));
      await agency.settled();
      expect((await agency.stream('officer-o-1')).slice(-2)).toMatchObject([
        { type: 'OfficerFaultLifted', data: { matterId: 'm1', liftedOn: '2026-08-01' } },
        { type: 'AnnualReviewLapsed', data: { year: 2026, fault: 'm1' } },
      ]);
      const file = await agency.running.rows.readModel.get<OfficerFileRow>('officer-performance', 'file', 'o-1');
      expect(file).toMatchObject({ faults: 1 });
    });

    test('keeps a fault that an appeal upholds or only makes lighter', async () => {
      await agency.on('2026-06-10').happened('matter-m1', determined(finding('o-1', { severity: 'serious' })));
      await agency.happened('matter-m2', determined(finding('o-1')));
      await agency.on('2026-08-01').happened('matter-m1', appealDecided('changed', finding('o-1')));
      await agency.happened('matter-m2', appealDecided('upheld'));
      await agency.settled();
      expect(await agency.typesIn('officer-o-1')).not.toContain('OfficerFaultLifted');
    });

    test('stands the officer down once, though two matters order it, and not again after the return', async () => {
      const order = (from: string) => event(StandDownOrdered, { officerId: 'o-1', measure: 'stop_enforcement', from });
      await agency.on('2026-06-10').happened('matter-m1', order('2026-06-10'));
      await agency.settled();
      await agency.on('2026-06-12').happened('matter-m2', order('2026-06-12'));
      await agency.settled();
      await agency.on('2026-08-01').give(officerDecider, 'o-1', [ReturnToDuty, { reason: '调查终结' }], head);
      expect(await agency.typesIn('officer-o-1')).toEqual([
        'OfficerRegistered',
        'OfficerStoodDown',
        'OfficerReturnedToDuty',
      ]);
    });
  });
});
