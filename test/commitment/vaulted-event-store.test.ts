import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERASED, isErased } from '../../src/kernel/erased';
import type { NewEvent, RecordedEvent } from '../../src/kernel/event';
import { commitmentOf } from '../../src/ledger/commitment/commitment';
import { openLedger, type OpenLedger } from '../../src/ledger/commitment/open-ledger';
import type { SealedField } from '../../src/ledger/commitment/sealed-field';
import { SqliteKeyVault } from '../../src/ledger/commitment/sqlite-key-vault';
import { vaultFile } from '../../src/ledger/commitment/vault-schema';
import { VaultedEventStore } from '../../src/ledger/commitment/vaulted-event-store';
import { MAX_EVENT_BYTES, type EventStore } from '../../src/ledger/event-store';
import { SqliteEventStore } from '../../src/ledger/sqlite/sqlite-event-store';
import { WatchedStore } from '../contract/projection-ledger';
import { heard } from './personal-events';

const AT = '2026-03-02T01:02:03.004Z';

describe('the ledger with its key vault', () => {
  let directory: string;
  let ledger: OpenLedger;
  const open = (): Promise<OpenLedger> => openLedger({ ledger: directory, vault: directory });
  const everything = (store: EventStore): Promise<RecordedEvent[]> =>
    store.readAll({ direction: 'forwards', limit: 1000 });
  const dataOf = async (store: EventStore): Promise<unknown[]> => (await everything(store)).map((event) => event.data);
  const append = (...events: NewEvent[]): Promise<unknown> =>
    ledger.store.append(`case-${events[0].id}`, 'no_stream', events);
  const lose = async (): Promise<void> => {
    await ledger.store.close();
    for (const end of ['', '-wal', '-shm']) rmSync(vaultFile(directory) + end, { force: true });
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'mingjing-vaulted-'));
    ledger = await open();
  });
  afterEach(async () => {
    await ledger.store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('gives back what was recorded, and keeps no word of it in the ledger’s files', async () => {
    const event = heard({
      address: { city: '隐名市', rooms: [1, null] },
      interpreterId: 'i-1',
      interpreterName: '译员甲',
    });
    await append(event, heard({ partyName: undefined, points: undefined }));
    expect((await dataOf(ledger.store))[0]).toEqual(event.data);
    for (const page of [
      await ledger.store.readStream(`case-${event.id}`, { direction: 'backwards', limit: 10 }),
      await ledger.store.readAll({ direction: 'backwards', limit: 10 }),
    ]) {
      expect(page[1].data).toEqual(event.data);
    }
    for (const name of readdirSync(directory)) {
      const bytes = readFileSync(join(directory, name));
      for (const word of ['王晓明', '已改正', '初次违法', '隐名市', '译员甲'])
        expect([name, bytes.includes(word)]).toEqual([name, false]);
    }
  });

  it('stores a personal field, and the command’s digest beside it, as digest, ciphertext and subject, and the rest as it is', async () => {
    const event = heard({ interpreterId: 'i-1', interpreterName: '译员甲' });
    await append(event);
    const [stored] = await everything(ledger.stored);
    const sealed = (subject: string): object => ({
      $digest: expect.stringMatching(/^[\w-]{43}$/) as string,
      $sealed: expect.stringMatching(/^A[\w-]+$/) as string,
      $subject: subject,
    });
    expect(stored).toEqual({
      ...event,
      stream: `case-${event.id}`,
      revision: 0,
      position: 1,
      data: {
        ...event.data,
        partyName: sealed('party:p-17'),
        points: sealed('party:p-17'),
        interpreterName: sealed('interpreter:i-1'),
      },
      metadata: { ...event.metadata, commandDigest: sealed('party:p-17') },
    });
  });

  it('leaves no digest of what an erased subject’s command said, in any event of that command', async () => {
    const [personal, beside] = [heard(), heard({ partyName: undefined, points: undefined })];
    await append(personal, beside);
    await append(heard({ partyName: undefined, points: undefined }));
    const digests = async (): Promise<string[]> =>
      (await everything(ledger.store)).map(({ metadata }) => metadata.commandDigest);
    const { commandDigest } = personal.metadata;
    expect(await digests()).toEqual([commandDigest, commandDigest, commandDigest]);
    await ledger.vault.destroy('party:p-17', AT);
    expect(await digests()).toEqual([ERASED, ERASED, commandDigest]);
  });

  it('reads fields of an erased subject as erased, those of others as they were; what is committed to stands', async () => {
    const [erased, other] = [heard({ interpreterId: 'i-1', interpreterName: '译员甲' }), heard({ partyId: 'p-18' })];
    await append(erased, other);
    const commitmentKey = await ledger.vault.commitmentKey();
    const committed = async (): Promise<Buffer[]> =>
      (await everything(ledger.stored)).map((event) => commitmentOf(event, commitmentKey).entry);
    const before = await committed();
    await ledger.vault.destroy('party:p-17', AT);
    for (let again = 0; again < 2; again++) {
      const [first, second] = (await dataOf(ledger.store)) as Array<Record<string, unknown>>;
      expect(first).toEqual({ ...erased.data, partyName: ERASED, points: [ERASED] });
      expect([first.partyName, first.points, first.pointCount].map(isErased)).toEqual([true, true, false]);
      expect(second).toEqual(other.data);
      expect(await committed()).toEqual(before);
      await ledger.store.close();
      ledger = await open();
    }
  });

  it('records nothing more of an erased subject, but takes what was erased already', async () => {
    await append(heard());
    await ledger.vault.destroy('party:p-17', AT);
    await expect(append(heard())).rejects.toMatchObject({
      kind: 'refused',
      code: 'privacy.subject_erased',
      detail: { basis: '个人信息保护法 47' },
    });
    const [copied] = (await dataOf(ledger.store)) as Array<Record<string, unknown>>;
    await append(heard(copied));
    await append(heard({ partyName: undefined, points: undefined }));
    const [, copy, without] = await dataOf(ledger.stored);
    expect(copy).toMatchObject({ partyName: ERASED, points: [ERASED] });
    expect(without).toEqual({ partyId: 'p-17', pointCount: 2 });
  });

  it('recognises the same events given again, and stores the same bytes whoever gives them', async () => {
    const event = heard();
    const [first, second] = await Promise.all([append(event), append(event)]);
    expect([first, second]).toEqual([
      { revision: 0, position: 1, repeated: false },
      { revision: 0, position: 1, repeated: true },
    ]);
    expect(await append(event)).toEqual({ revision: 0, position: 1, repeated: true });
    const [{ partyName }] = (await dataOf(ledger.stored)) as Array<{ partyName: SealedField }>;
    const anew = mkdtempSync(join(tmpdir(), 'mingjing-vaulted-'));
    const other = SqliteEventStore.open({ directory: anew });
    await new VaultedEventStore(other, ledger.vault).append('case-9', 'no_stream', [event]);
    expect(await dataOf(other)).toEqual([expect.objectContaining({ partyName }) as object]);
    await other.close();
    rmSync(anew, { recursive: true });
  });

  it('records appends in the order in which they were asked, also where some wait for a key', async () => {
    const asked = Array.from({ length: 40 }, (_, n) =>
      ledger.store.append(`case-${n}`, 'no_stream', [
        n % 3 === 0 ? heard({ partyId: `p-${n}` }) : heard({ partyName: undefined, points: undefined }),
      ]),
    );
    expect((await Promise.all(asked)).map(({ position }) => position)).toEqual(asked.map((_, n) => n + 1));
  });

  it('one append that is refused does not hold up the next, and closing waits for all', async () => {
    await ledger.vault.destroy('party:gone', AT);
    const asked = [append(heard({ partyId: 'gone' })), append(heard()), append(heard({ partyId: 'p-1' }))];
    const answers = Promise.allSettled(asked);
    await ledger.store.close();
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('an old event is opened before it is read in the current version, and committed to as it was', async () => {
    const old = heard(
      {},
      { schemaVersion: 1, data: { partyId: 'p-17', familyName: '王', givenName: '晓明', pointCount: 0 } },
    );
    await append(old);
    expect((await everything(ledger.store))[0]).toMatchObject({
      schemaVersion: 2,
      data: { partyId: 'p-17', partyName: '王晓明', pointCount: 0 },
    });
    expect((await everything(ledger.stored))[0]).toMatchObject({ schemaVersion: 1, data: old.data });
  });

  it('a personal field from before the vault, and an event of an unknown class, are read as they are', async () => {
    const [before, unknown] = [heard(), heard({}, { type: 'SomethingNewer' })];
    await ledger.stored.append('case-1', 'no_stream', [before, unknown]);
    expect(await dataOf(ledger.store)).toEqual([before.data, unknown.data]);
  });

  it('gives new pages as the keys are then: an erasure shows at the next page', async () => {
    const abort = new AbortController();
    const pages = ledger.store.subscribe({ after: 0, limit: 1, signal: abort.signal })[Symbol.asyncIterator]();
    const names = async (): Promise<unknown[]> =>
      ((await pages.next()).value as RecordedEvent[]).map(({ data }) => data.partyName);
    await append(heard());
    await append(heard());
    expect(await names()).toEqual(['王晓明']);
    await ledger.vault.destroy('party:p-17', AT);
    expect(await names()).toEqual([ERASED]);
    const live = names();
    await append(heard({ partyId: 'p-18' }));
    expect(await live).toEqual(['王晓明']);
    abort.abort();
    expect((await pages.next()).done).toBe(true);
  });

  it('asks the vault once a page, and not at all where nothing is sealed', async () => {
    await append(...Array.from({ length: 300 }, (_, n) => heard({ partyId: `p-${n % 50}` })));
    await append(heard({ partyName: undefined, points: undefined }));
    const asked = jest.spyOn(ledger.vault, 'keysForReading');
    await ledger.store.readAll({ direction: 'forwards', limit: 300 });
    expect(asked).toHaveBeenCalledTimes(1);
    await ledger.store.readAll({ direction: 'forwards', from: 301, limit: 10 });
    expect(asked).toHaveBeenCalledTimes(1);
  });

  describe('what cannot be recorded', () => {
    const refusals: ReadonlyArray<[what: string, event: () => NewEvent, error: object | string]> = [
      [
        'a personal field whose subject nobody names',
        () => heard({ partyId: undefined }),
        'no partyId says whose it is',
      ],
      ['a personal field of an empty subject', () => heard({ partyId: '' }), 'no partyId says whose it is'],
      [
        'half of a character',
        () => heard({ note: 'a\ud800b' }),
        { code: 'ledger.bad_text', detail: { field: 'note' } },
      ],
      ['half of a character, deep inside', () => heard({ note: [{ a: ['\udc00'] }] }), { code: 'ledger.bad_text' }],
      ['half of a character in a personal field', () => heard({ partyName: '\ud83d' }), { code: 'ledger.bad_text' }],
      ['half of a character in a member’s name', () => heard({ note: { '\ud83d': 1 } }), { code: 'ledger.bad_text' }],
      [
        'what would be taken for a sealed field',
        () => heard({ note: { $digest: '', $sealed: '', $subject: '' } }),
        { code: 'ledger.reserved_member' },
      ],
      ['a field name that no path could hold', () => heard({ 'a\nb': 1 }), 'cannot be the name of a field'],
      ['a field name with our own suffix', () => heard({ 'partyName#sealed': 1 }), 'cannot be the name of a field'],
      [
        'more fields than a proof has room for',
        () => heard(Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, n]))),
        'more than 480 fields',
      ],
      [
        'an event that is too large once it is sealed',
        () => heard({ partyName: 'x'.repeat(MAX_EVENT_BYTES * 0.76) }),
        { kind: 'invalid', code: 'ledger.event_too_large' },
      ],
    ];
    it.each(refusals)('%s', async (_what, event, error) => {
      const answer = append(event());
      await (typeof error === 'string'
        ? expect(answer).rejects.toThrow(error)
        : expect(answer).rejects.toMatchObject(error));
      expect(await ledger.store.head()).toBe(0);
    });

    it('but an event that is just small enough is', async () => {
      const event = heard({ partyName: 'x'.repeat(MAX_EVENT_BYTES * 0.74) });
      await append(event);
      expect(await dataOf(ledger.store)).toEqual([event.data]);
    });
  });

  describe('without its keys', () => {
    it('does not open: an empty vault would hide that the real one is missing', async () => {
      await append(heard());
      await append(...Array.from({ length: 5 }, () => heard({ partyName: undefined, points: undefined })));
      await lose();
      await expect(open()).rejects.toMatchObject({ kind: 'unavailable', code: 'privacy.vault_missing' });
      await expect(openLedger({ ledger: directory, vault: directory }, { readOnly: true })).rejects.toMatchObject({
        code: 'privacy.vault_missing',
      });
      const stored = SqliteEventStore.open({ directory }); // nothing is left locked
      expect(await stored.head()).toBe(6);
      await stored.close();
    });

    it('opens, and makes a vault, where nothing was sealed', async () => {
      await append(heard({ partyName: undefined, points: undefined }));
      await lose();
      const reading = await openLedger({ ledger: directory, vault: directory }, { readOnly: true });
      expect(await reading.store.head()).toBe(1);
      await reading.store.close();
      ledger = await open();
      await append(heard());
    });

    it('names the subject, and does not take a missing key for an erasure', async () => {
      await append(heard());
      await ledger.vault.commitmentKey();
      await lose();
      await SqliteKeyVault.open({ directory }).close();
      ledger = await open();
      await expect(everything(ledger.store)).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'privacy.key_missing',
        message: expect.stringContaining('party:p-17') as string,
      });
      expect(await ledger.store.head()).toBe(1);
    });

    it('under another subject’s key, or in another place, ciphertext is damage and not an answer', async () => {
      const [mine, other] = [heard(), heard({ partyId: 'p-18' })];
      await append(mine, other);
      const [first, second] = await everything(ledger.stored);
      const forged: ReadonlyArray<Record<string, unknown>> = [
        { partyName: second.data.partyName },
        { partyName: first.data.points },
        { partyName: { ...(first.data.partyName as SealedField), $subject: 'party:p-18' } },
        {
          partyName: { ...(first.data.partyName as SealedField), $digest: (first.data.points as SealedField).$digest },
        },
        { partyName: { ...(first.data.partyName as SealedField), $sealed: '' } },
        { partyName: { ...(first.data.partyName as SealedField), $sealed: 'AQAA' } },
      ];
      for (const data of forged) {
        const store = new VaultedEventStore(new ForgedStore(ledger.stored, data), ledger.vault);
        await expect(store.readAll({ direction: 'forwards', limit: 1 })).rejects.toMatchObject({
          name: 'LedgerCorrupt',
          position: 1,
        });
      }
    });
  });
});

/** A ledger somebody has changed: other data in every event. */
class ForgedStore extends WatchedStore {
  constructor(
    inner: EventStore,
    private readonly data: Record<string, unknown>,
  ) {
    super(inner);
  }

  override async readAll(page: Parameters<EventStore['readAll']>[0]): Promise<RecordedEvent[]> {
    return (await super.readAll(page)).map((event) => ({ ...event, data: { ...event.data, ...this.data } }));
  }
}
