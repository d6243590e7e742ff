import { plainToInstance } from 'class-transformer';
import { disclosureDeciders } from '../../src/disclosure/deciders';
import { DraftNotice } from '../../src/disclosure/notice-commands';
import type { AnyRule } from '../../src/kernel/decider';
import { Failure } from '../../src/kernel/errors';
import { command } from '../../src/ledger/deciding/reaction';
import { validateCommand } from '../../src/ledger/deciding/command-validation';
import { PublishBenchmark } from '../../src/registry/benchmark-commands';
import { RegisterBody } from '../../src/registry/body-commands';
import { registryDeciders } from '../../src/registry/deciders';

const rules: AnyRule<never>[] = [...registryDeciders, ...disclosureDeciders].flatMap((d) => [...d.rules]);

/** The fields a body of a request is refused for. */
function badFields<C extends object>(command: new () => C, body: object): string[] {
  try {
    validateCommand(plainToInstance(command, body));
    return [];
  } catch (error) {
    return error instanceof Failure ? error.also.map((f) => f.detail.field ?? '') : [String(error)];
  }
}

describe('commands of the registry and of disclosure', () => {
  it('say who may give them, under which article, in both languages', () => {
    for (const { command: type, may, basis, zh, en } of rules) {
      expect([type.name, may.length > 0, basis !== '', /\p{Script=Han}/u.test(zh), en !== '']).toEqual([
        type.name,
        true,
        true,
        true,
        true,
      ]);
    }
  });

  const notice = {
    source: 'case-1',
    category: 'penalty',
    bodyId: 'body-1',
    documentNumber: '明城罚〔2026〕1号',
    decidedOn: '2026-03-10',
    partyId: 'p-1',
    partyKind: 'organisation',
    partyPublicName: '明镜商贸有限公司',
    violation: '占道经营',
    facts: '占用人行道',
    basis: '行政处罚法第9条',
    penalties: [{ kind: 'fine', amountYuan: 500.5 }],
    content: '罚款',
  };

  it('accept a whole body', () => expect(badFields(DraftNotice, notice)).toEqual([]));

  it('accept what the program itself gives, its nested parts being plain objects', () =>
    expect(() => validateCommand(command(DraftNotice, notice as DraftNotice))).not.toThrow());

  it.each<[string, object, string]>([
    ['an unknown field', { ...notice, secret: 'x' }, 'secret'],
    ['a text beyond its bound', { ...notice, facts: '事'.repeat(5001) }, 'facts'],
    ['a date that does not exist', { ...notice, decidedOn: '2026-02-30' }, 'decidedOn'],
    ['a null where nothing may stand', { ...notice, remarks: null }, 'remarks'],
    ['an unknown kind of penalty inside', { ...notice, penalties: [{ kind: 'flogging' }] }, 'penalties.0.kind'],
    [
      'an amount beyond cents',
      { ...notice, penalties: [{ kind: 'fine', amountYuan: 0.001 }] },
      'penalties.0.amountYuan',
    ],
    ['a malformed time', { ...notice, occurredAt: 'yesterday' }, 'occurredAt'],
  ])('refuse %s', (_, body, field) => expect(badFields(DraftNotice, body)).toContain(field));

  it('refuse nested terms that are missing or malformed', () => {
    expect(badFields(RegisterBody, { entrustment: { document: '' } })).toEqual(
      expect.arrayContaining(['name', 'kind', 'entrustment.document', 'entrustment.until']),
    );
    expect(badFields(PublishBenchmark, { bands: [{ level: 'minor', conditions: '轻', min: -1, max: 0 }] })).toEqual(
      expect.arrayContaining(['bands', 'bands.0.min']),
    );
  });
});
