import { complaints, type ComplaintRow, type TopicRow } from '../../projections/complaints/complaints';
import { event } from '../../src/kernel/event';
import * as E from '../../src/oversight/complaint-events';
import { Story } from './folding';

const lodged = event(E.ComplaintLodged, {
  topic: 'not_filed',
  source: 'web',
  bodyId: 'body-1',
  caseId: '1',
  misconduct: [],
  anonymous: false,
  complainantId: 'complainant-c1',
  reachable: true,
  text: '举报后未见处理。',
  name: '李小明',
  contact: '13800000000',
});
const accepted = event(E.ComplaintAccepted, { acceptedOn: '2026-03-03' });
const assigned = (officerId: string) =>
  event(E.ComplaintAssigned, { officerId, unit: '执法一科', firstOwnerId: 'o-1' });
const found = event(E.ComplaintFindingRecorded, {
  result: 'substantiated',
  facts: '未在期限内核查',
  misconduct: ['delay'],
  officerIds: ['o-2'],
});
const answered = event(E.ComplaintAnswered, {
  answeredOn: '2026-03-20',
  complainantId: 'complainant-c1',
  answer: '已责令整改。',
});
const informed = event(E.ComplainantInformed, { of: 'answer', informedOn: '2026-03-21', means: 'phone' });
const closed = event(E.ComplaintClosed, { closing: 'resolved' });

function told(...events: object[]): Story {
  const story = new Story();
  for (const e of events) story.add('complaint-c1', '2026-03-02T02:00:00.000Z', e);
  return story;
}
const row = (story: Story): ComplaintRow => story.fold(complaints).get<ComplaintRow>('complaint', 'c1')!;
const topic = (story: Story): TopicRow => story.fold(complaints).get<TopicRow>('topic', 'not_filed')!;

describe('complaints (J01-J06)', () => {
  it('go from intake to close; the first owner stays through every assignment (首问责任)', () => {
    const story = told(lodged, accepted, assigned('o-1'), assigned('o-2'), found, answered, informed, closed);
    expect(row(story)).toMatchObject({
      status: 'closed',
      ownerId: 'o-2',
      firstOwnerId: 'o-1',
      result: 'substantiated',
      misconduct: ['delay'],
      answeredOn: '2026-03-20',
      informed: [{ of: 'answer', informedOn: '2026-03-21', means: 'phone' }],
      closing: 'resolved',
      reopened: 0,
      position: 8,
    });
    expect(topic(story)).toEqual({ topic: 'not_filed', lodged: 1, answered: 1, closed: 1 });
  });

  it('are counted once as answered and closed, though they are opened again', () => {
    const reopened = event(E.ComplaintReopened, { reason: '整改不到位' });
    const story = told(lodged, accepted, answered, closed, reopened);
    expect(row(story)).toMatchObject({ status: 'accepted', reopened: 1 });
    expect(row(story)).not.toHaveProperty('closing');
    for (const e of [answered, closed]) story.add('complaint-c1', '2026-04-02T02:00:00.000Z', e);
    expect(row(story)).toMatchObject({ status: 'closed', reopened: 1 });
    expect(topic(story)).toEqual({ topic: 'not_filed', lodged: 1, answered: 1, closed: 1 });
  });

  it('that are refused or transferred say so', () => {
    const refused = { refusedOn: '2026-03-04', ground: 'not_competent', basis: '第15条', explanation: '不属职责' };
    expect(row(told(lodged, event(E.ComplaintRefused, refused))).status).toBe('refused');
    const moved = { toBodyId: 'body-2', reason: '不属职责', basis: '第37条' };
    const transferred = row(told(lodged, accepted, assigned('o-1'), event(E.ComplaintTransferred, moved)));
    expect(transferred).toMatchObject({ status: 'transferred', bodyId: 'body-2' });
    expect(transferred.ownerId).toBeUndefined();
  });

  it('become public only as the summary that was written for it', () => {
    const publicized = event(E.ComplaintPublicized, { title: '未及时核查案', summary: '已责令整改。' });
    const story = told(lodged, publicized);
    expect(row(story).publicized).toEqual({ title: '未及时核查案', summary: '已责令整改。' });
    expect(complaints.tables.complaint.columns?.publicized(row(story))).toBe(1);
    expect(JSON.stringify(topic(story))).not.toMatch(/李小明|13800000000/);
    expect(Object.keys(complaints.tables.complaint.columns!)).not.toContain('name');
    expect(complaints.tables.complaint.search).toBeUndefined();
  });
});
