import { is } from '../kernel/event';
import { command, reactionTo, type Give } from '../ledger/deciding/reaction';
import type { ProcessManager } from '../ledger/projecting/process-manager';
import { officerDecider } from '../registry/officer';
import { RecordFault, StandDown } from '../registry/officer-commands';
import { MatterDetermined, StandDownOrdered } from './accountability-events';

const NAME = 'officer-record';

/** What a matter establishes goes into the officer's own record: faults (A07, L05), and the order to stand down (L04). */
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
        for (const { officerId, fault, exemption } of event.data.findings) {
          if (fault === 'none' || exemption) continue;
          const description = `责任追究事项 ${matterId} 认定执法过错（${fault}）`;
          await give(officerDecider, officerId, command(RecordFault, { description, matterId, occurredAt }), context);
        }
      }
    },
  };
}
