import { NoticeExpired, NoticeWithdrawn } from '../../src/disclosure/notice-events';
import { definitionOf, type EventClass, type RecordedEvent } from '../../src/kernel/event';
import { MAX_PAGE_EVENTS, type EventStore, type PageRequest } from '../../src/ledger/event-store';
import { showsPath } from '../../src/transparency/event-sight';
import { NoticeProofs } from '../../src/transparency/notice-proofs';
import { sampleEvent } from '../contract/sample-events';

const of = (type: EventClass, revision: number, data: object = {}): RecordedEvent => ({
  ...sampleEvent(revision + 1),
  type: definitionOf(type).name,
  stream: 'notice-n-1',
  revision,
  position: revision + 1,
  data: data as RecordedEvent['data'],
});

test('a withdrawal beyond the first page of a notice’s events is seen', async () => {
  const last = 2 * MAX_PAGE_EVENTS;
  const events = Array.from({ length: last }, (_, at) => of(NoticeExpired, at, { channel: 'local' }));
  events.push(of(NoticeWithdrawn, last, { withdrawnOn: '2026-03-02', reason: '处罚决定被撤销' }));
  const store = {
    readStream: async (_: string, { from = 0, limit }: PageRequest) => events.slice(from, from + limit),
  } as unknown as EventStore;
  const proofs = new NoticeProofs(store, store, undefined as never);
  expect((await proofs.list('n-1')).map(({ type }) => type)).toEqual(['NoticeWithdrawn']);
});

test('who acted and what repetition is told by are shown to nobody who need not know', () => {
  const event = { type: definitionOf(NoticeWithdrawn).name };
  const paths = ['type', 'metadata.recordedAt', 'metadata.command', 'metadata.actor', 'metadata.correlationId'];
  const seen = (sight: Parameters<typeof showsPath>[1]): string[] =>
    [...paths, 'metadata.commandId', 'metadata.commandDigest', 'metadata.new'].filter(showsPath(event, sight));
  expect(seen('open')).toEqual(paths.slice(0, 2));
  expect(seen('internal')).toEqual(paths.slice(0, 3));
  expect(seen('personal')).toEqual(paths);
});
