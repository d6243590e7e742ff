import * as Do from '../../src/enforcement/penalty-commands';
import * as E from '../../src/enforcement/penalty-events';
import {
  decisionOn,
  head,
  inquiry,
  officer,
  on,
  opinion,
  recording,
  rightsNotice,
  service,
  SHA,
  Story,
  clue,
  upTo,
} from './penalty-story';

const told = { officers: ['o-1', 'o-2'], content: '告知' };
const remedy = { remedyId: 'remedy-1', kind: 'reconsideration', authority: '明镜市人民政府' };
const waiver = { hearingToo: true, recordSha256: SHA, pages: 1 };
const onTheirDesk = { officers: ['o-3', 'o-1'], shownTo: 'party', place: '明光路2号' };

describe('执法人员本人 an officer acts in person (42, C10, D01)', () => {
  it.each([
    [
      'shows the credential',
      upTo('filed'),
      Do.ShowCredential,
      { officers: ['o-1', 'o-2'], shownTo: 'party', place: '明光路2号' },
    ],
    ['inquires', upTo('shown'), Do.RecordInquiry, inquiry],
    ['gives prior notice', upTo('shown'), Do.GivePriorNotice, told],
    [
      'attaches a recording',
      upTo('inquiry'),
      Do.AttachRecording,
      recording('RecordInquiry', 'inquiry-1', on('2026-03-05', 10)),
    ],
    ['serves the rights notice', upTo('reviewed'), Do.ServeRightsNotice, rightsNotice()],
    ['serves the decision', upTo('decided'), Do.ServeDecision, service],
  ])('nobody %s in the name of colleagues', (_, story: Story, command: new () => object, fields) => {
    const day = on('2026-04-03');
    const attempt = (who: string) => story.next(officer(who), day).when(command, { ...fields, lateReason: '补传' });
    attempt('o-3').thenRefused('case.actor_not_acting', '42');
    expect(attempt('o-1').failure).toBeUndefined();
  });

  it.each([
    ['waives the defence', upTo('noticed'), Do.WaiveStatement, waiver],
    [
      'excludes evidence',
      upTo('evidence'),
      Do.ExcludeEvidence,
      { evidenceId: 'evidence-1', reason: '来源不合法', legalBasis: '行政处罚法第46条' },
    ],
    ['submits for review', upTo('concluded'), Do.SubmitForReview, { documents: ['调查终结报告'] }],
    ['enters a remedy', upTo('served'), Do.RecordRemedySought, remedy],
    ['assesses the surcharge', upTo('served'), Do.AssessLateSurcharge, {}],
  ])('nobody %s in a case that is not theirs', (_, story: Story, command: new () => object, fields) => {
    const attempt = (who: string) => story.next(officer(who), on('2026-05-06')).when(command, fields);
    attempt('o-3').thenRefused('case.not_investigator', '42');
    expect(attempt('o-2').failure).toBeUndefined();
  });

  it('a head or a reviewer takes a step as such, on the case or not', () => {
    const exclusion = { evidenceId: 'evidence-1', reason: '来源不合法', legalBasis: '行政处罚法第46条' };
    upTo('evidence').next(head, on('2026-03-06')).when(Do.ExcludeEvidence, exclusion).thenAmong(E.EvidenceExcluded);
  });

  it('any officer of the body may file a clue or the papers', () => {
    new Story().next(officer('o-3'), on('2026-03-02')).when(Do.RecordClue, clue).thenAmong(E.ClueRecorded);
    upTo('closed')
      .next(officer('o-3'), on('2026-04-14'))
      .when(Do.ArchiveCase, { fileNumber: '明市监卷2026-1' })
      .thenAmong(E.CaseArchived);
  });

  it('a hearing is entered by its host', () => {
    const granted = upTo('noticed')
      .then(officer('o-1'), on('2026-03-26'), Do.RequestHearing, { form: 'written', granted: true })
      .then(head, on('2026-03-27'), Do.NoticeHearing, {
        hearingOn: '2026-04-14',
        place: '听证室',
        hostId: 'h-1',
        recorderId: 'r-1',
        public: true,
        receiptSha256: SHA,
        pages: 1,
      });
    const held = {
      hostId: 'h-1',
      investigators: ['o-1', 'o-2'],
      representatives: 1,
      signed: true,
      summary: '双方质证',
      report: '建议维持',
      recordSha256: SHA,
      pages: 8,
    };
    granted.next(officer('o-1'), on('2026-04-14')).when(Do.HoldHearing, held).thenRefused('case.actor_not_acting');
    granted.next(officer('h-1'), on('2026-04-14')).when(Do.HoldHearing, held).thenAmong(E.HearingHeld);
  });

  it('who acted before the filing has investigated: no review, no decision (C10)', () => {
    const story = upTo('clue')
      .then(officer('o-3'), on('2026-03-03'), Do.ShowCredential, onTheirDesk)
      .then(officer('o-q'), on('2026-03-03', 11), Do.GivePriorNotice, { ...told, officers: ['o-q', 'o-3'] });
    const rest = (last: string) => upTo(last, { startingFrom: story, without: ['clue'] });
    rest('submitted')
      .next({ ...officer('o-q'), roles: ['reviewer'] }, on('2026-03-24'))
      .when(Do.IssueReviewOpinion, opinion())
      .thenRefused('case.reviewer_not_separate', 'C10');
    rest('answered')
      .next({ ...head, officer: 'o-3' }, on('2026-04-02'))
      .when(Do.DecidePenalty, decisionOn())
      .thenRefused('case.decider_not_separate', 'C10');
  });
});
