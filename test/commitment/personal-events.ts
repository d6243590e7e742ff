import { EventType, Open, Personal, type NewEvent, type RecordedEvent } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';

/** Version 1 kept two texts where version 2 has one: an upcast that reads what only the vault can open. */
@EventType({
  zh: '已听取当事人意见',
  en: 'Party heard',
  basis: '行政处罚法第45条',
  version: 2,
  upcasts: {
    1: ({ familyName, givenName, ...rest }) => ({ ...rest, partyName: `${String(familyName)}${String(givenName)}` }),
  },
})
export class PartyHeard {
  @Open() partyId!: string;
  @Personal('party') partyName?: string;
  @Personal('party') points?: string[];
  @Personal('party') address?: object;
  @Open() interpreterId?: string;
  @Personal('interpreter') interpreterName?: string;
  @Open() pointCount!: number;
}

const nextId = eventIds();

/** An event with personal data of an invented party. */
export function heard(data: Record<string, unknown> = {}, overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    id: nextId(),
    type: PartyHeard.name,
    schemaVersion: 2,
    data: { partyId: 'p-17', partyName: '王晓明', points: ['已改正', '初次违法'], pointCount: 2, ...data },
    metadata: {
      occurredAt: '2026-03-02T01:02:03.004Z',
      recordedAt: '2026-03-02T01:05:00.000Z',
      actor: { kind: 'person', account: 'a-17', officer: 'o-17', body: 'b-1', roles: ['officer'] },
      command: 'HearParty',
      commandId: 'c-1',
      commandDigest: 'b1946ac92492d2347c6235b4d2611184',
      correlationId: 'case-1',
    },
    ...overrides,
  };
}

/** As a store gives it back: what JSON makes of it, in its place. */
export const recorded = (event: NewEvent, position = 1): RecordedEvent => ({
  ...(JSON.parse(JSON.stringify(event)) as NewEvent),
  stream: 'case-1',
  revision: position - 1,
  position,
});
