import { findPersonalData } from '../disclosure/redaction';
import { rule, type AnyRule, type Circumstances, type Reference } from '../kernel/decider';
import { Failure, require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { parameter } from '../law/parameters';
import { bodyDecider, isAnnounced } from '../registry/body';
import { credentialOn, officerDecider, postingOn } from '../registry/officer';
import {
  barredFrom,
  DRAW_ALGORITHM,
  quotaOf,
  type ListedOfficer,
  type Quota,
  type SeedRule,
} from '../verification/draw';
import * as command from './draw-commands';
import * as E from './draw-events';
import { drawItemDecider } from './draw-item';
import type { DrawItemDrafted } from './draw-item-events';
import type { DrawState } from './draw-state';

/** UTF-8 bytes of an announcement as JSON. In a proof file, encoded twice for it, it is 16/9 of that, and 1 MiB is the most. */
const MAX_ANNOUNCEMENT_BYTES = 500_000;

/** What the inquiry finds before an announcement (`draw.queries.ts`): the log of this ledger, and the keys of its witnesses. */
export interface SeedTerms extends SeedRule {
  readonly witnesses: string[];
}

/** The streams an announcement looks at. */
export const announcementReferences = (c: command.AnnounceDraw): Reference[] => [
  ['drawitem', c.itemId],
  ['body', c.bodyId],
  ...c.officers.map((id): Reference => ['officer', id]),
];

/** What a text for everybody may not hold (I08). */
export function publicText(text: Readonly<Record<string, string>>): void {
  const [found] = findPersonalData(text, 'organisation');
  require_(!found, 'draw.personal_data', {
    zh: `公开的文字中不得有${found?.datum.zh}。`,
    en: `What is published may not hold ${found?.datum.en}.`,
    basis: found?.datum.basis ?? 'I08',
    field: found?.field,
  });
}

function itemInForce({ itemId, bodyId }: command.AnnounceDraw, c: Circumstances): DrawItemDrafted {
  const item = c.lookUp(drawItemDecider, itemId)?.published;
  require_(item, 'draw.item_not_published', {
    zh: '抽查事项未经审核公示，不得据以抽查。',
    en: 'The item is not on the published list of random inspections.',
    basis: 'B16、国办发〔2018〕118号',
    field: 'itemId',
  });
  require_(item.bodyId === bodyId && isAnnounced(c.lookUp(bodyDecider, bodyId), c.today), 'draw.item_of_other_body', {
    zh: '该抽查事项不属于本主体，或者本主体未在公告名单上。',
    en: 'The item is another body’s, or the body is not announced.',
    basis: 'A02、B16',
    field: 'bodyId',
  });
  return item;
}

/** The officers with what is public of them; each must be one of the body's, with a valid credential. */
function listedOfficers({ officers, bodyId }: command.AnnounceDraw, c: Circumstances): ListedOfficer[] {
  return officers.map((id) => {
    const officer = c.lookUp(officerDecider, id);
    const credential = credentialOn(officer, c.today);
    require_(officer && credential && postingOn(officer, c.today)?.bodyId === bodyId, 'draw.officer_not_eligible', {
      zh: `检查人员 ${id} 未持有本主体的有效执法证件。`,
      en: `Officer ${id} holds no valid credential of this body.`,
      basis: 'A04、行政处罚法第42条',
      field: 'officers',
    });
    return { id, name: officer.name, credential: credential.number };
  });
}

function quotasOf({ parties }: command.AnnounceDraw, { strata }: DrawItemDrafted): Quota[] {
  require_(
    parties.every((p) => strata.some((s) => s.stratum === p.stratum)),
    'draw.unknown_stratum',
    {
      zh: '检查对象的风险类别不在抽查事项规定之列。',
      en: 'A party is in a risk class for which the item has no ratio.',
      basis: 'B16、C09',
      field: 'parties',
    },
  );
  return strata.map(({ stratum, name, ratioPercent }) => {
    const listed = parties.filter((p) => p.stratum === stratum).length;
    return { stratum, name, ratioPercent, listed, draw: quotaOf(listed, ratioPercent) };
  });
}

/** Whichever party is drawn, enough officers must be left to inspect it. */
function enoughOfficers(
  { officers, parties, exclusions = [], officersPerParty }: command.AnnounceDraw,
  on: string,
): void {
  const { value: least, basis } = parameter('penalty.min_officers', on);
  require_(officersPerParty >= least, 'draw.two_officers_required', {
    zh: `每次检查的执法人员不得少于 ${least} 人。`,
    en: `At least ${least} officers inspect together.`,
    basis,
    field: 'officersPerParty',
  });
  require_(
    exclusions.every((x) => officers.includes(x.officer) && parties.some((p) => p.id === x.party)),
    'draw.unknown_exclusion',
    {
      zh: '回避涉及的人员或者对象不在名录中。',
      en: 'An exclusion names somebody who is not on the lists.',
      basis: '行政处罚法第43条',
      field: 'exclusions',
    },
  );
  const barred = barredFrom({ exclusions });
  require_(
    parties.every((p) => officers.filter((id) => !barred(id, p.id)).length >= officersPerParty),
    'draw.too_few_officers',
    {
      zh: `有检查对象在回避之后不足 ${officersPerParty} 名检查人员。`,
      en: `For some party, fewer than ${officersPerParty} officers are left who may inspect it.`,
      basis: `${basis}、行政处罚法第43条`,
      field: 'officers',
    },
  );
}

/**
 * The log and the witnesses of the seed: this ledger's own, of whom the announcement may choose. Names beyond ASCII would leave
 * it open in which order cosignatures are sorted.
 */
function seedRuleOf({ witnesses }: command.AnnounceDraw, { found }: Circumstances): SeedTerms {
  const { logOrigin, witnesses: all } = found as SeedTerms;
  const named = (key: string): string => key.split('+', 1)[0];
  const chosen = witnesses?.map((name) => all.find((key) => named(key) === name)) ?? all;
  require_(
    chosen.every((key) => key !== undefined && /^[!-~]+$/.test(named(key))),
    'draw.unknown_witness',
    {
      zh: '本台账的透明日志没有这样的见证人，或者其名称含有 ASCII 以外的字符。',
      en: 'The log of this ledger has no such witness, or its name is not plain ASCII.',
      basis: 'B16',
      field: 'witnesses',
    },
  );
  return { logOrigin, witnesses: chosen.filter((key) => key !== undefined) };
}

function announce(d: command.AnnounceDraw, state: DrawState, c: Circumstances): object[] {
  require_(state.stage === 'none', 'draw.announced_already', {
    zh: '抽查名录一经公告，不得更改；需要更改的，应当作废后另行公告。',
    en: 'Lists that were announced cannot be changed; void this draw and announce another.',
    basis: 'B16',
  });
  const item = itemInForce(d, c);
  require_(new Set(d.parties.map((p) => p.id)).size === d.parties.length, 'draw.party_twice', {
    zh: '同一检查对象在名录中出现两次。',
    en: 'A party is on the list twice.',
    basis: 'B16',
    field: 'parties',
  });
  const seedRule = seedRuleOf(d, c);
  const quotas = quotasOf(d, item);
  enoughOfficers(d, c.today);
  publicText({ title: d.title });
  const { itemId, title, bodyId, officersPerParty, exclusions = [] } = d;
  const announced = event(E.DrawAnnounced, {
    ...{ itemId, itemVersion: item.version, title, bodyId },
    legalBasis: item.legalBasis.map(({ instrument, article }) => `${instrument}${article}`),
    officers: listedOfficers(d, c),
    parties: d.parties.map(({ id, name, stratum }) => ({ id, name, stratum })),
    exclusions: exclusions.map(({ officer, party }) => ({ officer, party })),
    exclusionGrounds: exclusions.map(({ ground }) => ground),
    ...{ quotas, officersPerParty, algorithm: DRAW_ALGORITHM, ...seedRule },
  });
  if (Buffer.byteLength(JSON.stringify(announced)) > MAX_ANNOUNCEMENT_BYTES) throw tooLarge();
  return [announced];
}

const tooLarge = (): Failure =>
  new Failure('invalid', 'draw.lists_too_large', {
    zh: '名录过大，无法附于一份证明；请分批抽查。',
    en: 'The lists are too large for one proof; draw in several batches.',
    field: 'parties',
  });

/** The announcement of a draw. */
export const announcementRules: readonly AnyRule<DrawState>[] = [
  rule({
    command: command.AnnounceDraw,
    may: ['head', 'registrar'],
    basis: 'B16',
    zh: '公告抽查名录',
    en: 'Announce a draw',
    decide: announce,
  }),
];
