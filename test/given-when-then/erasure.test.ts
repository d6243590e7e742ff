import { event } from '../../src/kernel/event';
import { ErasePersonalData, RecordKeyDestroyed } from '../../src/privacy/erasure-commands';
import { PersonalDataErased, SubjectKeyDestroyed } from '../../src/privacy/erasure-events';
import { ERASURE_GROUNDS, erasureGround } from '../../src/privacy/erasure-grounds';
import { erasureRegister, subjectDecider, type SubjectFound } from '../../src/privacy/erasure';
import { addressOf, idIn, kindOf, subjectOf } from '../../src/privacy/subject';
import { given, NOW } from './specification';

const PRIVACY = { account: 'privacy-1', officer: undefined, body: undefined, roles: ['privacy'] };
const free: SubjectFound = { key: 'present', bodyIds: [] };
const openCase: SubjectFound = { ...free, open: { zh: '案件', en: 'case', id: 'c-7' }, bodyIds: ['b1'] };
const keptCase: SubjectFound = {
  ...free,
  kept: { zh: '案件', en: 'case', id: 'c-8', until: '2056-04-14' },
  bodyIds: ['b1'],
};
const erased = event(PersonalDataErased, {
  subject: 'party:p-17',
  ground: 'purpose_achieved',
  basis: '个人信息保护法第47条第1款第1项',
});

const asking = (found: SubjectFound, ...before: object[]) =>
  given(subjectDecider, ...before)
    .addressedTo('party.p-17')
    .as(PRIVACY)
    .finding(found);

describe('erasing the personal data of a subject (个人信息保护法 47)', () => {
  it('is decided with its ground and article', () => {
    asking(free).when(ErasePersonalData, { ground: 'purpose_achieved' }).then(erased);
  });

  it('is harmless when it is repeated', () => {
    asking({ key: 'destroyed', bodyIds: [] }, erased).when(ErasePersonalData, { ground: 'unlawful' }).thenNothing();
  });

  it('is refused for a subject that nobody has heard of', () => {
    asking({ key: 'unknown', bodyIds: [] })
      .when(ErasePersonalData, { ground: 'purpose_achieved' })
      .thenRefused('privacy.subject_unknown');
  });

  it('is recorded without asking further when the key is gone already, as with a ledger from before', () => {
    asking({ ...openCase, key: 'destroyed' })
      .when(ErasePersonalData, { ground: 'purpose_achieved' })
      .then(erased);
  });

  it.each(ERASURE_GROUNDS.map((g) => g.code))('waits for the end of an open case, naming it: %s', (ground) => {
    const outcome = asking(openCase).when(ErasePersonalData, { ground, document: '京01行终12号' });
    outcome.thenRefused('privacy.record_open', '47');
    expect(outcome.failure?.detail.zh).toContain('c-7');
    expect(outcome.failure?.detail.en).toContain('c-7');
  });

  it.each(['purpose_achieved', 'retention_ended', 'consent_withdrawn', 'other_law'])(
    'waits for the end of the time a file is kept, of which it is stored and no more (第47条第2款): %s',
    (ground) => {
      const outcome = asking(keptCase).when(ErasePersonalData, { ground, document: '某条例第9条' });
      outcome.thenRefused('privacy.must_be_kept', '第47条第2款');
      expect(outcome.failure?.detail.zh).toContain('2056-04-14');
    },
  );

  it.each(['unlawful', 'court_order'])('is not held up by that time on the ground %s, and says so', (ground) => {
    const document = '（2026）某01行终12号';
    asking(keptCase)
      .when(ErasePersonalData, { ground, document })
      .thenAmong(PersonalDataErased, {
        ground,
        document,
        basis: erasureGround(ground, '2026-03-10')?.basis,
        retainedUntil: '2056-04-14',
      });
  });

  it('is free from the day after the last', () => {
    const found = { ...keptCase, kept: { ...keptCase.kept!, until: '2026-03-09' } };
    const after = event(PersonalDataErased, {
      subject: 'party:p-17',
      ground: 'retention_ended',
      basis: '个人信息保护法第47条第1款第2项',
    });
    asking(found).when(ErasePersonalData, { ground: 'retention_ended' }).then(after);
    const lastDay = { ...keptCase, kept: { ...keptCase.kept!, until: '2026-03-10' } };
    asking(lastDay).when(ErasePersonalData, { ground: 'retention_ended' }).thenRefused('privacy.must_be_kept');
  });

  it.each(['unlawful', 'court_order', 'other_law'])('names the decision or article that it rests on: %s', (ground) => {
    asking(free).when(ErasePersonalData, { ground }).thenRefused('privacy.document_required');
  });

  it('says nothing in its reason that would outlive it', () => {
    asking(free)
      .when(ErasePersonalData, { ground: 'purpose_achieved', reason: '本人来电 13800138000 申请' })
      .thenRefused('privacy.reason_holds_personal_data');
  });

  it('has no ground before the law was in force', () => {
    asking(free)
      .at('2021-10-31T02:00:00.000Z')
      .when(ErasePersonalData, { ground: 'purpose_achieved' })
      .thenRefused('privacy.ground_not_in_force');
  });

  it('is not for one body where records of another hold data of the subject', () => {
    const found = { ...free, bodyIds: ['b1', 'b2'] };
    asking(found)
      .as({ body: 'b1' })
      .when(ErasePersonalData, { ground: 'purpose_achieved' })
      .thenRefused('privacy.other_body');
    asking({ ...free, bodyIds: ['b1'] })
      .as({ body: 'b1' })
      .when(ErasePersonalData, { ground: 'purpose_achieved' })
      .then(erased);
  });

  it('is for nobody without the role', () => {
    const [rule] = subjectDecider.rules;
    expect(rule.may).toEqual(['privacy']);
  });
});

it('the destruction of a key is recorded by the program alone', () => {
  const destroyed = { subject: 'party:p-17', erasureId: '00000000-0000-7000-8000-000000000001' };
  given(erasureRegister)
    .addressedTo('register')
    .when(RecordKeyDestroyed, destroyed)
    .then(event(SubjectKeyDestroyed, destroyed));
  expect(erasureRegister.rules.map((rule) => rule.may)).toEqual([['system']]);
});

it('every ground cites an article that is in force today', () => {
  for (const { code, basis } of ERASURE_GROUNDS) {
    expect(erasureGround(code, NOW.slice(0, 10))).toBeDefined();
    expect(basis).toMatch(/第\d+条/);
  }
});

it('a subject has one address, whatever full stops its id has', () => {
  for (const subject of ['party:p-17', 'complainant:complainant-T20260310-7KQM-2XWD-9HTR', 'party:a.b.c']) {
    expect(subjectOf(addressOf(subject))).toBe(subject);
    expect(`${kindOf(subject)}:${idIn(subject)}`).toBe(subject);
  }
});
