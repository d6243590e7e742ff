import type { Circumstances } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { contentOf } from '../kernel/fields';
import { penaltyCaseDecider } from '../enforcement/penalty-case';
import { channelDuties, publicityClass, startDuty } from './channels';
import type { DraftNotice, PublishedPenalty } from './notice-commands';
import * as E from './notice-events';
import { notPublished } from './notice-withdrawal';

const MANUAL = 'manual-';
const CASE = `${penaltyCaseDecider.category}-`;

/** The id of the case that a notice is of; undefined for a source that is no stream of the ledger, such as a licence. */
export const caseOf = (source: string): string | undefined =>
  source.startsWith(CASE) ? source.slice(CASE.length) : undefined;

const sum = (penalties: readonly PublishedPenalty[], kinds: readonly string[]): number | undefined => {
  const amounts = penalties.flatMap((p) => (kinds.includes(p.kind) ? (p.amountYuan ?? []) : []));
  // In cents, so that a sum of decimals is a decimal.
  return amounts.length === 0 ? undefined : amounts.reduce((total, a) => total + Math.round(a * 100), 0) / 100;
};

/** What no person may draft: penalties are the program's, and what a person drafts never stands where a case's notice will. */
function mustBeDraftable(c: DraftNotice, { actor, id, lookUp }: Circumstances): void {
  if (actor.kind !== 'person') return;
  require_(c.category !== 'penalty', 'notice.penalty_by_program', {
    zh: '行政处罚决定的公示信息由系统依决定自动起草。',
    en: 'The notice of a penalty is drafted by the program, from the decision.',
    basis: 'I04、行政处罚法第48条',
    field: 'category',
  });
  require_(id.startsWith(MANUAL), 'notice.manual_id', {
    zh: `人工起草的公示信息，编号以“${MANUAL}”开头。`,
    en: `The id of a notice that a person drafts begins with ${MANUAL}.`,
    basis: 'I04',
  });
  const caseId = caseOf(c.source);
  require_(caseId === undefined || lookUp(penaltyCaseDecider, caseId), 'notice.unknown_source', {
    zh: '所依据的案件不存在。',
    en: 'There is no such case.',
    basis: 'I04',
    field: 'source',
  });
}

export function draft(c: DraftNotice, circumstances: Circumstances): object[] {
  mustBeDraftable(c, circumstances);
  require_(c.decidedOn <= circumstances.today, 'notice.decided_in_future', {
    zh: '决定日期不能晚于今天。',
    en: 'The decision cannot lie in the future.',
    basis: 'I04',
    field: 'decidedOn',
  });
  const publicity = { ...c, ...(c.effectiveUntil && { restrictedUntil: c.effectiveUntil }) };
  const channels = channelDuties(publicity);
  const { penalties, simpleProcedure: _simple, partyElsewhere: _elsewhere, ...text } = contentOf(c);
  const drafted = event(E.NoticeDrafted, {
    ...text,
    // A person's identifier is not published, masked or not (内蒙古办法 10).
    partyUscc: c.partyKind === 'natural_person' ? undefined : c.partyUscc,
    partyName: c.partyKind === 'natural_person' ? c.partyName : undefined,
    penaltyKinds: [...new Set(penalties.map((p) => p.kind))],
    fineYuan: sum(penalties, ['fine']),
    confiscatedYuan: sum(penalties, ['confiscate_gains', 'confiscate_property']),
    publicityClass: publicityClass(publicity),
    channels,
  });
  // In the same append: nobody comes between the draft and its being withheld.
  if (c.partyMinor) return [drafted, notPublished('minor')];
  return [
    drafted,
    ...channels.flatMap(({ channel, parameter }) =>
      parameter === undefined ? [] : [startDuty(parameter, c.decidedOn, c.bodyId, channel)],
    ),
  ];
}
