import * as C from '../../src/draws/draw-item-commands';
import * as E from '../../src/draws/draw-item-events';
import { drawItemDecider } from '../../src/draws/draw-item';
import { event } from '../../src/kernel/event';
import { bodyDecider } from '../../src/registry/body';
import { powerDecider } from '../../src/registry/power';
import { PowerListed } from '../../src/registry/registry-events';
import { body, inspectionPower, itemDrafted, itemPublished, itemReviewed, itemTerms } from './draws-story';
import { evolved } from './evolved';
import { given } from './specification';

const draft = (...events: object[]) =>
  given(drawItemDecider, ...events)
    .knowing(bodyDecider, 'body-1', ...body)
    .knowing(bodyDecider, 'body-2', ...body)
    .knowing(powerDecider, 'SCJ-JC-0001', inspectionPower);

describe('B16 the list of random inspections', () => {
  it('an item is drafted with its seven fields', () => draft().when(C.DraftDrawItem, itemTerms).then(itemDrafted));

  it('approved by the market regulation department it is published, and the next version likewise', () => {
    given(drawItemDecider, itemDrafted)
      .when(C.ReviewDrawItem, { approved: true, opinion: '事项清楚，依据充分' })
      .then(
        event(E.DrawItemReviewed, {
          version: 1,
          approved: true,
          opinion: '事项清楚，依据充分',
          reviewedOn: '2026-03-10',
        }),
      );
    given(drawItemDecider, itemDrafted, itemReviewed)
      .when(C.PublishDrawItem, {})
      .then(event(E.DrawItemPublished, { version: 1, publishedOn: '2026-03-10' }));
    draft(itemDrafted, itemReviewed, itemPublished)
      .when(C.DraftDrawItem, { ...itemTerms, frequency: '每年两次' })
      .thenAmong(E.DrawItemDrafted, { version: 2, frequency: '每年两次' });
  });

  it('the version in force stays in force until the next is published', () => {
    const second = event(E.DrawItemDrafted, { version: 2, ...itemTerms, frequency: '每年两次' });
    const before = [itemDrafted, itemReviewed, itemPublished, second];
    expect(evolved(drawItemDecider, ...before).published?.version).toBe(1);
    const after = evolved(
      drawItemDecider,
      ...before,
      event(E.DrawItemReviewed, { version: 2, approved: true, opinion: '同意', reviewedOn: '2026-03-01' }),
      event(E.DrawItemPublished, { version: 2, publishedOn: '2026-03-02' }),
    );
    expect(after.published).toMatchObject({ version: 2, frequency: '每年两次' });
  });

  it('is not published before it has passed its review, nor after it was returned', () => {
    given(drawItemDecider, itemDrafted).when(C.PublishDrawItem, {}).thenRefused('draw_item.not_reviewed', 'B16');
    const returned = event(E.DrawItemReviewed, {
      version: 1,
      approved: false,
      opinion: '依据不足',
      reviewedOn: '2026-01-10',
    });
    given(drawItemDecider, itemDrafted, returned)
      .when(C.PublishDrawItem, {})
      .thenRefused('draw_item.nothing_drafted', 'B16');
  });

  it('is reviewed once, by the department that it was submitted to', () => {
    given(drawItemDecider, itemDrafted, itemReviewed)
      .when(C.ReviewDrawItem, { approved: true, opinion: '同意' })
      .thenRefused('draw_item.reviewed_already', 'B16');
    const state = evolved(drawItemDecider, itemDrafted);
    expect(drawItemDecider.bodyOf?.(state, new C.ReviewDrawItem())).toBe('body-2');
    expect(drawItemDecider.bodyOf?.(state, new C.PublishDrawItem())).toBe('body-1');
  });

  it('exercises an inspection power of the body that is in force', () => {
    const drafted = (power: object[]) =>
      given(drawItemDecider)
        .knowing(bodyDecider, 'body-1', ...body)
        .knowing(bodyDecider, 'body-2', ...body)
        .knowing(powerDecider, 'SCJ-JC-0001', ...power)
        .when(C.DraftDrawItem, itemTerms);
    drafted([]).thenRefused('draw_item.power_missing', 'B03');
    drafted([event(PowerListed, { ...inspectionPower, powerClass: 'penalty' })]).thenRefused(
      'draw_item.power_missing',
      'B03',
    );
  });

  it('is refused for a body or department that is not announced, and for another body’s item', () => {
    given(drawItemDecider)
      .knowing(bodyDecider, 'body-1', ...body)
      .knowing(bodyDecider, 'body-2', body[0])
      .when(C.DraftDrawItem, itemTerms)
      .thenRefused('draw_item.unknown_body', 'A02');
    draft(itemDrafted)
      .when(C.DraftDrawItem, { ...itemTerms, bodyId: 'body-2' })
      .thenRefused('draw_item.other_body', 'B16');
  });

  it('rests on law that is in force, and has one ratio a risk class', () => {
    draft()
      .when(C.DraftDrawItem, { ...itemTerms, legalBasis: [{ instrument: '某通知', article: '第1条' }] })
      .thenRefused('power.unknown_instrument', 'B02');
    draft()
      .when(C.DraftDrawItem, { ...itemTerms, strata: [itemTerms.strata[0], itemTerms.strata[0]] })
      .thenRefused('draw_item.stratum_twice', 'B16');
  });

  it('is withdrawn with its reason, and then nothing more is done with it', () => {
    const withdrawn = event(E.DrawItemWithdrawn, { withdrawnOn: '2026-03-10', reason: '职权取消' });
    given(drawItemDecider, itemDrafted, itemReviewed, itemPublished)
      .when(C.WithdrawDrawItem, { reason: '职权取消' })
      .then(withdrawn);
    given(drawItemDecider)
      .when(C.WithdrawDrawItem, { reason: '职权取消' })
      .thenRefused('draw_item.nothing_drafted', 'B16');
    draft(itemDrafted, withdrawn).when(C.DraftDrawItem, itemTerms).thenRefused('draw_item.withdrawn', 'B16');
    expect(evolved(drawItemDecider, itemDrafted, itemReviewed, itemPublished, withdrawn).published).toBeUndefined();
  });
});
