import { DecisionAmended, DecisionRevoked, PenaltyDecided } from '../enforcement/decision-events';
import { CaseFiled, OnTheSpotCaseOpened, type CaseParty } from '../enforcement/filing-events';
import type { Penalty } from '../enforcement/penalty-types';
import { withoutErased } from '../kernel/erased';
import { is, type RecordedEvent } from '../kernel/event';
import { addYears } from '../law/calendar';
import { publicPartyName } from '../law/identifiers';
import { parameter } from '../law/parameters';
import type { ProcessManager } from '../ledger/projecting/process-manager';
import { command, reactionTo, type Give } from '../ledger/deciding/reaction';
import type { EventStore } from '../ledger/event-store';
import { DraftNotice, RequireWithdrawal } from './notice-commands';
import { noticeDecider } from './notice';
import type { WithdrawalCause } from './notice-events';
import { hidePartyData } from './redaction';

const NAME = 'duty-to-publish';
/** What a notice holds of either; a decision may say more, and whoever words the draft shortens it better. */
const MAX_VIOLATION_CHARS = 2000;
const MAX_FACTS_CHARS = 5000;
const MAX_BASIS_CHARS = 2048;
const MAX_CONTENT_CHARS = 4000;
const MAX_REMARKS_CHARS = 512;
const PAGE_EVENTS = 64;

/**
 * A decision makes a draft notice with its due dates (I04). One that is undone makes its withdrawal due, and one that is
 * changed a draft of what it says now as well, with due dates from the day of the change (行政处罚法 48 II). What the case knows of
 * its party is hidden in the texts before they come into the draft (内蒙古办法 10); the notice of a minor is withheld (11(1)).
 */
export function publicationManager(give: Give, store: Pick<EventStore, 'readStream'>): ProcessManager {
  return {
    name: NAME,
    async react(event) {
      const context = reactionTo(event, NAME);
      if (is(event, PenaltyDecided) && event.data.outcome === 'penalty') {
        const before = await caseBefore(store, event);
        await give(noticeDecider, noticeId(event, 0), draftOf(event.stream, event.data, before), context);
      } else if (is(event, DecisionRevoked)) {
        const { changes } = await caseBefore(store, event);
        const { effect, revokedOn } = event.data;
        const withdrawal = command(RequireWithdrawal, { cause: effect as WithdrawalCause, since: revokedOn });
        await give(noticeDecider, noticeId(event, changes), withdrawal, context);
      } else if (is(event, DecisionAmended)) {
        const before = await caseBefore(store, event);
        const { decided, changes } = before;
        const withdrawal = command(RequireWithdrawal, { cause: 'changed', since: event.data.amendedOn });
        await give(noticeDecider, noticeId(event, changes), withdrawal, context);
        if (decided?.outcome !== 'penalty') return;
        const draft = draftOf(event.stream, changedTo(decided, event.data), before, remarkOn(decided, event.data));
        await give(noticeDecider, noticeId(event, changes + 1), draft, context);
      }
    },
  };
}

/** The notice of a decision bears the id of its case; each change of the decision has a notice of its own, numbered from 2. */
function noticeId({ stream }: RecordedEvent, changes: number): string {
  const caseId = stream.slice(stream.indexOf('-') + 1);
  return changes === 0 ? caseId : `${caseId}.${changes + 1}`;
}

/** A case as it was before one of its events. */
interface CaseSoFar {
  /** What of the party's data has not been erased since. */
  readonly party?: Readonly<Partial<CaseParty>>;
  readonly decided?: Readonly<PenaltyDecided>;
  /** How often the decision was changed. */
  readonly changes: number;
}

/** Read from the case's own stream, so that an event finds the same however late or often it is read. */
async function caseBefore(
  store: Pick<EventStore, 'readStream'>,
  { stream, revision }: RecordedEvent,
): Promise<CaseSoFar> {
  let decided: Readonly<PenaltyDecided> | undefined;
  let changes = 0;
  for (let from = revision - 1; from >= 0; from -= PAGE_EVENTS) {
    for (const event of await store.readStream(stream, { direction: 'backwards', from, limit: PAGE_EVENTS })) {
      if (is(event, CaseFiled) || is(event, OnTheSpotCaseOpened))
        return { party: withoutErased(event.data), decided, changes };
      if (is(event, PenaltyDecided)) decided ??= event.data;
      if (is(event, DecisionAmended) && !decided) changes++;
    }
  }
  return { decided, changes };
}

const changedTo = (decided: Readonly<PenaltyDecided>, amended: Readonly<DecisionAmended>): PenaltyDecided => ({
  ...decided,
  documentNumber: amended.amendingDocument,
  decidedOn: amended.amendedOn,
  penalties: amended.penalties,
});

const remarkOn = (decided: Readonly<PenaltyDecided>, { publicReason }: Readonly<DecisionAmended>): string =>
  `变更 ${decided.decidedOn} 作出的${decided.documentNumber}：${publicReason}`;

function draftOf(
  stream: string,
  d: Readonly<PenaltyDecided>,
  { party, decided = d }: CaseSoFar,
  remarks?: string,
): DraftNotice {
  const text = shownOf(d.partyKind, party);
  return command(DraftNotice, {
    source: stream,
    category: 'penalty',
    bodyId: d.bodyId,
    documentNumber: d.documentNumber,
    decidedOn: d.decidedOn,
    partyId: d.partyId,
    partyKind: d.partyKind,
    partyPublicName: party?.partyName ? publicPartyName(d.partyKind, party.partyName) : d.partyPublicName,
    ...(d.partyKind === 'natural_person' && party?.partyName && { partyName: party.partyName }),
    ...(isMinor(decided, party) && { partyMinor: true }),
    partyUscc: d.partyPublicIdentifier,
    violation: text(d.violation, MAX_VIOLATION_CHARS),
    facts: text(d.publicFacts, MAX_FACTS_CHARS),
    basis: text(d.legalBasis.join('；'), MAX_BASIS_CHARS),
    penalties: byKind(d.penalties),
    content: text(d.penalties.map((p) => p.content).join('；'), MAX_CONTENT_CHARS),
    simpleProcedure: d.procedure === 'simple-penalty',
    ...(remarks !== undefined && { remarks: text(remarks, MAX_REMARKS_CHARS) }),
  });
}

/** A text as it may be shown: of a natural person whatever the case knows is hidden, of others the telephone number. */
function shownOf(kind: PenaltyDecided['partyKind'], party: CaseSoFar['party']) {
  const hidden = kind === 'natural_person' ? party : { phone: party?.phone };
  return (text: string, max: number): string => fitting(hidePartyData(text, hidden ?? {}), max);
}

/** Under eighteen on the day of the decision, be it changed later or not; from the day after the birthday one is that old. */
function isMinor(d: Readonly<PenaltyDecided>, party: CaseSoFar['party']): boolean {
  if (d.partyKind !== 'natural_person' || !party?.birthDate) return false;
  return d.decidedOn <= addYears(party.birthDate, parameter('penalty.age_lighter', d.decidedOn).value);
}

const fitting = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

/** One penalty of each kind, with the sum of its amounts. */
function byKind(penalties: readonly Penalty[]): DraftNotice['penalties'] {
  const cents = new Map<string, number | undefined>();
  for (const { kind, amountYuan } of penalties) {
    const sum = cents.get(kind);
    cents.set(kind, amountYuan === undefined ? sum : (sum ?? 0) + Math.round(amountYuan * 100));
  }
  return [...cents].map(([kind, sum]) => ({ kind, amountYuan: sum === undefined ? undefined : sum / 100 }));
}
