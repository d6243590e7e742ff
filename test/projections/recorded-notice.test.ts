import fc from 'fast-check';
import { publicNotices } from '../../projections/public-notices/public-notices';
import type { NoticeRow } from '../../projections/public-notices/rows';
import * as N from '../../src/disclosure/notice-events';
import { isPublic, publicNotice } from '../../src/disclosure/notices.controller';
import { publicPaths, statusOfNotice } from '../../src/disclosure/public-paths';
import * as H from '../../src/enforcement/historical/historical-events';
import { event, type RecordedEvent } from '../../src/kernel/event';
import { penaltyKindIds } from '../../src/law/penalty-kinds';
import { recordedNotice, type DisclosedEvent } from '../../src/portal/verifier/recorded-notice';
import { shownFields, type NoticeContent, type ShownField } from '../../src/portal/verifier/shown-fields';
import { Story } from './folding';

// A page is written from the row; the browser reads the notice out of the disclosed events. Both must say the same.

const AT = '2026-03-02T02:00:00.000Z';
const STREAM = 'notice-1';
const DAY = '2026-03-';

const words = fc.string({ unit: fc.constantFrom('罚', '款', '1', ' ', '\n', '<', '"'), minLength: 1, maxLength: 6 });
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });
const channel = fc.constantFrom(...N.CHANNELS);
const wording = fc.record(
  {
    partyPublicName: words,
    violation: words,
    facts: words,
    basis: words,
    penaltyKinds: fc.uniqueArray(fc.constantFrom(...penaltyKindIds), { maxLength: 3 }),
    content: words,
    remarks: words,
  },
  { requiredKeys: [] },
);

const drafted = fc
  .record({
    category: fc.constantFrom(...N.NOTICE_CATEGORIES),
    partyKind: fc.constantFrom(...N.PARTY_KINDS),
    partyUscc: maybe(words),
    fineYuan: maybe(fc.double({ min: 0, max: 1e9, noNaN: true })),
    confiscatedYuan: maybe(fc.nat()),
    licence: maybe(words),
    remarks: maybe(words),
    facts: fc.constantFrom('违法', '事实'),
    channels: fc.uniqueArray(
      fc.record({ channel, required: fc.boolean(), basis: words, dueOn: maybe(fc.constant('2026-03-09')) }),
      {
        selector: (c) => c.channel,
      },
    ),
  })
  .map((some) =>
    event(N.NoticeDrafted, {
      ...{ source: 'case-1', bodyId: 'b-1', documentNumber: '1号', decidedOn: '2026-02-28', partyId: 'p-1' },
      ...{ partyPublicName: '甲公司', violation: '违法', basis: '法', penaltyKinds: ['fine'], content: '罚款' },
      ...{ publicityClass: 'standard', ...some },
    }),
  );

/** One act on a notice, given how it stands and which version is the last; undefined where it may not be. */
type Act = (story: Story, version: number) => object | undefined;

const day = fc.integer({ min: 10, max: 28 }).map((d) => `${DAY}${d}`);
const while_ = (story: Story, ...statuses: string[]): boolean => statuses.includes(statusOfNotice(story.events));
const act: fc.Arbitrary<Act> = fc.oneof(
  wording.map(
    (w): Act =>
      (s) =>
        while_(s, 'draft') ? event(N.NoticeDraftRevised, w) : undefined,
  ),
  fc.tuple(channel, day, maybe(day)).map(
    ([c, publishedOn, publicUntil]): Act =>
      (_, version) =>
        event(N.NoticePublished, { channel: c, version, publishedOn, publicUntil }),
  ),
  fc.tuple(channel, fc.integer({ min: 1, max: 9 })).map(
    ([c, daysLate]): Act =>
      (s) =>
        while_(s, 'published')
          ? event(N.NoticePublishedLate, {
              ...{ channel: c, dueOn: `${DAY}09`, publishedOn: `${DAY}20`, daysLate, dayKind: 'working', basis: 'L01' },
            })
          : undefined,
  ),
  fc.tuple(wording, words, day, maybe(fc.constantFrom(...N.CORRECTION_KINDS))).map(
    ([w, reason, correctedOn, reasonKind]): Act =>
      (s, version) =>
        while_(s, 'published')
          ? event(N.NoticeCorrected, { ...w, version: version + 1, reason, correctedOn, reasonKind })
          : undefined,
  ),
  fc.tuple(channel, day).map(
    ([c, expiredOn]): Act =>
      (s) =>
        while_(s, 'published') ? event(N.NoticeExpired, { channel: c, expiredOn }) : undefined,
  ),
  fc.tuple(fc.constantFrom(...N.WITHDRAWAL_CAUSES), day, words).map(
    ([cause, since]): Act =>
      (s) =>
        while_(s, 'published')
          ? event(N.NoticeWithdrawalRequired, { cause, since, dueOn: since, basis: '48' })
          : undefined,
  ),
  fc.tuple(fc.constantFrom(...N.WITHDRAWAL_CAUSES), day, words).map(
    ([cause, withdrawnOn, reason]): Act =>
      (s) =>
        while_(s, 'published') ? event(N.NoticeWithdrawn, { cause, withdrawnOn, reason }) : undefined,
  ),
);

function lived(draft: N.NoticeDrafted, acts: readonly Act[]): Story {
  const story = new Story();
  story.add(STREAM, AT, draft);
  for (const each of acts) {
    const version = 1 + story.events.filter(({ type }) => type === 'NoticeCorrected').length;
    const happened = while_(story, 'withdrawn', 'expired') ? undefined : each(story, version);
    if (happened) story.add(STREAM, AT, happened);
  }
  return story;
}

/** The events as their proofs disclose them. */
const disclosed = ({ events }: Story): DisclosedEvent[] =>
  events.flatMap((e: RecordedEvent) => {
    const paths = publicPaths(e, events);
    if (paths.length === 0) return [];
    const data = Object.fromEntries(Object.entries(e.data).filter(([name]) => paths.includes(`data.${name}`)));
    const source = paths.includes('metadata.source') ? e.metadata.source : undefined;
    return [{ type: e.type, stream: e.stream, revision: e.revision, recordedAt: e.metadata.recordedAt, source, data }];
  });

/** What the page shows of the row. */
function onPage(story: Story, key: string): [string, ShownField][] | undefined {
  const row = story.fold(publicNotices).get<NoticeRow>('notice', key);
  return row && isPublic(row) ? [...shownFields(publicNotice(row) as NoticeContent)] : undefined;
}

const proven = (story: Story): [string, ShownField][] => [...shownFields(recordedNotice(disclosed(story)))];

test('the page of a notice and its proofs say the same, word for word, through any life of it', () => {
  let seen = 0;
  fc.assert(
    fc.property(drafted, fc.array(act, { maxLength: 10 }), (draft, acts) => {
      const story = lived(draft, acts);
      const shown = onPage(story, '1');
      if (!shown) return;
      seen += shown.length;
      expect(proven(story)).toEqual(shown);
    }),
    { numRuns: 1000 },
  );
  expect(seen).toBeGreaterThan(1000);
});

test('an imported act and its reconsideration: the same', () => {
  const story = new Story();
  story.add(
    'historical-1',
    AT,
    event(H.HistoricalPenaltyImported, {
      ...{ documentNumber: '府1號', decidedOn: '2015-10-02', publishedOn: '2016-01-15', jurisdiction: '臺北市' },
      ...{ bodyName: '', partyId: 'p-1', partyKind: 'organisation', partyName: '甲', partyPublicName: '甲' },
      articles: [{ instrument: '勞動基準法', article: '30', text: '第30條', violation: '未備紀錄' }],
      ...{ violation: '', kind: 'suspension', amount: 20000.5, currency: 'TWD', aggravation: ['重複', '多次'] },
      ...{ campaign: '專案', repairs: ['damaged:partyName', 'exchanged:violation,remarks', 'other'] },
      ...{ rowSha256: 'ff', gates: 'import-rules-v1' },
    }),
  );
  const outcome = {
    outcome: 'upheld',
    authority: '勞動部',
    documentNumber: '2',
    decidedOn: '2016-05-20',
    text: '維持',
  };
  story.add('historical-1', AT, event(H.HistoricalOutcomeRecorded, outcome as H.HistoricalOutcomeRecorded));
  (story.events[0].metadata as { source?: object }).source = { name: '名單', fileSha256: 'ab', row: 2 };
  expect(proven(story)).toEqual(onPage(story, 'historical-1'));
  expect(proven(story).map(([mark]) => mark)).toEqual(
    expect.arrayContaining(['historical.row', 'historical.amount', 'historical.repairs', 'outcome.text', 'bodyName']),
  );
});
