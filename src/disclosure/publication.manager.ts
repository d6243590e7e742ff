import { DecisionAmended, DecisionRevoked, PenaltyDecided } from '../enforcement/decision-events';
import type { Penalty } from '../enforcement/penalty-types';
import { is, type RecordedEvent } from '../kernel/event';
import type { ProcessManager } from '../ledger/projecting/process-manager';
import { command, reactionTo, type Give } from '../ledger/deciding/reaction';
import { DraftNotice, RequireWithdrawal } from './notice-commands';
import { noticeDecider } from './notice';
import type { WithdrawalCause } from './notice-events';

const NAME = 'duty-to-publish';

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
    basis: d.legalBasis.join('；'),
    penalties: d.penalties.map(({ kind, amountYuan }) => ({ kind, amountYuan })),
    content: d.penalties.map((p: Penalty) => p.content).join('；'),
    simpleProcedure: d.procedure === 'simple-penalty',
  });
}
