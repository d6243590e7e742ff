import { isDeepStrictEqual } from 'node:util';
import { evolveBy, rule, when, type Circumstances, type Decider } from '../../kernel/decider';
import { isErased } from '../../kernel/erased';
import { refused, require_ } from '../../kernel/errors';
import { event } from '../../kernel/event';
import { publicPartyName, maskPersonName } from '../../law/identifiers';
import { ImportHistoricalPenalty } from './historical-commands';
import { HistoricalOutcomeRecorded, HistoricalPenaltyImported, IMPORT_RULES } from './historical-events';

interface HistoricalActState {
  readonly penalty?: Readonly<HistoricalPenaltyImported>;
  /** Texts of the outcomes recorded so far. */
  readonly outcomes: readonly string[];
}

/** No act in these files can be older than the state whose acts they are; an earlier date is a misread one. */
const EARLIEST_DECISION = '1949-10-01';

/** What may differ between two readings of one row without its being another act: how it was read, not what it says. */
const OF_THE_READING: ReadonlySet<string> = new Set(['rowSha256', 'repairs', 'gates']);

/**
 * A historical act (历史行为): one row of a published file. Its id is drawn from the row, so that the same row is the same act
 * however often and by whomever it is imported. It passes the rules below and none of today's gates, and says so in `gates`.
 */
export const historicalActDecider: Decider<HistoricalActState> = {
  category: 'historical',
  collection: 'historical-acts',
  zh: '历史行为',
  en: 'Historical acts',
  initialState: { outcomes: [] },
  evolve: evolveBy<HistoricalActState>(
    when(HistoricalPenaltyImported, (state, penalty) => ({ ...state, penalty })),
    when(HistoricalOutcomeRecorded, (state, { text }) => ({ ...state, outcomes: [...state.outcomes, text] })),
  ),
  rules: [
    rule<HistoricalActState, ImportHistoricalPenalty>({
      command: ImportHistoricalPenalty,
      may: ['import'],
      basis: 'D01、I04',
      zh: '导入历史处罚',
      en: 'Import a historical penalty',
      decide(command, state, circumstances) {
        checkDates(command, circumstances);
        checkContent(command);
        const penalty = penaltyOf(command);
        if (state.penalty) checkSame(state.penalty, penalty);
        const { outcome } = command;
        return [
          ...(state.penalty ? [] : [penalty]),
          ...(outcome && !state.outcomes.includes(outcome.text)
            ? [event(HistoricalOutcomeRecorded, { ...outcome })]
            : []),
        ];
      },
    }),
  ],
};

function checkDates(
  { decidedOn, publishedOn, outcome }: ImportHistoricalPenalty,
  { occurredOn, today }: Circumstances,
): void {
  require_(decidedOn, 'historical.decision_date_missing', {
    zh: '缺少处罚决定日期。',
    en: 'The date of the decision is missing.',
    basis: '行政处罚法第59条',
    field: 'decidedOn',
  });
  require_(decidedOn >= EARLIEST_DECISION, 'historical.decision_date_implausible', {
    zh: `处罚决定日期早于 ${EARLIEST_DECISION}，应为误读。`,
    en: `A decision before ${EARLIEST_DECISION} is a misread date.`,
    basis: '行政处罚法第59条',
    field: 'decidedOn',
  });
  require_(occurredOn === decidedOn, 'historical.occurred_otherwise', {
    zh: '历史行为的发生日期应为决定日期。',
    en: 'A historical act occurred on the day of its decision.',
    basis: 'D01',
    field: 'occurredAt',
  });
  if (publishedOn !== undefined) {
    require_(publishedOn >= decidedOn, 'historical.published_before_decided', {
      zh: '公告日期早于处罚决定日期。',
      en: 'It was published before it was decided.',
      basis: '行政处罚法第48条',
      field: 'publishedOn',
    });
    require_(publishedOn <= today, 'historical.published_in_future', {
      zh: '公告日期晚于今天。',
      en: 'The date of publication is in the future.',
      basis: 'D01',
      field: 'publishedOn',
    });
  }
  // Not refused: an outcome from before the decision. Lists date a penalty that was decided anew by its second decision.
  require_((outcome?.decidedOn ?? decidedOn) <= today, 'historical.outcome_in_future', {
    zh: '复议决定日期晚于今天。',
    en: 'The date of the reconsideration decision is in the future.',
    basis: 'D01',
    field: 'outcome',
  });
}

function checkContent({ documentNumber, partyName, articles }: ImportHistoricalPenalty): void {
  require_(documentNumber.trim(), 'historical.document_number_missing', {
    zh: '缺少处罚决定文书号。',
    en: 'The document number is missing.',
    basis: 'I04',
    field: 'documentNumber',
  });
  require_(partyName.trim(), 'historical.party_missing', {
    zh: '缺少当事人名称；不得由上一行推定。',
    en: 'The party is missing; it may not be guessed from the row above.',
    basis: '行政处罚法第59条',
    field: 'partyName',
  });
  require_(articles.length > 0, 'historical.articles_missing', {
    zh: '缺少违反的条款。',
    en: 'No article that was broken is cited.',
    basis: '行政处罚法第59条',
    field: 'articles',
  });
}

function penaltyOf(command: ImportHistoricalPenalty): HistoricalPenaltyImported {
  const { occurredAt: _, outcome: __, personName, decidedOn, ...content } = command;
  return event(HistoricalPenaltyImported, {
    ...content,
    decidedOn: decidedOn ?? '',
    articles: content.articles.map((article) => ({ ...article })),
    partyPublicName: publicName(command.partyKind, command.partyName, personName),
    gates: IMPORT_RULES,
  });
}

function publicName(kind: ImportHistoricalPenalty['partyKind'], name: string, person?: string): string {
  if (!person || !name.includes(person)) return publicPartyName(kind, name);
  return name.replaceAll(person, maskPersonName(person));
}

/** What was erased cannot be compared, and is not said again. The ledger's version stands: what another reading of the same row says otherwise is reported, never written over it. */
function checkSame(stands: Readonly<HistoricalPenaltyImported>, read: HistoricalPenaltyImported): void {
  const was = new Map<string, unknown>(Object.entries(stands));
  const now = new Map<string, unknown>(Object.entries(read));
  const fields = [...new Set([...was.keys(), ...now.keys()])].filter(
    (field) =>
      !OF_THE_READING.has(field) && !isErased(was.get(field)) && !isDeepStrictEqual(was.get(field), now.get(field)),
  );
  if (fields.length === 0) return;
  throw refused(DIFFERS, {
    zh: `该行为已在台账中，但以下字段与本行不同：${fields.join('、')}；以台账为准。`,
    en: `This act is in the ledger already, with another ${fields.join(', ')}; the ledger's stands.`,
    basis: 'D04',
    field: fields.join(','),
  });
}

/** Code of the refusal of a row whose act is in the ledger with other content. */
export const DIFFERS = 'historical.differs';
