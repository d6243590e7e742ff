import { draws } from '../../projections/draws/draws';
import type { DrawItemRow, DrawListsRow, DrawRow, InspectionRow } from '../../projections/draws/rows';
import * as E from '../../src/draws/draw-events';
import { DrawItemDrafted, DrawItemReviewed, DrawItemWithdrawn } from '../../src/draws/draw-item-events';
import { event } from '../../src/kernel/event';
import { announced, held, itemDrafted, itemPublished, itemReviewed, itemTerms } from '../given-when-then/draws-story';
import { Story } from './folding';

const AT = '2026-03-10T02:00:00.000Z';

function told(stream: string, ...events: object[]): Story {
  const story = new Story();
  for (const e of events) story.add(stream, AT, e);
  return story;
}
const itemOf = (...events: object[]): DrawItemRow =>
  told('drawitem-i1', ...events)
    .fold(draws)
    .get<DrawItemRow>('item', 'i1')!;
const drawOf = (...events: object[]): DrawRow =>
  told('draw-d1', ...events)
    .fold(draws)
    .get<DrawRow>('draw', 'd1')!;

const [{ party, officers }] = held.drawn;
const conducted = event(E.InspectionConducted, {
  ...{ party, conductedOn: '2026-03-12', officers: [...officers], absent: [], result: 'rectification_ordered' },
});
const published = event(E.InspectionResultPublished, {
  ...{ party, result: 'rectification_ordered', conductedOn: '2026-03-12', publishedOn: '2026-03-13' },
});

describe('the list of random inspections', () => {
  it('shows the version in force beside the one on its way', () => {
    const second = event(DrawItemDrafted, { version: 2, ...itemTerms, frequency: '每年两次' });
    const row = itemOf(itemDrafted, itemReviewed, itemPublished, second);
    expect(row).toMatchObject({ status: 'published', published: { version: 1, frequency: '每年一次' } });
    expect(row.draft).toMatchObject({ version: 2, frequency: '每年两次' });
  });

  it('says what was returned, and what was withdrawn and why', () => {
    const returned = event(DrawItemReviewed, {
      version: 1,
      approved: false,
      opinion: '依据不足',
      reviewedOn: '2026-01-10',
    });
    expect(itemOf(itemDrafted, returned)).toMatchObject({ status: 'drafted', draft: { reviewed: 'returned' } });
    const withdrawn = event(DrawItemWithdrawn, { withdrawnOn: '2026-03-10', reason: '职权取消' });
    expect(itemOf(itemDrafted, itemReviewed, itemPublished, withdrawn)).toMatchObject({
      status: 'withdrawn',
      withdrawn: { reason: '职权取消' },
      published: { version: 1 },
    });
  });
});

describe('draws', () => {
  it('are announced with their lists apart, without why somebody keeps away', () => {
    const story = told('draw-d1', announced);
    expect(story.fold(draws).get<DrawRow>('draw', 'd1')).toMatchObject({
      ...{ status: 'announced', officersListed: 3, partiesListed: 3, drawnParties: 0, position: 1, announcedAt: AT },
    });
    expect(story.fold(draws).get<DrawListsRow>('draw', 'd1')).not.toHaveProperty('parties');
    expect(story.fold(draws).get<DrawListsRow>('lists', 'd1')).toEqual({
      officers: announced.officers,
      parties: announced.parties,
      exclusions: announced.exclusions,
      drawn: [],
    });
    expect(JSON.stringify(['draw', 'lists'].map((t) => story.fold(draws).all(t)))).not.toContain('任职');
  });

  it('are held or voided, and it is counted how far the inspections have come', () => {
    expect(drawOf(announced, held)).toMatchObject({
      status: 'held',
      drawnParties: held.drawn.length,
      held: { seed: held.seed },
    });
    const voided = event(E.DrawVoided, { voidedOn: '2026-03-11', reason: '名录有误', afterHeld: true });
    expect(drawOf(announced, held, voided)).toMatchObject({ status: 'voided', voided: { afterHeld: true } });
    expect(drawOf(announced, held, conducted)).toMatchObject({ inspected: 1, resultsPublished: 0 });
    expect(drawOf(announced, held, conducted, published)).toMatchObject({ inspected: 1, resultsPublished: 1 });
  });

  it('show what was found once it is published, and how it was corrected', () => {
    const inspection = (...events: object[]) =>
      told('draw-d1', announced, held, ...events)
        .fold(draws)
        .get<InspectionRow>('inspection', `d1|${party}`);
    expect(inspection(conducted)).not.toHaveProperty('result');
    expect(inspection(conducted, published)).toMatchObject({
      result: 'rectification_ordered',
      publishedOn: '2026-03-13',
    });
    const corrected = event(E.InspectionResultCorrected, {
      ...{ party, result: 'no_problem', reason: '录入错误', correctedOn: '2026-03-14' },
    });
    expect(inspection(conducted, published, corrected)).toMatchObject({
      result: 'no_problem',
      corrected: { reason: '录入错误' },
    });
  });
});
