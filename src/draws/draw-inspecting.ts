import { startClock, stopClock } from '../clocks/stream-clocks';
import { rule, type AnyRule, type Circumstances, type Reference } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { parameter } from '../law/parameters';
import { holdsCredential, officerDecider } from '../registry/officer';
import { teamWithout, type DrawnParty } from '../verification/draw';
import { publicText } from './draw-announcing';
import * as command from './draw-commands';
import * as E from './draw-events';
import type { DrawState, Inspection } from './draw-state';
import { ranksOf } from './seeding';

/** The time to publish the result of an inspection, for each party by itself. */
const RESULT = 'inspection.result';

const drawnParty = ({ stage, held }: DrawState, party: string): DrawnParty | undefined =>
  stage === 'held' ? held?.drawn.find((d) => d.party === party) : undefined;

/** Who inspects: those drawn, and in the places of those absent the next on the list. Nobody when the party was not drawn. */
function teamFor({ party, absent = [] }: command.RecordDrawnInspection, state: DrawState): string[] {
  const { announced, held } = state;
  const drawn = drawnParty(state, party);
  if (!drawn || !announced || !held) return [];
  const away = absent.map((a) => a.officer);
  return teamWithout(away, drawn, announced, ranksOf(held.seed, announced));
}

/** The streams the record of an inspection looks at. */
export const inspectionReferences = (c: command.RecordDrawnInspection, state: DrawState): Reference[] =>
  teamFor(c, state).map((id): Reference => ['officer', id]);

function record(d: command.RecordDrawnInspection, state: DrawState, c: Circumstances): object[] {
  const { party, result, absent = [] } = d;
  const drawn = drawnParty(state, party);
  require_(drawn && state.held && state.announced, 'draw.not_drawn', {
    zh: '该对象未被抽中，不得以本次抽查名义检查。',
    en: 'This party was not drawn; it cannot be inspected in the name of this draw.',
    basis: 'B16、C08',
    field: 'party',
  });
  require_(!state.inspections[party], 'draw.inspected_already', {
    zh: '该对象已经检查。',
    en: 'This party has been inspected.',
    basis: 'B16、C08',
    field: 'party',
  });
  require_(c.occurredOn >= state.held.on, 'draw.inspected_before_drawn', {
    zh: '检查日期早于抽取日期。',
    en: 'The inspection is dated before the draw.',
    basis: 'B16',
    field: 'occurredAt',
  });
  const officers = teamFor(d, state);
  const listed = new Set(state.announced.officers.map((o) => o.id));
  require_(
    absent.every((a) => listed.has(a.officer)),
    'draw.unknown_officer',
    {
      zh: '未到场人员不在检查人员名录中。',
      en: 'Whoever is named as absent is not on the list of officers.',
      basis: 'B16',
      field: 'absent',
    },
  );
  const { value: least, basis } = parameter('penalty.min_officers', c.occurredOn);
  require_(
    officers.length >= least && officers.every((id) => holdsCredential(c.lookUp(officerDecider, id), c.occurredOn)),
    'draw.two_officers_required',
    {
      zh: `检查须由 ${least} 名以上持有效执法证件的抽中人员（或者依次递补的人员）进行。`,
      en: `At least ${least} officers inspect, as drawn or next on the list, each with a valid credential that day.`,
      basis,
      field: 'absent',
    },
  );
  require_(!c.actor.officer || officers.includes(c.actor.officer), 'draw.not_on_the_team', {
    zh: '检查情况由抽中的检查人员登记。',
    en: 'An inspection is recorded by one of the officers drawn for it.',
    basis: 'B16',
  });
  return [
    event(E.InspectionConducted, {
      ...{ party, conductedOn: c.occurredOn, officers, result },
      absent: absent.map(({ officer, ground }) => ({ officer, ground })),
    }),
    startClock(RESULT, c.occurredOn, state.bodyId, officers, party),
  ];
}

function conducted(state: DrawState, party: string): Inspection {
  const inspection = state.inspections[party] as Inspection | undefined;
  require_(inspection, 'draw.not_inspected', {
    zh: '该对象尚未检查。',
    en: 'This party has not been inspected.',
    basis: 'B16',
    field: 'party',
  });
  return inspection;
}

function publish(
  { party }: command.PublishInspectionResult,
  state: DrawState,
  { occurredOn }: Circumstances,
): object[] {
  const { result, conductedOn, publishedOn } = conducted(state, party);
  if (publishedOn) return [];
  return [
    event(E.InspectionResultPublished, { party, result, conductedOn, publishedOn: occurredOn }),
    ...stopClock(state.clocks, RESULT, occurredOn, party),
  ];
}

function correct(d: command.CorrectInspectionResult, state: DrawState, { occurredOn }: Circumstances): object[] {
  const { party, result, reason } = d;
  const inspection = conducted(state, party);
  require_(inspection.publishedOn, 'draw.result_not_published', {
    zh: '检查结果尚未公示。',
    en: 'The result has not been published.',
    basis: 'I05',
    field: 'party',
  });
  if (result === inspection.result) return [];
  publicText({ reason });
  return [event(E.InspectionResultCorrected, { party, result, reason, correctedOn: occurredOn })];
}

/** What was drawn is inspected, and what was found is published in time. */
export const inspectionRules: readonly AnyRule<DrawState>[] = [
  rule({
    command: command.RecordDrawnInspection,
    may: ['officer'],
    basis: 'B16、行政处罚法第42条',
    zh: '登记抽查检查',
    en: 'Record an inspection',
    decide: record,
  }),
  rule({
    command: command.PublishInspectionResult,
    may: ['disclosure', 'head'],
    basis: 'B16、国办发〔2018〕118号第6条',
    zh: '公示抽查结果',
    en: 'Publish an inspection result',
    decide: publish,
  }),
  rule({
    command: command.CorrectInspectionResult,
    may: ['head'],
    basis: 'I05',
    zh: '更正抽查结果',
    en: 'Correct an inspection result',
    decide: correct,
  }),
];
