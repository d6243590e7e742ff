import { definitionOf, event } from '../../src/kernel/event';
import { earlyStopConditions } from '../../src/law/early-stop';
import { ClockMissed, ClockStarted, ClockStopped } from '../../src/clocks/clock-events';
import { NoteMissedClock } from '../../src/clocks/missed-clock';
import { penaltyCaseDecider } from '../../src/enforcement/penalty-case';
import { noticeDecider } from '../../src/disclosure/notice';
import * as C from '../../src/disclosure/notice-commands';
import * as E from '../../src/disclosure/notice-events';
import { given, past } from './specification';

const command = {
  source: 'case-1',
  category: 'penalty' as const,
  bodyId: 'body-1',
  documentNumber: '明城罚〔2026〕1号',
  decidedOn: '2026-03-10',
  partyId: 'party-1',
  partyKind: 'organisation' as const,
  partyPublicName: '明镜商贸有限公司',
  violation: '占道经营',
  facts: '2026年3月2日在镜湖路占用人行道摆摊。',
  basis: '行政处罚法第9条',
  penalties: [{ kind: 'fine', amountYuan: 20000 }],
  content: '罚款2万元',
};
const { penalties: _penalties, ...text } = command;

const site: E.ChannelDuty = {
  channel: 'agency_site',
  required: true,
  parameter: 'disclosure.penalty',
  dueOn: '2026-03-19',
  days: 7,
  dayKind: 'working',
  provisional: false,
  basis: '国办发〔2018〕118号第6条',
};
const market: E.ChannelDuty = {
  ...site,
  channel: 'publicity_system',
  parameter: 'disclosure.market_same_province',
  dueOn: '2026-04-08',
  days: 20,
  basis: '市场监督管理行政处罚信息公示规定第9条',
  periodFrom: 'publication',
  periodMonths: 36,
  periodBasis: '市场监督管理行政处罚信息公示规定第13条',
};
const credit: E.ChannelDuty = {
  ...site,
  channel: 'credit_site',
  periodFrom: 'decision',
  periodMonths: 36,
  periodBasis: '失信行为纠正后的信用信息修复管理办法（试行）',
};
const drafted = event(E.NoticeDrafted, {
  ...text,
  penaltyKinds: ['fine'],
  fineYuan: 20000,
  publicityClass: 'standard',
  channels: [site, market, credit],
});
const clock = (duty: E.ChannelDuty) =>
  event(ClockStarted, {
    clock: duty.parameter ?? '',
    item: duty.channel,
    zh: '公开',
    en: 'Publish',
    startedOn: '2026-03-10',
    dueOn: duty.dueOn ?? '',
    days: duty.days ?? 0,
    dayKind: 'working',
    basis: duty.basis,
    provisional: false,
    bodyId: 'body-1',
    responsiblePost: 'disclosure',
    responsibleOfficers: [],
    bindsParty: false,
  });
const clocks = [clock(site), clock(market), clock(credit)];
const draft = [drafted, ...clocks];
const approved = event(E.NoticeApproved, { version: 1 });
const published = event(E.NoticePublished, { channel: 'agency_site', version: 1, publishedOn: '2026-03-12' });
const stopped = event(ClockStopped, {
  clock: 'disclosure.penalty',
  item: 'agency_site',
  stoppedOn: '2026-03-12',
  inTime: true,
});
const shown = [...draft, approved, published, stopped];
const clerk = { account: 'clerk-1', roles: ['disclosure'] };
const system = { kind: 'system' as const, account: 'system', roles: ['system'] };
const reviewer = { account: 'reviewer-1', roles: ['disclosure'] };
const byClerk = draft.map((e) => past('2026-03-10T02:00:00.000Z', e, clerk));

describe('I04 drafting: channels, due dates and periods by law', () => {
  const draftWith = (fields: Partial<C.DraftNotice>) => {
    const outcome = given(noticeDecider)
      .as(system)
      .at('2026-06-01T02:00:00.000Z')
      .when(C.DraftNotice, { ...command, ...fields });
    if (outcome.failure) throw outcome.failure;
    return outcome.events.find((e): e is E.NoticeDrafted => e instanceof E.NoticeDrafted) ?? new E.NoticeDrafted();
  };
  const channels = (fields: Partial<C.DraftNotice>) => draftWith(fields).channels;

  it('a penalty: 7 working days on the own and the credit site, 20 (over 清明) on the publicity system, each with its clock', () => {
    given(noticeDecider)
      .as(system)
      .when(C.DraftNotice, command)
      .thenAmong(E.NoticeDrafted, { channels: [site, market, credit], publicityClass: 'standard', fineYuan: 20000 })
      .thenAmong(ClockStarted, { clock: 'disclosure.penalty', item: 'agency_site', dueOn: '2026-03-19' })
      .thenAmong(ClockStarted, { clock: 'disclosure.penalty', item: 'credit_site', dueOn: '2026-03-19' })
      .thenAmong(ClockStarted, {
        clock: 'disclosure.market_same_province',
        item: 'publicity_system',
        dueOn: '2026-04-08',
        responsiblePost: 'disclosure',
      });
  });

  it('a licence: 7 working days; an inspection: 20, on the own site only', () => {
    expect(channels({ category: 'permit', penalties: [] }).map((c) => [c.channel, c.days])).toEqual([
      ['agency_site', 7],
      ['credit_site', 7],
    ]);
    expect(channels({ category: 'inspection', penalties: [] }).map((c) => [c.channel, c.days])).toEqual([
      ['agency_site', 20],
    ]);
  });

  it('a warning alone is kept off the publicity system (总局令45号 2), not off the own site', () => {
    const notice = draftWith({ penalties: [{ kind: 'warning' }] });
    expect(notice.publicityClass).toBe('warning_only');
    expect(notice.channels[0]).toMatchObject({ channel: 'agency_site', required: true });
    expect(notice.channels[1]).toEqual({
      channel: 'publicity_system',
      required: false,
      basis: '市场监督管理行政处罚信息公示规定第2条第2款',
    });
  });

  it('a simple procedure is kept off the publicity system (总局令45号 2)', () =>
    expect(channels({ simpleProcedure: true })[1]).toMatchObject({ required: false }));

  it('a party of another province: pushed in 10 working days (总局令45号 10)', () =>
    expect(channels({ partyElsewhere: true })[1]).toMatchObject({ days: 10, parameter: 'disclosure.market_push' }));

  it('a low fine is shown three months, anything more three years (总局令45号 13)', () => {
    const low = draftWith({ penalties: [{ kind: 'fine', amountYuan: 3000 }] });
    expect([low.publicityClass, low.channels[1].periodMonths]).toEqual(['short', 3]);
    const more = draftWith({ penalties: [{ kind: 'fine', amountYuan: 3000.01 }] });
    expect([more.publicityClass, more.channels[1].periodMonths]).toEqual(['standard', 36]);
  });

  it('a longer restriction is shown as long as it lasts (总局令45号 13)', () =>
    expect(
      draftWith({ penalties: [{ kind: 'restrict_employment' }], effectiveUntil: '2031-03-10' }).channels[1],
    ).toMatchObject({ periodMonths: 36, periodUntil: '2031-03-10' }));

  it('the credit period is that of the law in force on the day of the decision: 2026-04-01 changed it', () => {
    expect(channels({ decidedOn: '2026-03-31' })[2]).toMatchObject({ periodMonths: 36, periodFrom: 'decision' });
    expect(channels({ decidedOn: '2026-04-01' })[2]).toMatchObject({
      periodMonths: 12,
      periodBasis: '信用修复管理办法',
    });
  });

  it('a decision from before the rule has no duty under it', () =>
    expect(channels({ decidedOn: '2018-12-04', penalties: [{ kind: 'fine', amountYuan: 100 }] })).toEqual([]));

  it('keeps no identifier of a natural person (内蒙古办法 10)', () => {
    const person = { partyKind: 'natural_person' as const, partyPublicName: '王某', partyUscc: '110105********002X' };
    expect(draftWith(person).partyUscc).toBeUndefined();
    expect(draftWith({ partyUscc: '91350100M000100Y43' }).partyUscc).toBe('91350100M000100Y43');
  });

  it('adds up several amounts', () =>
    expect(
      draftWith({
        penalties: [
          { kind: 'fine', amountYuan: 0.1 },
          { kind: 'fine', amountYuan: 0.2 },
          { kind: 'confiscate_gains', amountYuan: 7 },
        ],
      }),
    ).toMatchObject({ fineYuan: 0.3, confiscatedYuan: 7, penaltyKinds: ['fine', 'confiscate_gains'] }));

  it('drafting the same decision again records nothing; another decision under the id is refused', () => {
    given(noticeDecider, ...draft)
      .as(system)
      .when(C.DraftNotice, command)
      .thenNothing();
    given(noticeDecider, ...shown)
      .as(system)
      .when(C.DraftNotice, command)
      .thenNothing();
    given(noticeDecider, ...draft)
      .as(system)
      .when(C.DraftNotice, { ...command, source: 'case-2' })
      .thenRefused('notice.id_taken', 'I04');
  });

  it('refuses a decision of tomorrow', () =>
    given(noticeDecider)
      .as(system)
      .when(C.DraftNotice, { ...command, decidedOn: '2026-03-11' })
      .thenRefused('notice.decided_in_future', 'I04'));
});

describe('I04 what a person drafts', () => {
  const inspection = { ...command, category: 'inspection' as const, penalties: [], source: 'licence-7' };
  const drafting = (id: string, fields: Partial<C.DraftNotice> = {}) =>
    given(noticeDecider)
      .as(clerk)
      .addressedTo(id)
      .knowing(penaltyCaseDecider, '1')
      .when(C.DraftNotice, { ...inspection, ...fields });

  it('is no penalty, whose notice comes from the decision', () =>
    drafting('manual-1', { category: 'penalty' }).thenRefused('notice.penalty_by_program', '行政处罚法第48条'));

  it('has an id that no case has', () => {
    drafting('2').thenRefused('notice.manual_id', 'I04');
    drafting('manual-2').thenAmong(E.NoticeDrafted, { source: 'licence-7' });
  });

  it('is of a case that there is, where it is of a case', () => {
    drafting('manual-2', { source: 'case-1' }).thenAmong(E.NoticeDrafted, { source: 'case-1' });
    drafting('manual-2', { source: 'case-2' }).thenRefused('notice.unknown_source', 'I04');
  });
});

describe('内蒙古办法 10, 11(1): a person’s name, and minors', () => {
  const named = {
    ...drafted,
    partyKind: 'natural_person' as const,
    partyName: '张建国',
    partyPublicName: '张某某',
  };
  const texts = (fields: Partial<E.NoticeDrafted>) => event(E.NoticeDrafted, { ...named, ...fields });
  const review = (fields: Partial<E.NoticeDrafted>) =>
    given(noticeDecider, past('2026-03-10T02:00:00.000Z', texts(fields), clerk))
      .as(reviewer)
      .when(C.ReviewNotice, { outcome: 'approve' });

  it.each(['violation', 'facts', 'content', 'basis', 'remarks', 'licence', 'partyPublicName'] as const)(
    'no text that is approved names the party: %s',
    (field) => {
      for (const name of ['张建国', '张 建国', '张　建 国']) {
        const outcome = review({ [field]: `当事人${name}占道经营` });
        outcome.thenRefused('notice.names_party', '个人信息保护法第6条');
        expect(outcome.failure?.detail.field).toBe(field);
        expect(JSON.stringify(outcome.failure?.detail)).not.toContain('建');
      }
    },
  );

  it('a masked name is the one the law’s mask gives, or one that shows no more than a family name', () => {
    review({}).then(approved);
    review({ partyPublicName: '张建某' }).thenRefused('notice.name_not_masked');
    for (const partyPublicName of ['张x建国', 'X张建国', '李xiaoming']) {
      review({ partyName: undefined, partyPublicName }).thenRefused('notice.name_not_masked');
    }
    for (const partyPublicName of ['张某', '欧阳某某', '姜○○', '王×', 'J*** S***']) {
      review({ partyName: undefined, partyPublicName }).then(approved);
    }
  });

  it('neither a draft, nor what is published, nor a correction or its reason, nor the reason of a withdrawal names the party', () => {
    const wording = { facts: '张建国占道。' };
    given(noticeDecider, texts({})).when(C.ReviseDraft, { wording }).thenRefused('notice.names_party');
    // Approved when this was not looked at yet.
    given(noticeDecider, texts({ facts: '张建国占道。' }), approved)
      .when(C.PublishNotice, { channel: 'agency_site' })
      .thenRefused('notice.names_party');
    const on = given(noticeDecider, texts({}), approved, published);
    on.when(C.CorrectNotice, { reason: '有误', wording }).thenRefused('notice.names_party');
    on.when(C.CorrectNotice, { reason: '张建国申请', wording: { facts: '占道。' } }).thenRefused('notice.names_party');
    on.when(C.CorrectNotice, { reason: '电话13800000000', wording: { facts: '占道。' } }).thenRefused(
      'notice.personal_data',
    );
    on.when(C.WithdrawNotice, { cause: 'never_publishable', reason: '误公示张建国' }).thenRefused('notice.names_party');
    on.when(C.WithdrawNotice, { cause: 'never_publishable', reason: '电话13800000000' }).thenRefused(
      'notice.personal_data',
    );
  });

  it('an approved notice is returned as long as nobody has seen it', () =>
    given(noticeDecider, ...byClerk, past('2026-03-10T02:00:00.000Z', approved, reviewer))
      .as(reviewer)
      .when(C.ReviewNotice, { outcome: 'return', reason: '含有姓名' })
      .then(event(E.NoticeReturned, { reason: '含有姓名' })));

  it('keeps the full name of a person only, under the party’s key', () => {
    const draftOf = (fields: Partial<C.DraftNotice>) =>
      given(noticeDecider)
        .as(system)
        .when(C.DraftNotice, { ...command, ...fields });
    const person = { partyKind: 'natural_person' as const, partyPublicName: '张某某', partyName: '张建国' };
    draftOf(person).thenAmong(E.NoticeDrafted, { partyName: '张建国' });
    expect(draftOf({ partyName: '明镜商贸有限公司' }).events[0]).not.toHaveProperty('partyName', expect.anything());
    const mark = definitionOf(E.NoticeDrafted).fields.find(({ name }) => name === 'partyName')?.mark;
    expect(mark).toEqual({ kind: 'personal', subject: 'party' });
  });

  it('a minor’s notice is withheld in the same append, without a duty to publish, and neither approved nor published', () => {
    const outcome = given(noticeDecider)
      .as(system)
      .when(C.DraftNotice, { ...command, partyKind: 'natural_person', partyPublicName: '张某某', partyMinor: true });
    outcome.thenAmong(E.NoticeWithheld, {
      reason: 'minor',
      basis: expect.stringContaining('第11条第1项') as unknown as string,
    });
    expect(outcome.events).toHaveLength(2);
    const minors = given(noticeDecider, ...outcome.events).as(reviewer);
    minors.when(C.ReviewNotice, { outcome: 'approve' }).thenRefused('notice.wrong_state');
    minors.when(C.PublishNotice, { channel: 'agency_site' }).thenRefused('notice.wrong_state');
  });
});

describe('I05 review by somebody else', () => {
  it('approves', () =>
    given(noticeDecider, ...byClerk)
      .as(reviewer)
      .when(C.ReviewNotice, { outcome: 'approve' })
      .then(approved));

  it('is refused to whoever drafted or reworded it', () => {
    given(noticeDecider, ...byClerk)
      .as(clerk)
      .when(C.ReviewNotice, { outcome: 'approve' })
      .thenRefused('notice.reviewed_by_writer', 'I05');
    const reworded = past('2026-03-10T02:00:00.000Z', event(E.NoticeDraftRevised, { facts: '占道。' }), reviewer);
    given(noticeDecider, ...byClerk, reworded)
      .as(reviewer)
      .when(C.ReviewNotice, { outcome: 'approve' })
      .thenRefused('notice.reviewed_by_writer', 'I05');
  });

  it('returns it with a reason', () => {
    const returned = event(E.NoticeReturned, { reason: '事实不清' });
    given(noticeDecider, ...byClerk)
      .as(reviewer)
      .when(C.ReviewNotice, { outcome: 'return', reason: '事实不清' })
      .then(returned);
    given(noticeDecider, ...byClerk)
      .as(reviewer)
      .when(C.ReviewNotice, { outcome: 'return' })
      .thenRefused('notice.return_without_reason', 'I05');
  });

  it('refuses personal data in what would be published, naming field and article (内蒙古办法 10)', () => {
    const leaking = event(E.NoticeDraftRevised, { facts: '当事人电话13800000000。' });
    const outcome = given(noticeDecider, ...byClerk, leaking)
      .as(reviewer)
      .when(C.ReviewNotice, { outcome: 'approve' });
    outcome.thenRefused('notice.personal_data', '第10条');
    expect(outcome.failure?.detail.field).toBe('facts');
    expect(JSON.stringify(outcome.failure?.detail)).not.toContain('13800000000');
  });

  it('refuses the full name of a natural person (个人信息保护法 6)', () =>
    given(noticeDecider, event(E.NoticeDrafted, { ...drafted, partyKind: 'natural_person', partyPublicName: '王五' }))
      .as(reviewer)
      .when(C.ReviewNotice, { outcome: 'approve' })
      .thenRefused('notice.name_not_masked', '个人信息保护法'));

  it('a draft is reworded, field by field; a reviewed one is not', () => {
    given(noticeDecider, ...draft)
      .when(C.ReviseDraft, { wording: { facts: '占道。', content: command.content } })
      .then(event(E.NoticeDraftRevised, { facts: '占道。' }));
    given(noticeDecider, ...draft)
      .when(C.ReviseDraft, { wording: { content: command.content } })
      .thenRefused('notice.nothing_changed', 'I05');
    given(noticeDecider, ...draft, approved)
      .when(C.ReviseDraft, { wording: { facts: '占道。' } })
      .thenRefused('notice.wrong_state', 'I04');
  });
});

describe('I08 exceptions', () => {
  it.each([
    ['minor', '第11条第1项'],
    ['trade_secret', '行政处罚法第50条'],
    ['suspected_crime', '第11条第5项'],
  ] as const)('withholds for %s with its article, and ends the duties', (ground, basis) => {
    const outcome = given(noticeDecider, ...draft).when(C.WithholdNotice, { ground });
    outcome.thenAmong(E.NoticeWithheld, { reason: ground, basis: expect.stringContaining(basis) as unknown as string });
    expect(outcome.events.filter((e) => e instanceof ClockStopped)).toHaveLength(3);
  });

  it('what is withheld is not published, what is published is withdrawn and not withheld', () => {
    given(noticeDecider, ...draft, event(E.NoticeWithheld, { reason: 'minor', basis: 'I08' }))
      .when(C.PublishNotice, { channel: 'agency_site' })
      .thenRefused('notice.wrong_state', 'I04');
    given(noticeDecider, ...shown)
      .when(C.WithholdNotice, { ground: 'minor' })
      .thenRefused('notice.wrong_state', 'I04');
  });
});

describe('I04 publication', () => {
  const publish = (channel: E.Channel, on: string) =>
    given(noticeDecider, ...draft, approved)
      .at(`${on}T02:00:00.000Z`)
      .when(C.PublishNotice, { channel });

  it('is refused before the review', () =>
    given(noticeDecider, ...draft)
      .when(C.PublishNotice, { channel: 'agency_site' })
      .thenRefused('notice.wrong_state', 'I04'));

  it('stops the clock; on the last day it is in time', () =>
    publish('agency_site', '2026-03-19').then(
      event(E.NoticePublished, { channel: 'agency_site', version: 1, publishedOn: '2026-03-19' }),
      event(ClockStopped, { clock: 'disclosure.penalty', item: 'agency_site', stoppedOn: '2026-03-19', inTime: true }),
    ));

  it('the day after is late, and says by how many working days', () => {
    publish('agency_site', '2026-03-20')
      .thenAmong(ClockStopped, { inTime: false })
      .thenAmong(E.NoticePublishedLate, { daysLate: 1, dayKind: 'working', dueOn: '2026-03-19' });
    // over a weekend two calendar days are no working day
    publish('agency_site', '2026-03-23').thenAmong(E.NoticePublishedLate, { daysLate: 2 });
  });

  it('the period of the publicity system runs from publication, that of the credit site from the decision', () => {
    publish('publicity_system', '2026-04-01').thenAmong(E.NoticePublished, { publicUntil: '2029-04-01' });
    publish('credit_site', '2026-03-19').thenAmong(E.NoticePublished, { publicUntil: '2029-03-10' });
  });

  it('a channel the law keeps it off is refused under that article', () => {
    const exempt: E.ChannelDuty = { channel: 'publicity_system', required: false, basis: '45号令第2条第2款' };
    given(noticeDecider, event(E.NoticeDrafted, { ...drafted, channels: [site, exempt] }), approved)
      .when(C.PublishNotice, { channel: 'publicity_system' })
      .thenRefused('notice.channel_exempt', '第2条第2款');
  });

  it('the same channel twice records once; another channel follows', () => {
    given(noticeDecider, ...shown)
      .when(C.PublishNotice, { channel: 'agency_site' })
      .thenNothing();
    given(noticeDecider, ...shown)
      .at('2026-03-12T02:00:00.000Z')
      .when(C.PublishNotice, { channel: 'credit_site' })
      .thenAmong(E.NoticePublished, { channel: 'credit_site' });
  });

  it('refuses a day before the decision or after today', () => {
    for (const publishedOn of ['2026-03-09', '2026-03-11']) {
      given(noticeDecider, ...draft, approved)
        .when(C.PublishNotice, { channel: 'agency_site', publishedOn })
        .thenRefused('notice.published_on', 'I04');
    }
  });

  describe('its day', () => {
    const elsewhere = (channel: E.Channel, publishedOn: string, actor: object = clerk) =>
      given(noticeDecider, ...draft, approved)
        .at('2026-03-23T02:00:00.000Z')
        .as(actor)
        .when(C.PublishNotice, { channel, publishedOn });

    it('is today on the own site, whatever is said', () => {
      elsewhere('agency_site', '2026-03-23').thenAmong(E.NoticePublished, { publishedOn: '2026-03-23' });
      elsewhere('agency_site', '2026-03-22').thenRefused('notice.backdated');
      given(noticeDecider, ...draft, approved)
        .at('2026-03-23T02:00:00.000Z')
        .occurred('2026-03-19T02:00:00.000Z')
        .when(C.PublishNotice, { channel: 'agency_site' })
        .thenRefused('notice.backdated');
    });

    it('is at most some days back elsewhere', () => {
      elsewhere('credit_site', '2026-03-20').thenAmong(E.NoticePublishedLate, { daysLate: 1 });
      elsewhere('credit_site', '2026-03-19').thenRefused('notice.backdated');
    });

    it('may be any in an import, where the day of recording is what counts for being in time', () => {
      const importing = { kind: 'import' as const, roles: ['import'] };
      elsewhere('credit_site', '2026-03-12', importing)
        .thenAmong(E.NoticePublished, { publishedOn: '2026-03-12' })
        .thenAmong(ClockStopped, { stoppedOn: '2026-03-23', inTime: false })
        .thenAmong(E.NoticePublishedLate, { publishedOn: '2026-03-23', daysLate: 2 });
    });
  });

  it('the program notes what is unpublished when its last day has passed, once (L01②)', () => {
    const note = (day: string, ...more: object[]) =>
      given(noticeDecider, ...draft, ...more)
        .at(`${day}T02:00:00.000Z`)
        .as(system)
        .when(NoteMissedClock, { clock: 'disclosure.penalty', item: 'agency_site' });
    note('2026-03-19').thenNothing();
    note('2026-03-20').thenAmong(ClockMissed, {
      clock: 'disclosure.penalty',
      item: 'agency_site',
      responsiblePost: 'disclosure',
    });
    note('2026-03-23', event(ClockMissed, { ...clock(site), noticedOn: '2026-03-20' })).thenNothing();
    note('2026-03-23', stopped).thenNothing();
  });
});

describe('I05, 总局令45号 12 correction', () => {
  it('is a new version of what changed', () =>
    given(noticeDecider, ...shown)
      .when(C.CorrectNotice, { reason: '名称有误', wording: { partyPublicName: '明镜贸易有限公司' } })
      .then(
        event(E.NoticeCorrected, {
          version: 2,
          reason: '名称有误',
          correctedOn: '2026-03-10',
          partyPublicName: '明镜贸易有限公司',
        }),
      ));

  it('counts versions, and publishes the newest on a further channel', () => {
    const corrected = event(E.NoticeCorrected, {
      version: 2,
      reason: '有误',
      correctedOn: '2026-03-13',
      facts: '占道。',
    });
    given(noticeDecider, ...shown, corrected)
      .when(C.CorrectNotice, { reason: '有误', wording: { facts: '占用人行道。' } })
      .thenAmong(E.NoticeCorrected, { version: 3 });
    given(noticeDecider, ...shown, corrected)
      .at('2026-03-16T02:00:00.000Z')
      .when(C.PublishNotice, { channel: 'credit_site' })
      .thenAmong(E.NoticePublished, { channel: 'credit_site', version: 2 });
  });

  it('is checked for personal data as well (内蒙古办法 10), and refused before publication', () => {
    given(noticeDecider, ...shown)
      .when(C.CorrectNotice, { reason: '补充', wording: { facts: '账号：6222020000000000000' } })
      .thenRefused('notice.personal_data', '第10条');
    given(noticeDecider, ...draft)
      .when(C.CorrectNotice, { reason: '补充', wording: { facts: '占道。' } })
      .thenRefused('notice.wrong_state', 'I04');
  });
});

describe('内蒙古办法 10: a correction that hides', () => {
  const hides = (wording: C.NoticeWording, ...more: object[]) =>
    given(noticeDecider, ...shown, ...more).when(C.CorrectNotice, {
      reasonKind: 'personal_data',
      reason: '隐去应当隐去的信息',
      wording,
    });
  const second = event(E.NoticeCorrected, { version: 2, reason: '有误', correctedOn: '2026-03-13', facts: '占道。' });

  it('says that it does, and may hide earlier versions alone', () => {
    hides({ facts: '占道。' }).thenAmong(E.NoticeCorrected, { version: 2, reasonKind: 'personal_data' });
    hides({}).thenRefused('notice.nothing_changed');
    hides({}, second).thenAmong(E.NoticeCorrected, { version: 3, reasonKind: 'personal_data' });
  });

  it('leaves nothing of the kind beside what it hides', () => {
    const leak = event(E.NoticeCorrected, {
      version: 2,
      reason: '有误',
      correctedOn: '2026-03-13',
      content: '罚款，电话13800000000',
    });
    hides({ facts: '占道。' }, leak).thenRefused('notice.personal_data', '第10条');
  });
});

describe('行政处罚法 48(2), 总局令45号 11 withdrawal', () => {
  const required = [
    event(E.NoticeWithdrawalRequired, {
      cause: 'revoked',
      since: '2026-04-30',
      dueOn: '2026-05-08',
      basis: '行政处罚法第48条',
    }),
    event(ClockStarted, { ...clock(site), clock: 'disclosure.withdrawal', item: '', dueOn: '2026-05-08', days: 3 }),
  ];
  const require = (...events: object[]) =>
    given(noticeDecider, ...events)
      .at('2026-04-30T08:00:00.000Z')
      .as(system)
      .when(C.RequireWithdrawal, { cause: 'revoked', since: '2026-04-30' });
  const withdrawal = { cause: 'revoked' as const, reason: '处罚决定已被撤销，公示信息撤回。' };

  it('a revoked decision starts 3 working days, over 劳动节', () => {
    require(...shown)
      .thenAmong(E.NoticeWithdrawalRequired, { cause: 'revoked', dueOn: '2026-05-08' })
      .thenAmong(ClockStarted, { clock: 'disclosure.withdrawal', item: '', days: 3, dayKind: 'working' });
    require(...shown, ...required).thenNothing();
    require().thenNothing();
  });

  it('an unpublished notice of a revoked decision is withheld', () => {
    require(...draft)
      .thenAmong(E.NoticeWithheld, { reason: 'decision_fallen' })
      .thenAmong(ClockStopped);
  });

  it('nothing is published or corrected once it has to come down', () => {
    given(noticeDecider, ...shown, ...required)
      .when(C.PublishNotice, { channel: 'credit_site' })
      .thenRefused('notice.withdrawal_required', '行政处罚法第48条第2款');
    given(noticeDecider, ...shown, ...required)
      .when(C.CorrectNotice, { reason: '有误', wording: { facts: '占道。' } })
      .thenRefused('notice.withdrawal_required');
  });

  it('comes down with the reason people are told; the clock says whether in time', () => {
    const withdraw = (day: string, inTime: boolean) =>
      given(noticeDecider, ...shown, ...required)
        .at(`${day}T02:00:00.000Z`)
        .when(C.WithdrawNotice, withdrawal)
        .thenAmong(E.NoticeWithdrawn, { withdrawnOn: day, ...withdrawal })
        .thenAmong(ClockStopped, { clock: 'disclosure.withdrawal', inTime });
    withdraw('2026-05-08', true);
    withdraw('2026-05-09', false);
  });

  it('the duties to publish elsewhere end with it', () => {
    const stops = given(noticeDecider, ...shown).when(C.WithdrawNotice, {
      ...withdrawal,
      cause: 'never_publishable',
    }).events;
    expect(stops.filter((e) => e instanceof ClockStopped)).toHaveLength(2);
  });

  it('needs a published notice', () =>
    given(noticeDecider, ...draft)
      .when(C.WithdrawNotice, withdrawal)
      .thenRefused('notice.wrong_state', 'I04'));

  it('is for the cause that the case’s record gives, and for none without one', () => {
    given(noticeDecider, ...shown)
      .when(C.WithdrawNotice, withdrawal)
      .thenRefused('notice.decision_stands', '行政处罚法第48条第2款');
    given(noticeDecider, ...shown, ...required)
      .when(C.WithdrawNotice, { ...withdrawal, cause: 'void' })
      .thenRefused('notice.decision_stands');
  });

  describe('early, on application (总局令45号 14)', () => {
    const all = earlyStopConditions.map(({ code }) => code);
    const onMarket = event(E.NoticePublished, {
      channel: 'publicity_system',
      version: 1,
      publishedOn: '2026-03-20',
      publicUntil: '2029-03-20',
    });
    const early = (day: string, fields: Partial<C.WithdrawNotice> = {}, notice = drafted) =>
      given(noticeDecider, notice, approved, published, onMarket)
        .at(`${day}T02:00:00.000Z`)
        .when(C.WithdrawNotice, { cause: 'early_stop', reason: '已履行', conditions: all, ...fields });

    it('after six months on the publicity system, a year in the graver fields', () => {
      early('2026-09-19').thenRefused('notice.early_stop_too_soon', '信用修复管理办法');
      early('2026-09-20').thenAmong(E.NoticeWithdrawn, { cause: 'early_stop', conditions: all });
      early('2027-03-19', { graveField: true }).thenRefused('notice.early_stop_too_soon');
      early('2027-03-20', { graveField: true }).thenAmong(E.NoticeWithdrawn);
    });

    it('when every condition is met', () => {
      for (const missing of all) {
        early('2026-09-20', { conditions: all.filter((code) => code !== missing) }).thenRefused(
          'notice.early_stop_conditions',
          '第14条',
        );
      }
      early('2026-09-20', { conditions: undefined }).thenRefused('notice.early_stop_conditions');
    });

    it('never of a grave penalty', () =>
      early('2027-03-20', {}, event(E.NoticeDrafted, { ...drafted, penaltyKinds: ['suspend_business'] })).thenRefused(
        'notice.no_early_stop',
        '第14条',
      ));
  });
});

describe('I04 the end of the publicity period', () => {
  const onCredit = event(E.NoticePublished, {
    channel: 'credit_site',
    version: 1,
    publishedOn: '2026-03-12',
    publicUntil: '2029-03-10',
  });
  const expire = (day: string, ...events: object[]) =>
    given(noticeDecider, drafted, approved, ...events)
      .at(`${day}T02:00:00.000Z`)
      .as(system)
      .when(C.ExpireNotice, { channel: 'credit_site' });
  const expired = event(E.NoticeExpired, { channel: 'credit_site', expiredOn: '2029-03-11' });

  it('is shown on the last day and not on the next', () => {
    expire('2029-03-10', onCredit).thenRefused('notice.period_running', 'I04');
    expire('2029-03-11', onCredit).then(expired);
    expire('2029-03-12', onCredit, expired).thenNothing();
  });

  it('a channel it is not on, or a withdrawn notice, does not expire', () => {
    expire('2029-03-11').thenNothing();
    const withdrawn = event(E.NoticeWithdrawn, { withdrawnOn: '2026-04-01', cause: 'revoked', reason: '撤销' });
    expire('2029-03-11', onCredit, withdrawn).thenNothing();
  });

  it('a channel without a period shows it as long as the record is kept', () =>
    given(noticeDecider, ...shown)
      .at('2099-01-01T02:00:00.000Z')
      .when(C.ExpireNotice, { channel: 'agency_site' })
      .thenRefused('notice.period_running', 'I04'));

  it('expired everywhere it is expired, and no longer corrected', () =>
    given(noticeDecider, drafted, approved, onCredit, expired)
      .when(C.CorrectNotice, { reason: '有误', wording: { facts: '占道。' } })
      .thenRefused('notice.wrong_state', 'I04'));
});
