import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/kernel/event';
import { commitmentOf, disclosuresOf } from '../../src/ledger/commitment/commitment';
import { seal } from '../../src/ledger/commitment/sealed-field';

/** A recorded event with fixed keys, and what has to come of it on every machine and in every version of the program. */
interface Golden {
  readonly commitmentKey: string;
  readonly subjectKey: string;
  readonly subject: string;
  readonly personal: Readonly<Record<string, unknown>>;
  readonly stored: RecordedEvent;
  readonly disclosures: Readonly<Record<string, string>>;
  readonly digests: readonly string[];
  readonly entry: string;
}

const golden = JSON.parse(readFileSync(join(__dirname, 'golden/commitment.json'), 'utf8')) as Golden;
const commitmentKey = Buffer.from(golden.commitmentKey, 'hex');
const subjectKey = Buffer.from(golden.subjectKey, 'hex');

describe('the golden commitment', () => {
  it('seals personal fields to the same bytes', () => {
    for (const [name, value] of Object.entries(golden.personal)) {
      const place = { eventId: golden.stored.id, path: `data.${name}` };
      expect(seal(place, value, golden.subject, subjectKey)).toEqual(golden.stored.data[name]);
    }
  });

  it('gives the same disclosures, digests and entry', () => {
    const disclosures = disclosuresOf(golden.stored, commitmentKey, new Map([[golden.subject, subjectKey]]));
    expect(Object.fromEntries(disclosures)).toEqual(golden.disclosures);
    expect([...disclosures.values()].map((encoded) => hash('sha256', encoded, 'base64url')).sort()).toEqual(
      golden.digests,
    );
    const { digests, entry } = commitmentOf(golden.stored, commitmentKey);
    expect([digests, entry.toString('hex')]).toEqual([golden.digests, golden.entry]);
  });
});
