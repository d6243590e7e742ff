import { createHash } from 'node:crypto';
import { IsBoolean, Matches } from 'class-validator';
import { evolveBy, rule, when, type Circumstances, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { Act, Id, Optional, Text, Whole } from '../kernel/fields';
import { bodyDecider } from '../registry/body';
import * as E from './appraisal-events';

/** 邀请评价: one invitation for one party. The code goes to the party, only its digest into the ledger. */
export class InviteRating extends Act {
  @Id() bodyId!: string;
  @Optional() @Id() caseId?: string;
  /** SHA-256, hex, of the code that the party is handed. */
  @Matches(/^[0-9a-f]{64}$/) codeSha256!: string;
}

export class RateService extends Act {
  /** The code on the receipt: long enough that its digest cannot be searched. */
  @Matches(/^[0-9A-Za-z]{12,40}$/) code!: string;
  @Whole(1, 5) stars!: number;
  @Optional() @Text(1000) text?: string;
}

/** Hides the text, or shows it again. The stars are nobody's to hide. */
export class ModerateRating extends Act {
  @IsBoolean() hidden!: boolean;
  @Text(500) reason!: string;
}

export interface RatingState {
  readonly stage: 'none' | 'invited' | 'rated';
  readonly bodyId: string;
  readonly caseId?: string;
  readonly codeSha256: string;
  readonly hidden: boolean;
}

const initialState: RatingState = { stage: 'none', bodyId: '', codeSha256: '', hidden: false };

const digestOf = (code: string): string => createHash('sha256').update(code).digest('hex');

function invite(d: InviteRating, s: RatingState, c: Circumstances): object[] {
  if (s.stage !== 'none' && s.codeSha256 === d.codeSha256) return [];
  require_(s.stage === 'none', 'rating.invited_already', {
    zh: '该评价邀请已存在。',
    en: 'This invitation exists already.',
    basis: 'I10',
  });
  require_(c.lookUp(bodyDecider, d.bodyId)?.registered, 'rating.unknown_body', {
    zh: '该执法主体未登记。',
    en: 'This enforcement body is not registered.',
    basis: 'A01',
    field: 'bodyId',
  });
  return [event(E.RatingInvited, { bodyId: d.bodyId, caseId: d.caseId, codeSha256: d.codeSha256 })];
}

/** Whether the code or the invitation is wrong is not said: a guesser learns nothing. */
function rate(d: RateService, s: RatingState, c: Circumstances): object[] {
  require_(s.stage !== 'none' && digestOf(d.code) === s.codeSha256, 'rating.code_not_valid', {
    zh: '评价码无效。',
    en: 'This code is not valid.',
    basis: 'I10',
    field: 'code',
  });
  require_(s.stage === 'invited', 'rating.rated_already', {
    zh: '该评价码已使用，一次办理评价一次。',
    en: 'This code has been used; one party rates once.',
    basis: 'I10',
    field: 'code',
  });
  const { bodyId, caseId } = s;
  return [event(E.ServiceRated, { bodyId, caseId, stars: d.stars, raterId: `rater-${c.id}`, text: d.text })];
}

/** The parties' ratings 相对人评价 (I10, M01, M07). */
export const ratingDecider: Decider<RatingState> = {
  category: 'rating',
  collection: 'ratings',
  zh: '公众评价',
  en: "The public's ratings",
  initialState,
  evolve: evolveBy<RatingState>(
    when(E.RatingInvited, (_, d) => ({ ...initialState, ...d, stage: 'invited' })),
    when(E.ServiceRated, (s) => ({ ...s, stage: 'rated' })),
    when(E.RatingModerated, (s, d) => ({ ...s, hidden: d.hidden })),
  ),
  references: (c) => (c instanceof InviteRating ? [['body', c.bodyId]] : []),
  rules: [
    rule({
      command: InviteRating,
      may: ['system', 'appraiser'],
      basis: 'I10、M01',
      zh: '邀请评价',
      en: 'Invite a rating',
      decide: invite,
    }),
    rule({
      command: RateService,
      may: ['anyone'],
      basis: 'I10、M01、M07',
      zh: '评价',
      en: 'Rate the service',
      decide: rate,
    }),
    rule({
      command: ModerateRating,
      may: ['appraiser'],
      basis: 'I10',
      zh: '隐藏或恢复评价文字',
      en: 'Hide or show the text of a rating',
      decide: (d, s: RatingState) => {
        require_(s.stage === 'rated', 'rating.not_rated', {
          zh: '尚无评价。',
          en: 'There is no rating yet.',
          basis: 'I10',
        });
        return s.hidden === d.hidden ? [] : [event(E.RatingModerated, { reason: d.reason, hidden: d.hidden })];
      },
    }),
  ],
};
