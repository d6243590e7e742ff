import { DecisionAmended, DecisionRevoked, PenaltyDecided } from '../enforcement/decision-events';
import type { Penalty } from '../enforcement/penalty-types';
import { is, type RecordedEvent } from '../kernel/event';
import type { ProcessManager } from '../ledger/projecting/process-manager';
import { command, reactionTo, type Give } from '../ledger/deciding/reaction';
import type { EventStore } from '../ledger/event-store';
import { DraftNotice, RequireWithdrawal } from './notice-commands';
import { noticeDecider } from './notice';
import type { WithdrawalCause } from './notice-events';

const NAME = 'duty-to-publish';
/** What a notice holds of either; a decision may say more, and whoever words the draft shortens it better. */
const MAX_BASIS_CHARS = 2048;
const MAX_CONTENT_CHARS = 4000;
const MAX_REMARKS_CHARS = 512;
/** A case has few acts after its decision. */
const PAGE_EVENTS = 64;

/**
 * A decision makes a draft notice with its due dates (I04). One that is undone makes its withdrawal due, and one that is
 * changed a draft of what it says now as well, with due dates from the day of the change (行政处罚法 48 II).
 */
export function publicationManager(give: Give, store: Pick<EventStore, 'readStream'>): ProcessManager {
  return {
    name: NAME,
    async react(event) {
      const context = reactionTo(event, NAME);
      if (is(event, PenaltyDecided) && event.data.outcome === 'penalty') {
        await give(noticeDecider, noticeId(event, 0), draftOf(event.stream, event.data), context);
      } else if (is(event, DecisionRevoked)) {
        const { changes } = await decisionBefore(store, event);
        const { effect, revokedOn } = event.data;
        const withdrawal = command(RequireWithdrawal, { cause: effect as WithdrawalCause, since: revokedOn });
        await give(noticeDecider, noticeId(event, changes), withdrawal, context);
      } else if (is(event, DecisionAmended)) {
        const { decided, changes } = await decisionBefore(store, event);
        const withdrawal = command(RequireWithdrawal, { cause: 'changed', since: event.data.amendedOn });
        await give(noticeDecider, noticeId(event, changes), withdrawal, context);
        if (decided?.outcome !== 'penalty') return;
        const draft = draftOf(event.stream, changedTo(decided, event.data), remarkOn(decided, event.data));
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

/**
 * What was decided, and how often that was changed before an event of the same case: read from the case's own stream, so that
 * the event finds the same however late or often it is read.
 */
async function decisionBefore(
  store: Pick<EventStore, 'readStream'>,
  { stream, revision }: RecordedEvent,
): Promise<{ decided?: Readonly<PenaltyDecided>; changes: number }> {
  let changes = 0;
  for (let from = revision - 1; from >= 0; from -= PAGE_EVENTS) {
    for (const event of await store.readStream(stream, { direction: 'backwards', from, limit: PAGE_EVENTS })) {
      if (is(event, PenaltyDecided)) return { decided: event.data, changes };
      if (is(event, DecisionAmended)) changes++;
    }
  }
  return { changes };
}

const changedTo = (decided: Readonly<PenaltyDecided>, amended: Readonly<DecisionAmended>): PenaltyDecided => ({
  ...decided,
  documentNumber: amended.amendingDocument,
  decidedOn: amended.amendedOn,
  penalties: amended.penalties,
});

const remarkOn = (decided: Readonly<PenaltyDecided>, { publicReason }: Readonly<DecisionAmended>): string =>
  fitting(`变更 ${decided.decidedOn} 作出的${decided.documentNumber}：${publicReason}`, MAX_REMARKS_CHARS);

function draftOf(stream: string, d: Readonly<PenaltyDecided>, remarks?: string): DraftNotice {
  return command(DraftNotice, {
    source: stream,
    category: 'penalty',
    bodyId: d.bodyId,
    documentNumber: d.documentNumber,
    decidedOn: d.decidedOn,
    partyId: d.partyId,
    partyKind: d.partyKind,
    partyPublicName: d.partyPublicName,
    partyUscc: d.partyPublicIdentifier,
    violation: d.violation,
    facts: d.publicFacts,
    basis: fitting(d.legalBasis.join('；'), MAX_BASIS_CHARS),
    penalties: byKind(d.penalties),
    content: fitting(d.penalties.map((p) => p.content).join('；'), MAX_CONTENT_CHARS),
    simpleProcedure: d.procedure === 'simple-penalty',
    ...(remarks !== undefined && { remarks }),
  });
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
