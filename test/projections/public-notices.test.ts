import { publicNotices } from '../../projections/public-notices/public-notices';
import type { DutyRow, LagRow, NoticeRow, ScopeRow, TallyRow } from '../../projections/public-notices/rows';
import {
  NoticeApproved,
  NoticeCorrected,
  NoticeDrafted,
  NoticeExpired,
  NoticePublished,
  NoticePublishedLate,
  NoticeWithdrawalRequired,
  NoticeWithdrawn,
} from '../../src/disclosure/notice-events';
import { ClockMissed } from '../../src/clocks/clock-events';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import { event } from '../../src/kernel/event';
import { Story } from './folding';

const drafted = event(NoticeDrafted, {
  source: 'case-1',
  category: 'penalty',
  bodyId: 'body-1',
  documentNumber: '明市监罚〔2026〕1号',
  decidedOn: '2026-03-02',
  partyId: 'party-1',
  partyKind: 'natural_person',
  partyPublicName: '张某某',
  violation: '无照经营',
  facts: '无照经营食品',
  basis: '行政处罚法第9条',
  penaltyKinds: ['罚款'],
  content: '罚款500元',
  fineYuan: 500,
  publicityClass: 'short',
  channels: [
    { channel: 'agency_site', required: true, dueOn: '2026-03-11', basis: '国办发〔2018〕118号' },
    { channel: 'credit_site', required: false, basis: '不适用' },
  ],
});

function publishedStory(publishedOn = '2026-03-05'): Story {
  const story = new Story();
  story.add('notice-1', '2026-03-02T02:00:00.000Z', drafted);
  story.add('notice-1', '2026-03-03T02:00:00.000Z', event(NoticeApproved, { version: 1 }));
  story.add(
    'notice-1',
    '2026-03-05T02:00:00.000Z',
    event(NoticePublished, { channel: 'agency_site', version: 1, publishedOn, publicUntil: '2026-06-05' }),
  );
  return story;
}

const notice = (story: Story): NoticeRow => story.fold(publicNotices).get<NoticeRow>('notice', '1')!;

describe('public notices (I04)', () => {
  it('are counted by category as long as everybody may see them', () => {
    const counted = (story: Story): number | undefined =>
      story.fold(publicNotices).get<TallyRow>('tally', 'penalty')?.notices;
    const story = new Story();
    story.add('notice-1', '2026-03-02T02:00:00.000Z', drafted);
    expect(counted(story)).toBeUndefined();
    const shown = publishedStory();
    expect(counted(shown)).toBe(1);
    // On another channel, corrected, withdrawn: it is still one.
    shown.add(
      'notice-1',
      '2026-03-06T02:00:00.000Z',
      event(NoticePublished, { channel: 'credit_site', version: 1, publishedOn: '2026-03-06' }),
    );
    const ended = new Story();
    for (const { stream, metadata, type, data } of shown.events) {
      const { [type]: made } = { NoticeDrafted, NoticeApproved, NoticePublished } as Record<string, new () => object>;
      ended.add(stream, metadata.recordedAt, event(made as never, data as never));
    }
    shown.add(
      'notice-1',
      '2026-03-07T02:00:00.000Z',
      event(NoticeWithdrawn, { withdrawnOn: '2026-03-07', cause: 'revoked', reason: '撤销' }),
    );
    expect(counted(shown)).toBe(1);
    for (const channel of ['agency_site', 'credit_site'] as const) {
      ended.add('notice-1', '2026-06-05T02:00:00.000Z', event(NoticeExpired, { channel, expiredOn: '2026-06-05' }));
    }
    expect(counted(ended)).toBe(0);
    expect(shown.fold(publicNotices).all<ScopeRow>('scope')).toEqual([{ scope: 'all' }, { scope: 'body-1' }]);
  });

  it('go from draft over reviewed to published, and the duty to publish ends', () => {
    const story = new Story();
    story.add('notice-1', '2026-03-02T02:00:00.000Z', drafted);
    expect(notice(story).status).toBe('draft');
    expect(story.fold(publicNotices).all<DutyRow>('duty')).toEqual([
      { noticeId: '1', bodyId: 'body-1', channel: 'agency_site', dueOn: '2026-03-11', missed: false },
    ]);
    story.add('notice-1', '2026-03-03T02:00:00.000Z', event(NoticeApproved, { version: 1 }));
    expect(notice(story).status).toBe('reviewed');

    const published = publishedStory();
    expect(notice(published)).toMatchObject({ status: 'published', publishedOn: '2026-03-05', lagDays: 3 });
    expect(published.fold(publicNotices).all('duty')).toEqual([]);
  });

  it('count the days from decision to the first publication once, however many channels follow', () => {
    const story = publishedStory();
    story.add(
      'notice-1',
      '2026-03-20T02:00:00.000Z',
      event(NoticePublished, { channel: 'credit_site', version: 1, publishedOn: '2026-03-20' }),
    );
    expect(story.fold(publicNotices).all<LagRow>('lag')).toEqual([
      { scope: 'all', lagDays: 3, notices: 1 },
      { scope: 'body-1', lagDays: 3, notices: 1 },
    ]);
  });

  it('keep what a correction replaced readable (I05)', () => {
    const story = publishedStory();
    story.add(
      'notice-1',
      '2026-03-09T02:00:00.000Z',
      event(NoticeCorrected, { version: 2, reason: '文字有误', correctedOn: '2026-03-09', facts: '无证经营食品' }),
    );
    const { text, superseded, status } = notice(story);
    expect(status).toBe('published');
    expect(text).toMatchObject({ version: 2, facts: '无证经营食品', reason: '文字有误', content: '罚款500元' });
    expect(superseded).toMatchObject([{ version: 1, facts: '无照经营食品' }]);
  });

  it('show nothing of what a correction hides, nor of any version before it (内蒙古办法 10)', () => {
    const story = publishedStory();
    const corrected = (version: number, fields: Partial<NoticeCorrected>) =>
      story.add(
        'notice-1',
        '2026-03-09T02:00:00.000Z',
        event(NoticeCorrected, { version, reason: '文字有误', correctedOn: '2026-03-09', ...fields }),
      );
    corrected(2, { facts: '欧阳无名无照经营', reason: '欧阳无名申请', remarks: '无名' });
    corrected(3, { facts: '无照经营。', remarks: '无' });
    expect(JSON.stringify(notice(story))).toContain('无名');
    corrected(4, { facts: '无证经营', reasonKind: 'personal_data', reason: '隐去姓名' });
    const row = notice(story);
    expect(JSON.stringify(row)).not.toContain('无名');
    expect(row.text).toMatchObject({ version: 4, facts: '无证经营', reason: '隐去姓名' });
    expect(row.superseded.map((v) => [v.version, v.hidden, v.facts, v.content])).toEqual([
      [3, true, '隐去', '隐去'],
      [2, true, '隐去', '隐去'],
      [1, true, '隐去', '隐去'],
    ]);
    corrected(5, { facts: '无证经营食品' });
    expect(notice(story).superseded.map((v) => v.facts)).toEqual(['无证经营', '隐去', '隐去', '隐去']);
  });

  it('come down with their reason when the decision is undone (行政处罚法 48 II)', () => {
    const story = publishedStory();
    story.add(
      'notice-1',
      '2026-04-01T02:00:00.000Z',
      event(NoticeWithdrawalRequired, {
        cause: 'revoked',
        since: '2026-04-01',
        dueOn: '2026-04-07',
        basis: '行政处罚法48(2)',
      }),
    );
    expect(story.fold(publicNotices).all<DutyRow>('duty')).toMatchObject([
      { channel: 'withdrawal', dueOn: '2026-04-07' },
    ]);
    story.add(
      'notice-1',
      '2026-04-02T02:00:00.000Z',
      event(NoticeWithdrawn, { withdrawnOn: '2026-04-02', cause: 'revoked', reason: '处罚决定已撤销' }),
    );
    expect(notice(story)).toMatchObject({
      status: 'withdrawn',
      withdrawal: { cause: 'revoked', dueOn: '2026-04-07', withdrawnOn: '2026-04-02', reason: '处罚决定已撤销' },
    });
    expect(story.fold(publicNotices).all('duty')).toEqual([]);
  });

  it('expire when the last channel’s period has ended', () => {
    const story = publishedStory();
    story.add(
      'notice-1',
      '2026-06-06T00:00:00.000Z',
      event(NoticeExpired, { channel: 'agency_site', expiredOn: '2026-06-06' }),
    );
    expect(notice(story).status).toBe('expired');
    expect(publicNotices.tables.notice.columns?.public(notice(story))).toBe(0);
  });

  it('show lateness and a missed duty on their channel (L01)', () => {
    const story = new Story();
    story.add('notice-1', '2026-03-02T02:00:00.000Z', drafted);
    story.add(
      'notice-1',
      '2026-03-12T02:00:00.000Z',
      event(ClockMissed, {
        clock: 'disclosure.penalty',
        item: 'agency_site',
        zh: '公示',
        en: 'publish',
        dueOn: '2026-03-11',
        noticedOn: '2026-03-12',
        basis: '国办发〔2018〕118号',
        bodyId: 'body-1',
        responsiblePost: 'disclosure',
        responsibleOfficers: [],
        bindsParty: false,
      }),
    );
    expect(story.fold(publicNotices).all<DutyRow>('duty')).toMatchObject([{ missed: true }]);
    story.add(
      'notice-1',
      '2026-03-16T02:00:00.000Z',
      event(NoticePublished, { channel: 'agency_site', version: 1, publishedOn: '2026-03-16' }),
    );
    story.add(
      'notice-1',
      '2026-03-16T02:00:00.000Z',
      event(NoticePublishedLate, {
        channel: 'agency_site',
        dueOn: '2026-03-11',
        publishedOn: '2026-03-16',
        daysLate: 3,
        dayKind: 'working',
        basis: '国办发〔2018〕118号',
      }),
    );
    expect(notice(story).channels[0]).toMatchObject({ missed: true, daysLate: 3, publishedOn: '2026-03-16' });
  });

  it('never hold the name of a natural person, only the masked one', () => {
    const story = new Story();
    story.add(
      'historical-h1',
      '2016-07-01T00:00:00.000Z',
      event(HistoricalPenaltyImported, {
        documentNumber: '府勞動字第1號',
        decidedOn: '2016-07-01',
        publishedOn: '2016-08-01',
        jurisdiction: '臺北市',
        bodyName: '臺北市政府勞動局',
        partyId: 'p',
        partyKind: 'natural_person',
        partyName: '欧阳无名',
        partyPublicName: '欧阳某某',
        representative: '司马无双',
        articles: [],
        violation: '未置備出勤紀錄',
        kind: 'unspecified',
        aggravation: [],
        repairs: [],
        rowSha256: 'x',
        gates: 'import-rules-v1',
      }),
    );
    story.add(
      'historical-h1',
      '2017-01-01T00:00:00.000Z',
      event(HistoricalOutcomeRecorded, { outcome: 'dismissed', authority: '勞動部', text: '訴願駁回' }),
    );
    const row = story.fold(publicNotices).get<NoticeRow>('notice', 'historical-h1')!;
    expect(row).toMatchObject({
      status: 'published',
      lagDays: 31,
      bodyName: '臺北市政府勞動局',
      historical: { gates: 'import-rules-v1', outcome: { outcome: 'dismissed' } },
    });
    expect(JSON.stringify(row)).not.toMatch(/无名|无双/);
  });
});
