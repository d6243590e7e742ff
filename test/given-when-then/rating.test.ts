import { createHash } from 'node:crypto';
import { event } from '../../src/kernel/event';
import { RatingInvited, RatingModerated, ServiceRated } from '../../src/appraisal/appraisal-events';
import { InviteRating, ModerateRating, RateService, ratingDecider } from '../../src/appraisal/rating';
import { bodyDecider } from '../../src/registry/body';
import { BodyRegistered } from '../../src/registry/registry-events';
import { given } from './specification';

const CODE = 'K7QF2M9XTR4W';
const CITIZEN = { kind: 'public', account: 'public', officer: undefined, body: undefined, roles: [] } as const;
const INVITED = event(RatingInvited, {
  bodyId: 'body-1',
  caseId: 'case-1',
  codeSha256: createHash('sha256').update(CODE).digest('hex'),
});
const RATED = event(ServiceRated, {
  bodyId: 'body-1',
  caseId: 'case-1',
  stars: 4,
  raterId: 'rater-r-1',
  text: '态度好，时间长。',
});
const rating = (...events: object[]) =>
  given(ratingDecider, ...events)
    .addressedTo('r-1')
    .as(CITIZEN);

describe("the parties' ratings (I10, M01, M07)", () => {
  test('a party rates with the code of its receipt', () => {
    rating(INVITED).when(RateService, { code: CODE, stars: 4, text: '态度好，时间长。' }).then(RATED);
  });

  test('I10: once, and with no other code', () => {
    rating(INVITED, RATED).when(RateService, { code: CODE, stars: 1 }).thenRefused('rating.rated_already', 'I10');
    rating(INVITED).when(RateService, { code: 'AAAAAAAAAAAA', stars: 1 }).thenRefused('rating.code_not_valid', 'I10');
  });

  test('a wrong code answers the same whether or not the invitation exists or has been used', () => {
    for (const events of [[], [INVITED], [INVITED, RATED]]) {
      rating(...events)
        .when(RateService, { code: 'AAAAAAAAAAAA', stars: 1 })
        .thenRefused('rating.code_not_valid');
    }
  });

  test('an invitation is of a registered body, and stands once', () => {
    const registered = event(BodyRegistered, {
      name: '明镜市城市管理局',
      kind: 'statutory',
      region: '明镜市',
      uscc: '11230500001755309F',
      legalRepresentative: '张某',
      legalBasis: ['行政处罚法第17条'],
      officeAddress: '明镜市清风路1号',
      supervisionPhone: '0000-12345',
      supervisionEmail: 'supervise@mingjing.example',
    });
    const inviting = (...events: object[]) =>
      given(ratingDecider, ...events)
        .as({ roles: ['appraiser'] })
        .knowing(bodyDecider, 'body-1', registered);
    const wanted = { bodyId: 'body-1', caseId: 'case-1', codeSha256: INVITED.codeSha256 };
    inviting().when(InviteRating, wanted).then(INVITED);
    inviting(INVITED).when(InviteRating, wanted).thenNothing();
    inviting(INVITED)
      .when(InviteRating, { ...wanted, codeSha256: '0'.repeat(64) })
      .thenRefused('rating.invited_already');
    inviting()
      .when(InviteRating, { ...wanted, bodyId: 'body-9' })
      .thenRefused('rating.unknown_body', 'A01');
  });

  test('I10: a text is hidden with a reason and shown again; there is no hiding of stars', () => {
    const moderating = (...events: object[]) => given(ratingDecider, ...events).as({ roles: ['appraiser'] });
    const hidden = event(RatingModerated, { hidden: true, reason: '含个人信息。' });
    moderating(INVITED, RATED).when(ModerateRating, { hidden: true, reason: '含个人信息。' }).then(hidden);
    moderating(INVITED, RATED, hidden).when(ModerateRating, { hidden: true, reason: '再藏。' }).thenNothing();
    moderating(INVITED, RATED, hidden)
      .when(ModerateRating, { hidden: false, reason: '已处理。' })
      .thenAmong(RatingModerated, { hidden: false });
    moderating(INVITED).when(ModerateRating, { hidden: true, reason: '无' }).thenRefused('rating.not_rated');
  });
});
