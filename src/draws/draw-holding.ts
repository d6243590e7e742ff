import { rule, type AnyRule, type Circumstances } from '../kernel/decider';
import { refused, require_, type Failure } from '../kernel/errors';
import { event } from '../kernel/event';
import { parseCheckpoint } from '../verification/checkpoint';
import { dealt, ineligible, type Ineligible } from '../verification/draw';
import { parseNote } from '../verification/note';
import { publicText } from './draw-announcing';
import * as command from './draw-commands';
import * as E from './draw-events';
import type { DrawState } from './draw-state';
import { ranksOf, seedOf } from './seeding';

/** What a checkpoint lacks to be the seed. */
const WHY_NOT: Readonly<Record<Ineligible, () => Failure>> = {
  other_log: () =>
    refused('draw.other_log', {
      zh: '检查点不属于公告所指的日志。',
      en: 'The checkpoint is not of the announced log.',
      basis: 'B16',
      field: 'checkpoint',
    }),
  too_early: () =>
    refused('draw.checkpoint_too_early', {
      zh: '检查点不包含抽查公告：公告时它可能已经存在。',
      en: 'The checkpoint does not cover the announcement: it may have existed before.',
      basis: 'B16',
      field: 'checkpoint',
    }),
  cosignature_missing: () =>
    refused('draw.cosignature_missing', {
      zh: '检查点缺少公告所指见证人的见证，或者同一见证人有两份见证。',
      en: 'The checkpoint lacks the cosignature of an announced witness, or has two of one.',
      basis: 'B16',
      field: 'checkpoint',
    }),
};

function awaited(state: DrawState): Readonly<E.DrawAnnounced> {
  require_(state.stage !== 'held', 'draw.held_already', {
    zh: '已经抽取，不得再次抽取。',
    en: 'The draw has been held; it is not held twice.',
    basis: 'B16',
  });
  require_(state.announced && state.stage === 'announced', 'draw.not_announced', {
    zh: '没有待抽取的公告。',
    en: 'No announcement waits to be drawn.',
    basis: 'B16',
  });
  return state.announced;
}

const sizeOf = (note: string): number => parseCheckpoint(parseNote(note).text).size;

function hold({ entry, checkpoint, passedOver = [] }: command.HoldDraw, state: DrawState): object[] {
  const announced = awaited(state);
  const why = ineligible(checkpoint, state.position, announced);
  if (why) throw WHY_NOT[why]();
  require_(
    passedOver.every((note) => ineligible(note, state.position, announced)),
    'draw.not_first_checkpoint',
    {
      zh: '在此之前已有符合公告的检查点，须用最先的一个。',
      en: 'An earlier checkpoint was eligible, and the first is the one to be used.',
      basis: 'B16',
      field: 'checkpoint',
    },
  );
  // Whoever cosigns what others have cosigned before his eyes can choose among his own signatures.
  require_(!passedOver.map(sizeOf).includes(sizeOf(checkpoint)), 'draw.published_before', {
    zh: '该检查点曾在缺少见证时发布，后补的见证可以挑选，不能作为种子。',
    en: 'This checkpoint was published before without a witness; one who signs later could choose, so it cannot be the seed.',
    basis: 'B16',
    field: 'checkpoint',
  });
  const seed = seedOf(entry, checkpoint, announced);
  const drawn = dealt(announced, ranksOf(seed, announced));
  return [event(E.DrawHeld, { entry, checkpoint, seed, drawn, passedOver: passedOver.map(sizeOf) })];
}

function voidIt({ reason }: command.VoidDraw, state: DrawState, { occurredOn }: Circumstances): object[] {
  require_(state.stage === 'announced' || state.stage === 'held', 'draw.not_announced', {
    zh: '没有可以作废的抽查。',
    en: 'There is no draw that could be voided.',
    basis: 'B16',
  });
  require_(Object.keys(state.inspections).length === 0, 'draw.inspected_already', {
    zh: '已经开始检查，抽查不得作废。',
    en: 'Inspections have begun; the draw stands.',
    basis: 'B16',
  });
  publicText({ reason });
  return [event(E.DrawVoided, { voidedOn: occurredOn, reason, afterHeld: state.stage === 'held' })];
}

/** A draw is held once, by the program; or voided, and everybody sees that it was. */
export const holdingRules: readonly AnyRule<DrawState>[] = [
  rule({
    command: command.HoldDraw,
    may: ['system'],
    basis: 'B16',
    zh: '抽取',
    en: 'Hold the draw',
    decide: hold,
  }),
  rule({
    command: command.VoidDraw,
    may: ['head', 'supervisor'],
    basis: 'B16',
    zh: '作废抽查',
    en: 'Void the draw',
    decide: voidIt,
  }),
];
