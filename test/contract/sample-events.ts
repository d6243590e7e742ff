import { EventType, Open, Personal, type NewEvent } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';

const nextId = eventIds();

@EventType({ zh: '样例', en: 'sample', basis: 'the contract of every store' })
export class SampleRecorded {
  @Open() n!: number;
  @Open() partyId!: string;
  @Open() documentNumber!: string;
  @Open() cause!: string;
  @Personal('party') facts!: string;
  @Open() amountFen!: number;
}

/** An event such as a case produces, about 635 bytes as JSON; `n` makes it recognisable. */
export function sampleEvent(n: number, overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    id: nextId(),
    type: SampleRecorded.name,
    schemaVersion: 1,
    data: {
      n,
      partyId: `p-${n % 5}`,
      documentNumber: `明镜市监罚字〔2026〕${n}号`,
      cause: '未按规定明码标价',
      facts: '经查,当事人在其经营场所销售商品未标明价格,现场检查笔录与照片为证。',
      amountFen: 50_000 + n,
    },
    metadata: {
      occurredAt: '2026-03-02T01:02:03.004Z',
      recordedAt: '2026-03-02T01:05:00.000Z',
      actor: { kind: 'person', account: 'a-17', officer: 'o-17', body: 'b-1', roles: ['officer'] },
      command: 'RecordSample',
      commandId: `c-${n}`,
      commandDigest: 'b1946ac92492d2347c6235b4d2611184',
      correlationId: `k-${n}`,
    },
    ...overrides,
  };
}

export const sampleEvents = (count: number, from = 0): NewEvent[] =>
  Array.from({ length: count }, (_, i) => sampleEvent(from + i));
