import { DecisionAmended, DecisionRevoked, PenaltyDecided } from '../enforcement/decision-events';
import type { Penalty } from '../enforcement/penalty-types';
import { is, type RecordedEvent } from '../kernel/event';
import type { ProcessManager } from '../ledger/projecting/process-manager';
import { command, reactionTo, type Give } from '../ledger/deciding/reaction';
import { DraftNotice, RequireWithdrawal } from './notice-commands';
import { noticeDecider } from './notice';
import type { WithdrawalCause } from './notice-events';

const NAME = 'duty-to-publish';
/** What a notice holds of either; a decision may say more, and whoever words the draft shortens it better. */
const MAX_BASIS_CHARS = 2048;
const MAX_CONTENT_CHARS = 4000;

/** A decision makes a draft notice with its due dates (I04); one that is undone makes its withdrawal due (行政处罚法 48 II). */
export function publicationManager(give: Give): ProcessManager {
  return {
    name: NAME,
    async react(event) {
      const id = event.stream.slice(event.stream.indexOf('-') + 1);
      const context = reactionTo(event, NAME);
      if (is(event, PenaltyDecided) && event.data.outcome === 'penalty') {
        await give(noticeDecider, id, draftOf(event), context);
      } else if (is(event, DecisionRevoked)) {
        const cause = event.data.effect as WithdrawalCause;
        await give(noticeDecider, id, command(RequireWithdrawal, { cause, since: event.data.revokedOn }), context);
      } else if (is(event, DecisionAmended)) {
        const { amendedOn } = event.data;
        await give(noticeDecider, id, command(RequireWithdrawal, { cause: 'changed', since: amendedOn }), context);
      }
    },
  };
}

function draftOf({ stream, data: d }: RecordedEvent & { readonly data: Readonly<PenaltyDecided> }): DraftNotice {
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
