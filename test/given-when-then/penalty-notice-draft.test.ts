import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { DraftNotice } from '../../src/disclosure/notice-commands';
import { publicationManager } from '../../src/disclosure/publication.manager';
import type { RecordedEvent } from '../../src/kernel/event';
import * as Do from '../../src/enforcement/penalty-commands';
import { PenaltyDecided } from '../../src/enforcement/penalty-events';
import type { Penalty } from '../../src/enforcement/penalty-types';
import {
  citizen,
  conclusion,
  decisionOn,
  filing,
  head,
  officer,
  on,
  rightsNotice,
  SHA,
  upTo,
  type Telling,
} from './penalty-story';

const long = (length: number): string => '长'.repeat(length);

/** The longest and largest that the command takes, which the law's gates let through as well. */
const penalties: Penalty[] = [
  { kind: 'fine', amountYuan: 50_000_000_000, content: long(1000) },
  ...Array.from({ length: 19 }, () => ({ kind: 'confiscate_gains', amountYuan: 50_000_000_000, content: long(1000) })),
];
const largest: Do.DecidePenalty = {
  ...decisionOn(penalties, 'grave'),
  documentNumber: long(100),
  violation: long(300),
  publicFacts: long(4000),
  evidence: long(8000),
  legalBasis: Array.from({ length: 30 }, () => long(200)),
  outsideBandReason: long(2000),
  remedies: long(1000),
  performance: long(1000),
};

it('the largest decision is well formed', () => {
  const arrived = plainToInstance(Do.DecidePenalty, JSON.parse(JSON.stringify(largest)) as object);
  expect(validateSync(arrived, { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
});

/** The commands that the process manager gives on what was decided. */
async function draftsOf(filed: object): Promise<object[]> {
  const telling: Telling = {
    with: {
      filed,
      concluded: { ...conclusion(penalties, 'grave'), outsideBandReason: '案情重大' },
      noticed: rightsNotice(penalties, true),
    },
  };
  const { events, failure } = upTo('noticed', telling)
    .then(officer('o-1'), on('2026-03-26'), Do.WaiveStatement, { hearingToo: true, recordSha256: SHA, pages: 1 })
    .then(head, on('2026-03-27'), Do.HoldCollectiveDiscussion, {
      matter: 'decision',
      members: ['l-1', 'l-2'],
      opinions: '一致同意',
      conclusion: '同意',
      agreed: true,
      recordSha256: SHA,
      pages: 2,
    })
    .next(head, on('2026-03-27', 15))
    .when(Do.DecidePenalty, largest);
  if (failure) throw failure;
  const decided = events.find((e) => e instanceof PenaltyDecided);
  const given: object[] = [];
  const manager = publicationManager(
    (_decider, id, command) => {
      given.push(command);
      return Promise.resolve({ id, stream: `notice-${id}`, revision: 0, position: 0, repeated: false, events: [] });
    },
    { readStream: () => Promise.resolve([]) },
  );
  await manager.react({
    type: 'PenaltyDecided',
    stream: `case-${'c'.repeat(64)}`,
    revision: 40,
    position: 41,
    id: '00000000-0000-7000-8000-000000000040',
    data: JSON.parse(JSON.stringify(decided)) as Record<string, unknown>,
    metadata: { correlationId: 'test' },
  } as RecordedEvent);
  return given;
}

describe('决定与公示 what is decided can be drafted as a notice (I04)', () => {
  it.each([
    ['an organisation', { partyName: long(200) }],
    ['an organisation without a code', { partyIdentifier: undefined }],
    ['a person with a name of many parts', { ...citizen, partyName: Array.from({ length: 100 }, () => 'A').join(' ') }],
    ['a person with a foreign passport', { ...citizen, partyName: 'A'.repeat(200), partyIdentifier: 'P'.repeat(40) }],
  ])('of %s, however long', async (_, filed) => {
    const drafts = await draftsOf({ ...filing, ...filed });
    expect(drafts).toHaveLength(1);
    const [draft] = drafts;
    expect(draft).toBeInstanceOf(DraftNotice);
    expect(validateSync(draft, { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
  });
});

describe('当事人 the party as it is filed', () => {
  const file = (fields: object) =>
    upTo('clue')
      .next(head, on('2026-03-04'))
      .when(Do.FileCase, { ...filing, ...fields } as Do.FileCase);

  it.each([
    ['a code that does not check', { partyIdentifier: '91350100M000100Y44' }],
    ['any other text for a company', { partyIdentifier: '91350100' }],
    ['an identity card for a company', { partyIdentifier: '11010519491231002X' }],
    ['an identity number that does not check', { ...citizen, partyIdentifier: '110105194912310021' }],
  ])('is refused with %s (GB 11643, GB 32100)', (_, fields) => {
    file(fields).thenRefused('case.party_identifier_invalid', 'GB');
  });

  it('has a name that something can be shown of', () => {
    for (const partyName of ['  ', '··']) {
      file({ ...citizen, partyName }).thenRefused('case.party_name_missing', '59');
    }
  });
});
