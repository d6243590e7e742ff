import { plainToInstance } from 'class-transformer';
import { ClockMissed, ClockStarted, ClockStopped } from '../../src/clocks/clock-events';
import { NoteMissedClock } from '../../src/clocks/missed-clock';
import { drawDecider } from '../../src/draws/draw';
import * as C from '../../src/draws/draw-commands';
import * as E from '../../src/draws/draw-events';
import { drawItemDecider } from '../../src/draws/draw-item';
import { event } from '../../src/kernel/event';
import { deadline } from '../../src/law/clocks';
import { validateCommand } from '../../src/ledger/deciding/command-validation';
import { bodyDecider } from '../../src/registry/body';
import { officerDecider } from '../../src/registry/officer';
import { CredentialSuspended } from '../../src/registry/registry-events';
import { logKey, notary, published, TestKey, university } from '../draws/signing';
import {
  announced,
  body,
  held,
  itemDrafted,
  itemPublished,
  itemReviewed,
  officer,
  PARTIES,
  rule,
  seeding,
  terms,
} from './draws-story';
import { given } from './specification';

const program = { kind: 'system' as const, account: 'draws', officer: undefined, body: undefined, roles: ['system'] };

/** An announcement by the head of the body, whose officers 1 to 3 hold credentials. */
const announcing = (item: object[] = [itemDrafted, itemReviewed, itemPublished], ...events: object[]) => {
  const specification = given(drawDecider, ...events)
    .as({ roles: ['head'] })
    .finding(rule)
    .knowing(drawItemDecider, 'item-1', ...item)
    .knowing(bodyDecider, 'body-1', ...body);
  for (const n of [1, 2, 3]) specification.knowing(officerDecider, `officer-${n}`, ...officer(n));
  return specification;
};

const holding = (...events: object[]) => given(drawDecider, ...events).as(program);

describe('B16 a draw is announced', () => {
  it('with lists, exclusions, the number of each risk class and the rule of its seed', () =>
    announcing().when(C.AnnounceDraw, terms).then(announced));

  it('once: lists cannot be changed afterwards', () => {
    announcing(undefined, announced).when(C.AnnounceDraw, terms).thenRefused('draw.announced_already', 'B16');
    announcing(undefined, announced, held).when(C.AnnounceDraw, terms).thenRefused('draw.announced_already', 'B16');
  });

  it('from an item that is on the published list, of the body itself', () => {
    announcing([itemDrafted, itemReviewed]).when(C.AnnounceDraw, terms).thenRefused('draw.item_not_published', 'B16');
    announcing()
      .knowing(bodyDecider, 'body-2', ...body)
      .when(C.AnnounceDraw, { ...terms, bodyId: 'body-2' })
      .thenRefused('draw.item_of_other_body', 'B16');
    announcing()
      .knowing(bodyDecider, 'body-1', body[0])
      .when(C.AnnounceDraw, terms)
      .thenRefused('draw.item_of_other_body', 'A02');
  });

  it('with officers of the body who hold valid credentials that day', () => {
    announcing()
      .knowing(officerDecider, 'officer-2', ...officer(2, 'body-2'))
      .when(C.AnnounceDraw, terms)
      .thenRefused('draw.officer_not_eligible', '行政处罚法第42条');
    announcing()
      .knowing(officerDecider, 'officer-2', ...officer(2, 'body-1', '2026-03-09'))
      .when(C.AnnounceDraw, terms)
      .thenRefused('draw.officer_not_eligible', 'A04');
    announcing()
      .when(C.AnnounceDraw, { ...terms, officers: [...terms.officers, 'officer-9'] })
      .thenRefused('draw.officer_not_eligible', 'A04');
  });

  it('with two officers at least for whichever party is drawn, after exclusions (行政处罚法 42、43)', () => {
    announcing()
      .when(C.AnnounceDraw, { ...terms, officersPerParty: 1 })
      .thenRefused('draw.two_officers_required', '行政处罚法第42条');
    const { exclusions } = terms;
    announcing()
      .when(C.AnnounceDraw, { ...terms, exclusions: [...exclusions, { ...exclusions[0], officer: 'officer-2' }] })
      .thenRefused('draw.too_few_officers', '行政处罚法第43条');
    announcing()
      .when(C.AnnounceDraw, { ...terms, officers: ['officer-2', 'officer-3'] })
      .thenRefused('draw.unknown_exclusion', '行政处罚法第43条');
  });

  it('with each party once, in a risk class of the item', () => {
    announcing()
      .when(C.AnnounceDraw, { ...terms, parties: [terms.parties[0], terms.parties[0]], exclusions: [] })
      .thenRefused('draw.party_twice', 'B16');
    announcing()
      .when(C.AnnounceDraw, { ...terms, parties: [{ ...terms.parties[0], stratum: 'Z' }], exclusions: [] })
      .thenRefused('draw.unknown_stratum', 'B16');
  });

  it('with the log and the witnesses of this ledger, of whom it may choose', () => {
    announcing()
      .when(C.AnnounceDraw, { ...terms, witnesses: ['university.example'] })
      .thenAmong(E.DrawAnnounced, { ...rule, witnesses: [university.line] });
    announcing()
      .when(C.AnnounceDraw, { ...terms, witnesses: ['newspaper.example'] })
      .thenRefused('draw.unknown_witness', 'B16');
    announcing()
      .finding({ ...rule, witnesses: [`公证处${notary.line}`] })
      .when(C.AnnounceDraw, terms)
      .thenRefused('draw.unknown_witness', 'B16');
    announcing()
      .finding({ ...rule, witnesses: [] })
      .when(C.AnnounceDraw, terms)
      .thenAmong(E.DrawAnnounced, { witnesses: [] });
  });

  it('without personal data in its title, and as large as one proof can carry', () => {
    announcing()
      .when(C.AnnounceDraw, { ...terms, title: '抽查，联系电话 13800000000' })
      .thenRefused('draw.personal_data', '内蒙古');
    const name = '餐'.repeat(500_000);
    announcing()
      .when(C.AnnounceDraw, { ...terms, parties: terms.parties.map((p) => ({ ...p, name })) })
      .thenRefused('draw.lists_too_large');
  });

  it.each([
    { parties: [{ id: '110101199003077774', name: '张某', stratum: 'A' }] },
    { witnesses: [] },
    { officers: ['officer-1', 'officer-1'] },
    { officersPerParty: 0 },
    { occurredAt: '2026-01-01T00:00:00Z' },
  ])('in the shape that is asked for, and never dated back: not %j', (wrong) => {
    expect(() => validateCommand(plainToInstance(C.AnnounceDraw, { ...terms, ...wrong }))).toThrow('command.invalid');
    expect(() => validateCommand(plainToInstance(C.AnnounceDraw, terms))).not.toThrow();
  });
});

describe('B16 a draw is held', () => {
  it('by the program, from the announcement’s entry and a checkpoint that covers it', () =>
    holding(announced).when(C.HoldDraw, seeding).then(held));

  it('once', () => holding(announced, held).when(C.HoldDraw, seeding).thenRefused('draw.held_already', 'B16'));

  it('not without an announcement, nor after it was voided', () => {
    holding().when(C.HoldDraw, seeding).thenRefused('draw.not_announced', 'B16');
    const voided = event(E.DrawVoided, { voidedOn: '2026-03-10', reason: '名录有误', afterHeld: false });
    holding(announced, voided).when(C.HoldDraw, seeding).thenRefused('draw.not_announced', 'B16');
  });

  it('not from a checkpoint that may have existed when the lists were recorded', () =>
    holding(announced)
      .when(C.HoldDraw, { ...seeding, checkpoint: published(0) })
      .thenRefused('draw.checkpoint_too_early', 'B16'));

  it('not from one that lacks an announced witness, has two cosignatures of one, or is of another log', () => {
    for (const by of [[logKey, notary], [logKey], [logKey, notary, notary, university]]) {
      holding(announced)
        .when(C.HoldDraw, { ...seeding, checkpoint: published(1, by) })
        .thenRefused('draw.cosignature_missing', 'B16');
    }
    const impostor = new TestKey('notary.example', 0x01);
    holding(announced)
      .when(C.HoldDraw, { ...seeding, checkpoint: published(1, [logKey, impostor, university]) })
      .thenRefused('draw.cosignature_missing', 'B16');
    holding(announced)
      .when(C.HoldDraw, { ...seeding, checkpoint: published(1, undefined, { origin: 'other.example/log' }) })
      .thenRefused('draw.other_log', 'B16');
  });

  it('from the first that was eligible; what was passed over lacked a witness, and is on record', () => {
    holding(announced)
      .when(C.HoldDraw, { ...seeding, checkpoint: published(5), passedOver: [published(1), published(3)] })
      .thenRefused('draw.not_first_checkpoint', 'B16');
    holding(announced)
      .when(C.HoldDraw, {
        ...seeding,
        checkpoint: published(5),
        passedOver: [published(1, [logKey, notary]), published(3, [logKey])],
      })
      .thenAmong(E.DrawHeld, { passedOver: [1, 3] });
  });

  it('not from one that was published before without a witness, who could then choose what to sign', () =>
    holding(announced)
      .when(C.HoldDraw, { ...seeding, checkpoint: published(3), passedOver: [published(3, [logKey, notary])] })
      .thenRefused('draw.published_before', 'B16'));

  it('is told of in words when the checkpoint is none', () =>
    holding(announced)
      .when(C.HoldDraw, { ...seeding, checkpoint: 'seven\n' })
      .thenRefused('note.malformed'));
});

describe('B16 a draw is voided', () => {
  const head = (...events: object[]) => given(drawDecider, ...events).as({ roles: ['head'] });

  it('for a reason that everybody reads, and it is said whether the outcome was known', () => {
    head(announced)
      .when(C.VoidDraw, { reason: '名录有误' })
      .then(event(E.DrawVoided, { voidedOn: '2026-03-10', reason: '名录有误', afterHeld: false }));
    head(announced, held)
      .when(C.VoidDraw, { reason: '名录有误' })
      .then(event(E.DrawVoided, { voidedOn: '2026-03-10', reason: '名录有误', afterHeld: true }));
    head(announced).when(C.VoidDraw, { reason: '联系人 13800000000' }).thenRefused('draw.personal_data', '内蒙古');
  });

  it('not where there is none, and not once inspections have begun', () => {
    head().when(C.VoidDraw, { reason: '名录有误' }).thenRefused('draw.not_announced', 'B16');
    const { party, officers } = held.drawn[0];
    head(announced, held, conducted(party, officers))
      .when(C.VoidDraw, { reason: '名录有误' })
      .thenRefused('draw.inspected_already', 'B16');
  });
});

const conducted = (party: string, officers: readonly string[], absent: E.Absence[] = []) =>
  event(E.InspectionConducted, {
    ...{ party, conductedOn: '2026-03-10', officers: [...officers], absent },
    result: 'no_problem',
  });

describe('B16 what was drawn is inspected', () => {
  const first = held.drawn.find((d) => d.stratum === 'A')!; // nobody must keep away from it
  const notDrawn = PARTIES.slice(0, 2).find((id) => !held.drawn.some((d) => d.party === id))!;
  const third = ['officer-1', 'officer-2', 'officer-3'].find((id) => !first.officers.includes(id))!;

  const inspecting = (by: string, ...events: object[]) => {
    const specification = given(drawDecider, announced, held, ...events).as({ officer: by });
    for (const n of [1, 2, 3]) specification.knowing(officerDecider, `officer-${n}`, ...officer(n));
    return specification;
  };
  const { dueOn, days, dayKind, basis } = deadline('inspection.result', '2026-03-10');
  const started = event(ClockStarted, {
    ...{ clock: 'inspection.result', item: first.party, startedOn: '2026-03-10', dueOn, days, dayKind, basis },
    zh: '公示随机抽查检查结果（自检查完成之日）',
    en: 'Publish the result of a random inspection, from its end',
    ...{ provisional: false, bodyId: 'body-1', responsiblePost: 'officer', bindsParty: false },
    responsibleOfficers: [...first.officers],
  });

  it('by the officers drawn for it; from then on its result is due to be published in 20 working days', () => {
    inspecting(first.officers[0])
      .when(C.RecordDrawnInspection, { party: first.party, result: 'no_problem' })
      .then(conducted(first.party, first.officers), started);
    expect(days).toBe(20);
  });

  it('one who is absent is stood in for by the next on the list; fewer than two officers do not inspect', () => {
    const absent = [{ officer: first.officers[0], ground: 'recusal' }];
    inspecting(first.officers[1])
      .when(C.RecordDrawnInspection, { party: first.party, result: 'no_problem', absent })
      .thenAmong(E.InspectionConducted, { officers: [first.officers[1], third], absent });
    inspecting(first.officers[1])
      .when(C.RecordDrawnInspection, {
        party: first.party,
        result: 'no_problem',
        absent: [...absent, { officer: third, ground: 'leave' }],
      })
      .thenRefused('draw.two_officers_required', '行政处罚法第42条');
    inspecting(first.officers[1])
      .when(C.RecordDrawnInspection, {
        party: first.party,
        result: 'no_problem',
        absent: [{ officer: 'officer-9', ground: 'leave' }],
      })
      .thenRefused('draw.unknown_officer', 'B16');
  });

  it('by officers whose credentials are valid on the day', () =>
    inspecting(first.officers[0])
      .knowing(
        officerDecider,
        first.officers[1],
        ...officer(Number(first.officers[1].slice(-1))),
        event(CredentialSuspended, {
          number: `MJ-00${first.officers[1].slice(-1)}`,
          suspendedOn: '2026-03-01',
          reason: '核查',
        }),
      )
      .when(C.RecordDrawnInspection, { party: first.party, result: 'no_problem' })
      .thenRefused('draw.two_officers_required', '行政处罚法第42条'));

  it('nobody else, nothing else, once, and not before it was drawn', () => {
    const record = { party: first.party, result: 'no_problem' };
    inspecting(third).when(C.RecordDrawnInspection, record).thenRefused('draw.not_on_the_team', 'B16');
    inspecting(first.officers[0])
      .when(C.RecordDrawnInspection, { ...record, party: notDrawn })
      .thenRefused('draw.not_drawn', 'C08');
    given(drawDecider, announced).when(C.RecordDrawnInspection, record).thenRefused('draw.not_drawn', 'C08');
    inspecting(first.officers[0], conducted(first.party, first.officers), started)
      .when(C.RecordDrawnInspection, record)
      .thenRefused('draw.inspected_already', 'C08');
    inspecting(first.officers[0])
      .occurred('2026-03-09T02:00:00.000Z')
      .when(C.RecordDrawnInspection, record)
      .thenRefused('draw.inspected_before_drawn', 'B16');
  });

  describe('and its result published', () => {
    const discloser = { roles: ['disclosure'] };
    const done = [announced, held, conducted(first.party, first.officers), started];
    const publishedOn = (on: string) =>
      event(E.InspectionResultPublished, {
        ...{ party: first.party, result: 'no_problem', conductedOn: '2026-03-10', publishedOn: on },
      });
    const stopped = (stoppedOn: string, inTime: boolean) =>
      event(ClockStopped, { clock: 'inspection.result', item: first.party, stoppedOn, inTime });

    it('in time, which stops the clock; late, which shows', () => {
      given(drawDecider, ...done)
        .as(discloser)
        .when(C.PublishInspectionResult, { party: first.party })
        .then(publishedOn('2026-03-10'), stopped('2026-03-10', true));
      given(drawDecider, ...done)
        .as(discloser)
        .at('2026-05-20T02:00:00.000Z')
        .when(C.PublishInspectionResult, { party: first.party })
        .then(publishedOn('2026-05-20'), stopped('2026-05-20', false));
      given(drawDecider, ...done)
        .as(program)
        .at('2026-05-20T02:00:00.000Z')
        .when(NoteMissedClock, { clock: 'inspection.result', item: first.party })
        .thenAmong(ClockMissed, { item: first.party, dueOn, responsibleOfficers: [...first.officers] });
    });

    it('once, and not before there is one', () => {
      given(drawDecider, ...done, publishedOn('2026-03-10'), stopped('2026-03-10', true))
        .as(discloser)
        .when(C.PublishInspectionResult, { party: first.party })
        .thenNothing();
      given(drawDecider, announced, held)
        .as(discloser)
        .when(C.PublishInspectionResult, { party: first.party })
        .thenRefused('draw.not_inspected', 'B16');
    });

    it('a wrong one is corrected for a reason', () => {
      const wrong = { party: first.party, result: 'rectification_ordered', reason: '录入错误' };
      given(drawDecider, ...done, publishedOn('2026-03-10'))
        .as({ roles: ['head'] })
        .when(C.CorrectInspectionResult, wrong)
        .then(event(E.InspectionResultCorrected, { ...wrong, correctedOn: '2026-03-10' }));
      given(drawDecider, ...done, publishedOn('2026-03-10'))
        .as({ roles: ['head'] })
        .when(C.CorrectInspectionResult, { ...wrong, result: 'no_problem' })
        .thenNothing();
      given(drawDecider, ...done)
        .as({ roles: ['head'] })
        .when(C.CorrectInspectionResult, wrong)
        .thenRefused('draw.result_not_published', 'I05');
    });
  });
});
