import { createHash, hash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson } from '../../src/kernel/canonical-json';
import type { RecordedEvent } from '../../src/kernel/event';
import { commitmentOf, disclosuresOf, entryOf } from '../../src/ledger/commitment/commitment';
import { SUBJECT_KEY_BYTES, type SubjectKeys } from '../../src/ledger/commitment/key-vault';
import { seal, type SealedField } from '../../src/ledger/commitment/sealed-field';
import * as verification from '../../src/verification/disclosure';
import { heard, recorded } from './personal-events';

const commitmentKey = Buffer.alloc(32, 1);
const subject = 'party:p-17';
const subjectKey = randomBytes(SUBJECT_KEY_BYTES);
const keys: SubjectKeys = new Map([[subject, subjectKey]]);
const digestOf = (encoded: string): string => hash('sha256', encoded, 'base64url');

/** JSON as an event may hold it: every Unicode text, nested, large and negative numbers. */
const json = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme-composite' });
const fieldName = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9]{0,8}$/);
const openEvent = fc
  .record({ data: fc.dictionary(fieldName, json, { maxKeys: 12 }), position: fc.integer({ min: 1, max: 2 ** 40 }) })
  .map(({ data, position }) => recorded(heard({}, { data }), position));

function sealedEvent(values: Readonly<Record<string, unknown>> = { partyName: '王晓明' }): RecordedEvent {
  const event = heard();
  const sealed = Object.entries(values).map(([name, value]) => [
    name,
    seal({ eventId: event.id, path: `data.${name}` }, value, subject, subjectKey),
  ]);
  return recorded({ ...event, data: { ...event.data, ...(Object.fromEntries(sealed) as object) } });
}

describe('the commitment of an event', () => {
  it('has the digest of every field, and nothing else, whatever the fields hold', () => {
    fc.assert(
      fc.property(openEvent, (event) => {
        const { digests, entry } = commitmentOf(event, commitmentKey);
        const disclosures = disclosuresOf(event, commitmentKey, new Map());
        expect([...disclosures.values()].map(digestOf).sort()).toEqual(digests);
        expect(entry).toEqual(entryOf(digests));
        const { data, metadata, ...envelope } = event;
        const paths = [
          ...Object.keys(envelope),
          ...Object.keys(metadata).map((name) => `metadata.${name}`),
          ...Object.keys(data).map((name) => `data.${name}`),
        ];
        expect([...disclosures.keys()].sort()).toEqual(paths.sort());
      }),
    );
  });

  it('is written as verifiers read it: disclosures, digests and entry alike', async () => {
    await fc.assert(
      fc.asyncProperty(openEvent, async (event) => {
        const { digests, entry } = commitmentOf(event, commitmentKey);
        for (const [path, encoded] of disclosuresOf(event, commitmentKey, new Map())) {
          const opened = verification.decodeDisclosure(encoded);
          expect(opened).toEqual({
            salt: expect.stringMatching(/^[\w-]{22}$/) as string,
            path,
            value: valueAt(event, path),
          });
          expect(verification.encodeDisclosure(opened)).toBe(encoded);
          expect(digests).toContain(await verification.disclosureDigest(encoded));
        }
        expect(Buffer.from(await verification.entryOf(digests))).toEqual(entry);
      }),
      { numRuns: 30 },
    );
  });

  it('changes with any single change: a member of the data or metadata, its place, its absence', () => {
    fc.assert(
      fc.property(openEvent, fc.nat(), json, fieldName, (event, n, value, name) => {
        const { entry } = commitmentOf(event, commitmentKey);
        for (const changed of changes(event, n, value, name)) {
          expect(commitmentOf(changed, commitmentKey).entry).not.toEqual(entry);
        }
      }),
    );
  });

  it('does not depend on the order in which members stand, nor on members without a value', () => {
    const event = recorded(heard({ z: 1, a: { y: 1, x: 2 } }));
    const turned = {
      ...event,
      data: { ...Object.fromEntries(Object.entries(event.data).reverse()), a: { x: 2, y: 1 }, b: undefined },
      metadata: Object.fromEntries(Object.entries(event.metadata).reverse()) as unknown as RecordedEvent['metadata'],
    };
    expect(commitmentOf(turned, commitmentKey)).toEqual(commitmentOf(event, commitmentKey));
  });

  it('takes numbers as JSON has them: no negative zero, large ones as ECMAScript writes them', () => {
    const of = (n: number) => commitmentOf(recorded(heard({ n }, { id: 'e-1' })), commitmentKey).entry;
    expect(of(-0)).toEqual(of(0));
    const [encoded] = [disclosuresOf(recorded(heard({ n: 1e21 })), commitmentKey, keys).get('data.n')!];
    expect(Buffer.from(encoded, 'base64url').toString()).toMatch(/,"data\.n",1e\+21\]$/);
  });

  it('hides: under another key, or for another event id, every digest is another', () => {
    const event = recorded(heard());
    const before = commitmentOf(event, commitmentKey).digests;
    expect(before).toHaveLength(new Set(before).size);
    for (const other of [
      commitmentOf(event, Buffer.alloc(32, 2)),
      commitmentOf({ ...event, id: 'e-2' }, commitmentKey),
    ]) {
      expect(other.digests.filter((digest) => before.includes(digest))).toEqual([]);
    }
  });

  it('derives salts as the description says', () => {
    const event = recorded(heard({}, { data: { b: 1, a: 'x' } }));
    const order = [
      ...['data.a', 'data.b', 'id'],
      ...['actor', 'command', 'commandDigest', 'commandId', 'correlationId', 'occurredAt', 'recordedAt'].map(
        (name) => `metadata.${name}`,
      ),
      ...['position', 'revision', 'schemaVersion', 'stream', 'type'],
    ];
    const stretched = createHash('shake256', { outputLength: 16 * order.length })
      .update(Buffer.concat([commitmentKey, Buffer.from(`mingjing/ordinary-salts/v1\0${event.id}`)]))
      .digest();
    const disclosures = disclosuresOf(event, commitmentKey, new Map());
    const salts = order.map((path) => verification.decodeDisclosure(disclosures.get(path)!).salt);
    expect(salts).toEqual(order.map((_, i) => stretched.toString('base64url', 16 * i, 16 * (i + 1))));
  });
});

describe('a sealed field', () => {
  it('is committed to twice: what it hides, and what is stored', () => {
    const event = sealedEvent();
    const { digests } = commitmentOf(event, commitmentKey);
    const disclosures = disclosuresOf(event, commitmentKey, keys);
    const field = event.data.partyName as SealedField;
    expect(digestOf(disclosures.get('data.partyName')!)).toBe(field.$digest);
    expect(digests).toContain(field.$digest);
    expect(verification.decodeDisclosure(disclosures.get('data.partyName')!)).toMatchObject({ value: '王晓明' });
    expect(verification.decodeDisclosure(disclosures.get('data.partyName#sealed')!)).toMatchObject({ value: field });
    expect([...disclosures.values()].map(digestOf).sort()).toEqual(digests);
  });

  it('once its key is gone, discloses nothing of what it hid, and the commitment stands', () => {
    const event = sealedEvent({ partyName: '王晓明', points: ['已改正'] });
    const before = commitmentOf(event, commitmentKey);
    const open = disclosuresOf(event, commitmentKey, keys);
    const erased = disclosuresOf(event, commitmentKey, new Map());
    expect([...open.keys()].filter((path) => !erased.has(path))).toEqual(['data.partyName', 'data.points']);
    for (const [path, encoded] of erased) expect(open.get(path)).toBe(encoded);
    expect(commitmentOf(event, commitmentKey)).toEqual(before);
  });

  it('brings another entry for every change of what is stored, also where the cipher would not notice', () => {
    const event = sealedEvent({ partyName: '王晓明', address: { city: '明镜市' } });
    const { entry } = commitmentOf(event, commitmentKey);
    const [name, address] = [event.data.partyName as SealedField, event.data.address as SealedField];
    const forged: SealedField[] = [
      { ...name, $subject: 'party:p-18' },
      { ...name, $sealed: `${name.$sealed}=` },
      { ...name, $digest: address.$digest },
      { ...name, ...{ more: 1 } },
    ];
    for (const partyName of forged) {
      expect(commitmentOf({ ...event, data: { ...event.data, partyName } }, commitmentKey).entry).not.toEqual(entry);
    }
    const swapped = {
      partyName: { ...name, $digest: address.$digest },
      address: { ...address, $digest: name.$digest },
    };
    expect(commitmentOf({ ...event, data: { ...event.data, ...swapped } }, commitmentKey).entry).not.toEqual(entry);
  });

  it('gives back every value that JSON can hold, from the same bytes each time it is sealed', () => {
    fc.assert(
      fc.property(json, (value) => {
        const event = sealedEvent({ partyName: value });
        const encoded = disclosuresOf(event, commitmentKey, keys).get('data.partyName')!;
        const opened = verification.decodeDisclosure(encoded);
        expect(opened).toMatchObject({ path: 'data.partyName' });
        expect(opened.value).toEqual(JSON.parse(JSON.stringify(value)));
        expect(seal({ eventId: event.id, path: 'data.partyName' }, value, subject, subjectKey)).toEqual(
          event.data.partyName,
        );
      }),
    );
  });

  it('that hides another value than its digest says is not disclosed', () => {
    const event = sealedEvent();
    const place = { eventId: event.id, path: 'data.partyName' };
    const key = Buffer.concat([subjectKey.subarray(0, 32), randomBytes(32)]); // the same cipher key, other salts
    const partyName = seal(place, '李雷', subject, key);
    expect(() => disclosuresOf({ ...event, data: { ...event.data, partyName } }, commitmentKey, keys)).toThrow(
      'ledger corrupt at position 1',
    );
  });
});

function valueAt(event: RecordedEvent, path: string): unknown {
  const [first, ...rest] = path.split('.');
  const found = (event as unknown as Record<string, unknown>)[first];
  return rest.length > 0 ? (found as Record<string, unknown>)[rest.join('.')] : found;
}

/** The event with one thing changed, in every part that it has. */
function* changes(event: RecordedEvent, n: number, value: unknown, name: string): Generator<RecordedEvent> {
  yield { ...event, position: event.position + 1 };
  yield { ...event, revision: event.revision + 1 };
  yield { ...event, stream: `${event.stream}x` };
  yield { ...event, schemaVersion: event.schemaVersion + 1 };
  yield { ...event, type: `${event.type}x` };
  yield { ...event, id: `${event.id}x` };
  yield { ...event, data: { ...event.data, [`${name}New`]: value } };
  yield { ...event, metadata: { ...event.metadata, [`${name}New`]: value } };
  for (const part of ['data', 'metadata'] as const) {
    const names = Object.keys(event[part]);
    if (names.length === 0) continue;
    const chosen = names[n % names.length];
    const { [chosen]: before, ...others } = event[part] as Record<string, unknown>;
    yield { ...event, [part]: others };
    yield { ...event, [part]: { ...others, [`${chosen}New`]: before } };
    if (canonicalJson(value) !== canonicalJson(before)) yield { ...event, [part]: { ...others, [chosen]: value } };
  }
}
