import fc from 'fast-check';
import { publicNotices } from '../../projections/public-notices/public-notices';
import type { NoticeRow } from '../../projections/public-notices/rows';
import {
  NoticeApproved,
  NoticeCorrected,
  NoticeDrafted,
  NoticeDraftRevised,
  NoticeExpired,
  NoticePublished,
  NoticeWithdrawalRequired,
  NoticeWithdrawn,
  NoticeWithheld,
} from '../../src/disclosure/notice-events';
import { isPublic, publicNotice } from '../../src/disclosure/notices.controller';
import { publicPaths, statusOfNotice, streamOfNotice } from '../../src/disclosure/public-paths';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import { event } from '../../src/kernel/event';
import { Story } from './folding';

const AT = '2026-03-02T02:00:00.000Z';
const STREAM = 'notice-1';

/** Words that occur once, so that one can tell which of them are shown. */
class Words {
  private count = 0;
  next = (): string => `字${(this.count += 1)}句`;
}

const drafted = (next: () => string): NoticeDrafted =>
  event(NoticeDrafted, {
    source: 'case-1',
    category: 'penalty',
    bodyId: 'body-1',
    documentNumber: next(),
    decidedOn: '2026-03-02',
    partyId: next(),
    partyName: next(),
    legalRepresentative: next(),
    partyKind: 'natural_person',
    partyPublicName: next(),
    violation: next(),
    facts: next(),
    basis: next(),
    penaltyKinds: ['fine'],
    content: next(),
    publicityClass: 'short',
    channels: [],
  });

type Act = 'revise' | 'approve' | 'publish' | 'correct' | 'hide' | 'require' | 'withdraw' | 'expire' | 'withhold';
type Changed = 'partyPublicName' | 'violation' | 'facts' | 'basis' | 'content' | 'remarks';

const before = { revise: true, approve: true, withhold: true, publish: true } as Partial<Record<Act, true>>;
const after = { correct: true, hide: true, require: true, withdraw: true, expire: true } as Partial<Record<Act, true>>;

/** A notice through a life such as its decider allows, in words of which each occurs once. */
function lived(acts: ReadonlyArray<readonly [Act, readonly Changed[]]>): Story {
  const { next } = new Words();
  const story = new Story();
  story.add(STREAM, AT, drafted(next));
  let version = 1;
  for (const [act, fields] of acts) {
    const status = statusOfNotice(story.events);
    if (!(status === 'published' ? after : ['draft', 'reviewed'].includes(status) ? before : {})[act]) continue;
    const wording = Object.fromEntries(fields.map((field) => [field, next()]));
    const reasonKind = act === 'hide' ? ('personal_data' as const) : undefined;
    const happened: Record<Act, () => object> = {
      revise: () => event(NoticeDraftRevised, wording),
      approve: () => event(NoticeApproved, { version, note: next() }),
      publish: () => event(NoticePublished, { channel: 'agency_site', version, publishedOn: '2026-03-05' }),
      correct: () =>
        event(NoticeCorrected, { ...wording, version: ++version, reason: next(), correctedOn: '2026-03-09' }),
      hide: () =>
        event(NoticeCorrected, {
          ...{ ...wording, version: ++version, reason: next(), correctedOn: '2026-03-09', reasonKind },
        }),
      require: () =>
        event(NoticeWithdrawalRequired, { cause: 'revoked', since: '2026-04-01', dueOn: '2026-04-07', basis: '48' }),
      withdraw: () => event(NoticeWithdrawn, { withdrawnOn: '2026-04-02', cause: 'revoked', reason: next() }),
      expire: () => event(NoticeExpired, { channel: 'agency_site', expiredOn: '2026-06-06' }),
      withhold: () => event(NoticeWithheld, { reason: 'minor', basis: 'I08', note: next() }),
    };
    story.add(STREAM, AT, happened[act]());
  }
  return story;
}

const wordsIn = (value: unknown): string[] => [...new Set(JSON.stringify(value).match(/字\d+句/g))].sort();

/** Every value that the proofs of a notice disclose. */
const disclosed = (story: Story): unknown[] =>
  story.events.flatMap((e) =>
    publicPaths(e, story.events).map((path) => (path.startsWith('data.') ? e.data[path.slice(5)] : undefined)),
  );

/** What anybody is handed out of a notice. */
function shown(story: Story): object {
  const row = story.fold(publicNotices).get<NoticeRow>('notice', '1')!;
  if (!isPublic(row)) return {};
  return publicNotice(row);
}

describe('what a notice’s proofs disclose', () => {
  test('is word for word what its page shows, through any life of a notice', () => {
    const acts = Object.keys({ ...before, ...after }) as Act[];
    const fields: Changed[] = ['partyPublicName', 'violation', 'facts', 'basis', 'content', 'remarks'];
    const life = fc.array(fc.tuple(fc.constantFrom(...acts), fc.uniqueArray(fc.constantFrom(...fields))), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(life, (happened) => {
        const story = lived(happened);
        expect(wordsIn(disclosed(story))).toEqual(wordsIn(shown(story)));
      }),
      {
        numRuns: 500,
        examples: [
          [
            [
              ['revise', ['facts']],
              ['publish', []],
              ['correct', ['facts', 'remarks']],
              ['hide', ['facts']],
              ['correct', ['content']],
            ],
          ],
          [
            [
              ['publish', []],
              ['require', []],
              ['withdraw', []],
            ],
          ],
        ],
      },
    );
  });

  test('a draft that was reworded before anybody saw it discloses what was kept, and nothing while it is a draft', () => {
    const draft = lived([['revise', ['facts', 'content']]]);
    expect(disclosed(draft)).toEqual([]);
    const story = lived([
      ['revise', ['facts', 'content']],
      ['publish', []],
    ]);
    const [first, revised] = story.events.map((e) => publicPaths(e, story.events));
    expect(first).toContain('data.violation');
    expect(first).not.toContain('data.facts');
    expect(revised).toEqual(expect.arrayContaining(['data.facts', 'data.content', 'metadata.recordedAt', 'position']));
  });

  test('nobody who acted, no name, no case and nothing for staff is among it', () => {
    const story = lived([['publish', []]]);
    for (const e of story.events) {
      const paths = publicPaths(e, story.events);
      expect(paths.filter((p) => /actor|command|correlation|causation|partyId|partyName|source|legal/.test(p))).toEqual(
        [],
      );
    }
  });

  test('nothing any more once it expired; of a withdrawn one only which it was, that it was withdrawn, and why', () => {
    const expired = lived([
      ['publish', []],
      ['expire', []],
    ]);
    expect(statusOfNotice(expired.events)).toBe('expired');
    expect(disclosed(expired)).toEqual([]);
    const withdrawn = lived([
      ['publish', []],
      ['correct', ['facts']],
      ['require', []],
      ['withdraw', []],
    ]);
    const left = withdrawn.events.filter((e) => publicPaths(e, withdrawn.events).length > 0);
    expect(left.map((e) => e.type)).toEqual(['NoticeDrafted', 'NoticeWithdrawalRequired', 'NoticeWithdrawn']);
    const drafted = publicPaths(left[0], withdrawn.events).filter((path) => path.startsWith('data.'));
    expect(drafted.sort()).toEqual(['data.bodyId', 'data.decidedOn', 'data.documentNumber']);
  });

  test('an act from before the ledger discloses its row of the file, not the opaque id of the party', () => {
    const story = new Story();
    const stream = 'historical-9f';
    story.add(
      stream,
      AT,
      event(HistoricalPenaltyImported, {
        documentNumber: '1',
        decidedOn: '2019-01-02',
        jurisdiction: '明镜市',
        bodyName: '',
        partyId: 'party-1',
        partyKind: 'natural_person',
        partyName: '欧阳无名',
        partyPublicName: '欧阳某某',
        articles: [],
        violation: '无照经营',
        kind: 'fine',
        aggravation: [],
        repairs: [],
        rowSha256: 'ff',
        remarks: '内部',
        gates: 'import-rules-v1',
      }),
    );
    const outcome = { outcome: 'upheld', authority: '', text: '维持' } as const;
    story.add(stream, AT, event(HistoricalOutcomeRecorded, outcome));
    const [imported, ended] = story.events.map((e) => publicPaths(e, story.events));
    expect(imported).toContain('data.partyPublicName');
    expect(imported.filter((p) => /partyId|partyName$|row|remarks/.test(p))).toEqual([]);
    expect(ended).toContain('data.text');
    expect([streamOfNotice(stream), streamOfNotice('1')]).toEqual([stream, STREAM]);
  });
});
