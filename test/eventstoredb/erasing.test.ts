import { SUBJECT_KEY_BYTES } from '../../src/ledger/commitment/key-vault';
import { subjectInquiry } from '../../src/privacy/subject.queries';
import { sampleEvent } from '../contract/sample-events';
import { connected, scripted, until } from './opened-stores';

describe('an erasure decided on a node that has not heard of the others for a while', () => {
  it('looks at rows that have what another node recorded before', async () => {
    const server = await scripted();
    const here = await connected(server, { silenceMs: 2000 });
    server.subscriptionFaults.push('stall');
    server.endSubscriptions();
    await until(() => server.subscriptionFaults.length === 0);
    const elsewhere = await connected(server);
    await elsewhere.append('case-1', 'no_stream', [sampleEvent(1)]);

    const waitedFor: number[] = [];
    const rows = {
      waitFor: (_: string, position: number) => Promise.resolve(void waitedFor.push(position)),
      list: () => Promise.resolve({ rows: [] }),
    };
    const vault = {
      keysForReading: ([subject]: string[]) => Promise.resolve(new Map([[subject, Buffer.alloc(SUBJECT_KEY_BYTES)]])),
    };
    await subjectInquiry(rows, here, vault)('party.p-1', {});
    expect(waitedFor).toEqual([1]);
  });
});
