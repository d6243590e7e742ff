import * as Do from '../../src/enforcement/penalty-commands';
import * as E from '../../src/enforcement/penalty-events';
import type { Penalty } from '../../src/enforcement/penalty-types';
import { conclusion, decisionOn, head, officer, on, rightsNotice, SHA, upTo } from './penalty-story';

const suspended = (term: Partial<Penalty>): Penalty[] => [{ kind: 'suspend_licence', content: '暂扣许可证', ...term }];
const restricted: Penalty[] = [{ kind: 'restrict_business', months: 6, content: '限制开展网络销售六个月' }];

describe('处罚期限 terms of penalties that last (9, 45, 59)', () => {
  const conclude = (penalties: Penalty[]) =>
    upTo('rectification checked')
      .next(officer('o-1'), on('2026-03-20'))
      .when(Do.ConcludeInvestigation, conclusion(penalties));

  it.each([
    ['a suspension without a term', suspended({})],
    ['a term and no end', suspended({ days: 10, endless: true })],
    ['a fine with a term', [{ kind: 'fine', amountYuan: 12000, days: 3, content: '罚款' }]],
  ])('refuses %s', (_, penalties) => {
    conclude(penalties).thenRefused('case.term_unfit', '59');
  });

  const days30 = suspended({ days: 30 });
  const story = upTo('noticed', {
    with: { concluded: conclusion(days30), noticed: rightsNotice(days30) },
  });
  const decide = (penalties: Penalty[]) =>
    story.next(head, on('2026-04-02')).when(Do.DecidePenalty, decisionOn(penalties));

  it('a longer one than the party was told is heavier (44, 45)', () => {
    decide(days30).thenAmong(E.PenaltyDecided, { penalties: days30 });
    decide(suspended({ days: 20 })).thenAmong(E.PenaltyDecided);
    for (const term of [{ days: 31 }, { months: 2 }, { months: 1, days: 5 }, { endless: true }]) {
      decide(suspended(term)).thenRefused('case.heavier_than_noticed', '45');
    }
  });

  it('a longer one than was reviewed cannot be noticed (58), nor can an amendment lengthen it (45)', () => {
    upTo('reviewed', { with: { concluded: conclusion(days30) } })
      .next(officer('o-1'), on('2026-03-25'))
      .when(Do.ServeRightsNotice, rightsNotice(suspended({ months: 3 })))
      .thenRefused('case.notice_beyond_review', '58');
    story
      .then(head, on('2026-04-02'), Do.DecidePenalty, decisionOn(days30))
      .next(head, on('2026-05-15'))
      .when(Do.AmendDecision, {
        amendingDocument: '明市监变更〔2026〕1号',
        authority: 'reconsideration',
        publicReason: '期限不当',
        penalties: suspended({ days: 45 }),
      })
      .thenRefused('case.amended_heavier', '45');
  });

  it('a restriction of business is offered a hearing and decided collectively (57, 63)', () => {
    conclude(restricted).thenAmong(E.InvestigationConcluded, { grave: true });
    upTo('reviewed', { with: { concluded: conclusion(restricted) } })
      .next(officer('o-1'), on('2026-03-25'))
      .when(Do.ServeRightsNotice, rightsNotice(restricted))
      .thenRefused('case.hearing_not_offered', '63');
  });

  it('what is grave without a hearing is decided collectively all the same (57)', () => {
    const detention: Penalty[] = [{ kind: 'detention', days: 5, content: '行政拘留五日' }];
    conclude(detention).thenAmong(E.InvestigationConcluded, { grave: true });
    upTo('noticed', { with: { concluded: conclusion(detention), noticed: rightsNotice(detention) } })
      .then(officer('o-1'), on('2026-03-26'), Do.WaiveStatement, { hearingToo: true, recordSha256: SHA, pages: 1 })
      .next(head, on('2026-03-27'))
      .when(Do.DecidePenalty, decisionOn(detention))
      .thenRefused('case.collective_discussion_missing', '57');
  });
});
