import { is } from '../kernel/event';
import { command, giveAll, reactionTo, type Give } from '../ledger/deciding/reaction';
import type { ProcessManager } from '../ledger/projecting/process-manager';
import { officerDecider } from '../registry/officer';
import { LiftFault, RecordFault, StandDown } from '../registry/officer-commands';
import { MatterAppealDecided, MatterDetermined, StandDownOrdered } from './accountability-events';
import { atFault } from './accountability-state';

const NAME = 'officer-record';

/**
 * What a matter establishes goes into the officer's own record: faults (A07, L05), and the order to stand down (L04). A fault
 * that does not survive the appeal leaves it again.
 */
export function officerRecordManager(give: Give): ProcessManager {
  return {
    name: NAME,
    async react(event) {
      const context = reactionTo(event, NAME);
      const { occurredAt } = event.metadata; // faults count from the day they were established, however late this runs
      const matterId = event.stream.slice('matter-'.length);
      if (is(event, StandDownOrdered)) {
        const reason = `责任追究事项 ${matterId} 决定停止执法`;
        await give(officerDecider, event.data.officerId, command(StandDown, { reason, occurredAt }), context);
      } else if (is(event, MatterDetermined)) {
        const faults = event.data.findings.filter(atFault).map(({ officerId, fault }) => {
          const description = `责任追究事项 ${matterId} 认定执法过错（${fault}）`;
          const recorded = command(RecordFault, { description, matterId, occurredAt });
          return () => give(officerDecider, officerId, recorded, context);
        });
        await giveAll(faults);
      } else if (is(event, MatterAppealDecided)) {
        const { officerId, outcome, finding } = event.data;
        if (outcome === 'upheld' || (finding && atFault(finding))) return;
        const reason = `责任追究事项 ${matterId} 的认定经复核撤销或者变更为无过错`;
        await give(officerDecider, officerId, command(LiftFault, { matterId, reason, occurredAt }), context);
      }
    },
  };
}
