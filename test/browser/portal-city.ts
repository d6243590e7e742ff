import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonLogger } from '../../src/api/logger';
import { readConfig, type Config } from '../../src/config';
import * as N from '../../src/disclosure/notice-events';
import * as H from '../../src/enforcement/historical/historical-events';
import { definitionNamed, event, type NewEvent, type Source } from '../../src/kernel/event';
import { eventIds } from '../../src/ledger/event-id';
import * as C from '../../src/oversight/complaint-events';
import * as R from '../../src/registry/registry-events';
import { openMingjing, type Mingjing } from '../../src/server';
import { storesUnderTest } from '../postgres/fresh-schema';
import { DrawItemDrafted } from '../../src/draws/draw-item-events';
import { DrawAnnounced, DrawVoided, InspectionConducted, InspectionResultPublished } from '../../src/draws/draw-events';
import * as draw from '../given-when-then/draws-story';
import { WAIT_MS } from '../until';

const nextId = eventIds();
export const NOW = '2026-03-20T02:00:00.000Z';

/** What stands in rows that nobody may see, and must not turn up anywhere. */
export const SECRETS = {
  draft: '草稿机密有限公司',
  withheld: '未公示机密有限公司',
  withdrawn: '撤回机密有限公司',
  expired: '期满机密有限公司',
  fullName: '张三丰收',
  unannounced: '明镜市未公告大队',
  uncredentialled: '无证人员王五',
  complaint: '投诉正文机密',
};
export const HOSTILE = '<script>document.title="pwned"</script>有限公司';
export const FORMULA = '=HYPERLINK("http://example.invalid","x")有限公司';
export const FILE_SHA256 = 'ab'.repeat(32);

function recorded(data: object, at = NOW, source?: Source): NewEvent {
  const type = data.constructor.name;
  return {
    id: nextId(),
    type,
    schemaVersion: definitionNamed(type)?.version ?? 1,
    data: { ...data },
    metadata: {
      occurredAt: at,
      recordedAt: at,
      actor: { kind: 'person', account: 'a-1', body: 'b-1', roles: ['disclosure'] },
      command: 'Seed',
      commandId: nextId(),
      commandDigest: '0',
      correlationId: nextId(),
      ...(source && { source }),
    },
  };
}

type Stream = readonly [stream: string, events: NewEvent[]];

const body = (id: string, name: string, ...then: object[]): Stream => [
  `body-${id}`,
  [
    event(R.BodyRegistered, {
      name,
      kind: 'statutory',
      region: '明镜市',
      uscc: '11150100MB1A2B3C4D',
      legalRepresentative: '赵明',
      legalBasis: ['中华人民共和国行政处罚法第23条', '中华人民共和国食品安全法第6条'],
      officeAddress: '明镜市人民路1号',
      supervisionPhone: '0400-1234567',
      supervisionEmail: 'jiandu@mingjing.example',
    }),
    ...then,
  ].map((data) => recorded(data)),
];

const announced = event(R.BodyAnnounced, { announcedOn: '2025-01-06', medium: '明镜市人民政府网站' });

const officer = (id: string, name: string, bodyId: string, number?: string): Stream => [
  `officer-${id}`,
  [
    event(R.OfficerRegistered, { name, bodyId, post: '四级主办', employment: 'civil_servant' }),
    ...(number
      ? [
          event(R.CredentialIssued, {
            number,
            kind: 'enforcement' as const,
            category: '市场监督管理',
            area: '明镜市',
            issuedBy: '明镜市司法局',
            validFrom: '2025-01-01',
            validUntil: '2029-12-31',
          }),
        ]
      : []),
  ].map((data) => recorded(data)),
];

const power = (code: string, name: string, powerClass: R.PowerClass, bodyId: string, ...then: object[]): Stream => [
  `power-${code}`,
  [
    event(R.PowerListed, {
      code,
      name,
      powerClass,
      legalBasis: [{ instrument: '食品安全法', article: '第34条第10项' }],
      bodyId,
      office: '食品安全监管科',
      disclosureForm: '网站、公告栏',
      disclosureScope: '社会公众',
      disclosureTime: '长期',
      statutoryDays: 90,
      promisedDays: 60,
      validFrom: '2025-01-01',
    }),
    ...then,
  ].map((data) => recorded(data)),
];

interface NoticeSeed {
  readonly party: string;
  readonly violation: string;
  readonly decidedOn: string;
  readonly bodyId?: string;
  readonly category?: N.NoticeCategory;
  readonly partyKind?: N.PartyKind;
  readonly fineYuan?: number;
  readonly publishedOn?: string;
  readonly then?: object[];
}

function notice(n: number, seed: NoticeSeed): Stream {
  const { party, violation, decidedOn, bodyId = 'b-1', category = 'penalty', partyKind = 'organisation' } = seed;
  const agency = {
    channel: 'agency_site',
    required: true,
    basis: '国办发〔2018〕118号第6条',
    dueOn: '2026-03-12',
  } as const;
  const credit = {
    channel: 'credit_site',
    required: true,
    basis: '国办发〔2018〕118号第6条',
    dueOn: '2026-03-12',
  } as const;
  const drafted = event(N.NoticeDrafted, {
    source: `case-2026-${n}`,
    category,
    bodyId,
    documentNumber: `明市监罚〔2026〕${100 + n}号`,
    decidedOn,
    partyId: `p-${n}`,
    partyKind,
    partyPublicName: party,
    ...(partyKind === 'natural_person' && { partyName: SECRETS.fullName }),
    legalRepresentative: SECRETS.fullName,
    violation,
    facts: `经查，当事人${violation}，有现场检查笔录、照片和询问笔录为证。`,
    basis: '《中华人民共和国食品安全法》第一百二十四条第一款',
    penaltyKinds: category === 'penalty' ? ['fine'] : [],
    content: category === 'penalty' ? `罚款 ${seed.fineYuan ?? 5000} 元` : '准予许可',
    ...(category === 'penalty' && { fineYuan: seed.fineYuan ?? 5000 }),
    ...(partyKind === 'organisation' && { partyUscc: '91150100MA0Q1A2B3C' }),
    publicityClass: 'standard',
    channels: [agency, credit],
  });
  const published = seed.publishedOn
    ? [
        event(N.NoticePublished, { channel: 'agency_site', version: 1, publishedOn: seed.publishedOn }),
        event(N.NoticePublished, {
          channel: 'credit_site',
          version: 1,
          publishedOn: seed.publishedOn,
          publicUntil: '2029-03-01',
        }),
        ...(seed.publishedOn > agency.dueOn
          ? [
              event(N.NoticePublishedLate, {
                channel: 'credit_site',
                dueOn: agency.dueOn,
                publishedOn: seed.publishedOn,
                daysLate: 3,
                dayKind: 'working',
                basis: agency.basis,
              }),
            ]
          : []),
      ]
    : [];
  return [`notice-n-${n}`, [drafted, ...published, ...(seed.then ?? [])].map((data) => recorded(data))];
}

const expired = (channel: N.Channel) => event(N.NoticeExpired, { channel, expiredOn: '2026-03-19' });

const historical = (n: number): Stream => [
  `historical-h-${n}`,
  [
    recorded(
      event(H.HistoricalPenaltyImported, {
        documentNumber: `府勞動字第${10435585100 + n}號`,
        decidedOn: `2015-10-${String((n % 28) + 1).padStart(2, '0')}`,
        publishedOn: n % 3 === 0 ? '2016-07-29' : '2016-01-15',
        jurisdiction: '臺北市',
        bodyName: '臺北市政府',
        partyId: `hp-${n}`,
        partyKind: 'organisation',
        partyName: `歷史第${n}股份有限公司`,
        partyPublicName: `歷史第${n}股份有限公司`,
        articles: [{ instrument: '勞動基準法', article: '30', paragraph: 5, text: '勞動基準法第30條第5項' }],
        violation: '未依規定置備勞工出勤紀錄',
        kind: 'unspecified',
        aggravation: [],
        repairs: n === 1 ? ['damaged:partyName'] : [],
        rowSha256: 'cd'.repeat(32),
        gates: 'import-rules-v1',
      }),
      NOW,
      { name: '臺北市違反勞動基準法名單', fileSha256: FILE_SHA256, row: n + 1 },
    ),
    ...(n === 1
      ? [
          recorded(
            event(H.HistoricalOutcomeRecorded, {
              outcome: 'dismissed',
              authority: '勞動部',
              decidedOn: '2016-05-20',
              text: '訴願駁回',
            }),
          ),
        ]
      : []),
  ],
];

const HISTORICAL = 30;

const city: readonly Stream[] = [
  body('b-1', '明镜市市场监督管理局', announced),
  body('b-2', '明镜市城市管理综合行政执法局', announced),
  body('b-3', SECRETS.unannounced),
  officer('o-1', '李建国', 'b-1', '150100202501'),
  officer('o-2', '王秀英', 'b-1', '150100202502'),
  officer('o-3', '陈志强', 'b-2', '150100202503'),
  officer('o-4', SECRETS.uncredentialled, 'b-1'),
  power('1500-CF-0001', '对经营超过保质期食品的处罚', 'penalty', 'b-1'),
  power('1500-CF-0002', '对占用城市道路经营的处罚', 'penalty', 'b-2'),
  power(
    '1500-XK-0001',
    '食品经营许可',
    'licence',
    'b-1',
    event(R.PowerCancelled, { reason: '改为备案', cancelledOn: '2026-01-01' }),
  ),
  [
    'benchmark-bm-1',
    [
      recorded(
        event(R.BenchmarkPublished, {
          version: 1,
          powerCode: '1500-CF-0001',
          bodyId: 'b-1',
          violation: '经营超过保质期的食品',
          legalBasis: [{ instrument: '食品安全法', article: '第124条' }],
          penaltyKinds: ['fine', 'confiscate_property'],
          unit: 'yuan',
          bands: [
            { level: 'minor', conditions: '初次违法，货值不足五百元，及时改正', min: 0, max: 5000 },
            { level: 'general', conditions: '货值不足五千元', min: 5000, max: 30000 },
            { level: 'serious', conditions: '货值五千元以上不足一万元', min: 30000, max: 80000 },
          ],
          validFrom: '2025-01-01',
        }),
      ),
    ],
  ],
  notice(1, {
    party: '明镜市北城食品有限公司',
    violation: '经营超过保质期的食品',
    decidedOn: '2026-03-02',
    publishedOn: '2026-03-09',
    fineYuan: 12500,
  }),
  notice(2, {
    party: '张某某',
    partyKind: 'natural_person',
    violation: '未取得许可从事餐饮服务',
    decidedOn: '2026-03-01',
    publishedOn: '2026-03-17',
    then: [
      event(N.NoticeCorrected, {
        version: 2,
        reason: `应${SECRETS.fullName}申请`,
        correctedOn: '2026-03-17',
        facts: `${SECRETS.fullName}未取得许可。`,
      }),
      event(N.NoticeCorrected, {
        version: 3,
        reasonKind: 'personal_data',
        reason: '隐去姓名',
        correctedOn: '2026-03-17',
        facts: '当事人未取得许可。',
      }),
    ],
  }),
  notice(3, {
    party: '明镜市南城酒楼',
    violation: '餐饮具消毒不合格',
    decidedOn: '2026-02-20',
    publishedOn: '2026-02-25',
    bodyId: 'b-2',
    then: [
      event(N.NoticeCorrected, { version: 2, reason: '金额笔误', correctedOn: '2026-03-05', content: '罚款 3000 元' }),
    ],
  }),
  notice(4, {
    party: SECRETS.withdrawn,
    violation: '虚假宣传机密',
    decidedOn: '2026-02-10',
    publishedOn: '2026-02-12',
    then: [
      event(N.NoticeWithdrawalRequired, {
        cause: 'revoked',
        since: '2026-03-10',
        dueOn: '2026-03-13',
        basis: '行政处罚法48(2)',
      }),
      event(N.NoticeWithdrawn, { withdrawnOn: '2026-03-12', cause: 'revoked', reason: '复议机关撤销原决定' }),
    ],
  }),
  notice(5, {
    party: SECRETS.expired,
    violation: '期满事由',
    decidedOn: '2022-03-01',
    publishedOn: '2022-03-02',
    then: [expired('agency_site'), expired('credit_site')],
  }),
  notice(6, { party: SECRETS.draft, violation: '草稿事由', decidedOn: '2026-03-03' }),
  notice(7, {
    party: SECRETS.withheld,
    violation: '未公示事由',
    decidedOn: '2026-03-03',
    then: [event(N.NoticeWithheld, { reason: 'minor', basis: 'I08' })],
  }),
  notice(8, {
    party: '明镜市东城药房有限公司',
    violation: '药品经营许可',
    category: 'permit',
    decidedOn: '2026-01-15',
    publishedOn: '2026-01-20',
  }),
  notice(9, { party: HOSTILE, violation: '混淆行为', decidedOn: '2026-01-10', publishedOn: '2026-01-14' }),
  notice(10, { party: FORMULA, violation: '价格欺诈', decidedOn: '2026-01-09', publishedOn: '2026-01-14' }),
  ...Array.from({ length: HISTORICAL }, (_, i) => historical(i + 1)),
  ...randomDraws(),
  [
    'complaint-c-1',
    [
      recorded(
        event(C.ComplaintLodged, {
          topic: 'inspection',
          source: 'report',
          bodyId: 'b-1',
          misconduct: [],
          anonymous: true,
          complainantId: 'complainant-c-1',
          reachable: false,
          text: SECRETS.complaint,
        }),
      ),
    ],
  ],
];

/** An item, a draw that was held and inspected, one that waits, and one that was voided. */
function randomDraws(): Array<[stream: string, events: NewEvent[]]> {
  const announced = (fields: Partial<DrawAnnounced> = {}) =>
    recorded(event(DrawAnnounced, { ...draw.announced, bodyId: 'b-1', ...fields }));
  const drafted = event(DrawItemDrafted, { ...draw.itemDrafted, bodyId: 'b-1' });
  const parties = draw.announced.parties.map((p) => ({ ...p, name: HOSTILE }));
  const [first] = draw.held.drawn;
  const conducted = { party: first.party, conductedOn: '2026-03-11', officers: [...first.officers] };
  const other = draw.announced.officers.find(({ id }) => !first.officers.includes(id))!;
  const absent = [{ officer: other.id, ground: 'recusal' }];
  return [
    ['drawitem-item-1', [drafted, draw.itemReviewed, draw.itemPublished].map((e) => recorded(e))],
    [
      'draw-d-1',
      [
        announced({ parties }),
        recorded(draw.held),
        recorded(event(InspectionConducted, { ...conducted, absent, result: 'rectification_ordered' })),
        recorded(
          event(InspectionResultPublished, {
            ...{ party: first.party, result: 'rectification_ordered' },
            ...{ conductedOn: '2026-03-11', publishedOn: '2026-03-12' },
          }),
        ),
      ],
    ],
    ['draw-d-2', [announced({ witnesses: [] })]],
    [
      'draw-d-3',
      [announced(), recorded(event(DrawVoided, { voidedOn: '2026-03-10', reason: '名录有误', afterHeld: false }))],
    ],
  ];
}

export interface PortalCity {
  readonly mingjing: Mingjing;
  readonly origin: string;
  readonly log: string[];
  /** Where its databases are. */
  readonly config: Config;
  close(): Promise<void>;
}

/** 明镜市, served for real on a free port: the whole server over a ledger of its own. */
export async function startPortalCity(settings: Partial<Config> = {}): Promise<PortalCity> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-portal-'));
  const config = {
    ...readConfig({ MINGJING_DATA: directory, PORT: '0', MINGJING_REQUESTS_PER_MINUTE: '100000' }),
    ...{ sealIntervalMs: 50, ...storesUnderTest(), ...settings },
  };
  const log: string[] = [];
  const logger = new JsonLogger('warn', { write: (line: string) => void log.push(line) });
  const mingjing = await openMingjing(config, { clock: { now: () => NOW }, logger });
  for (const [stream, events] of city) await mingjing.store.append(stream, 'no_stream', events);
  const head = await mingjing.store.head();
  for (const { name } of await mingjing.rows.readModel.status()) {
    await mingjing.rows.readModel.waitFor(name, head, WAIT_MS);
  }
  await mingjing.app.listen({ port: 0, host: '127.0.0.1' });
  return {
    mingjing,
    origin: (await mingjing.app.getUrl()).replace('[::1]', '127.0.0.1'),
    log,
    config,
    close: async () => {
      await mingjing.close();
      rmSync(directory, { recursive: true });
    },
  };
}
