import { DrawAnnounced, DrawHeld } from '../../src/draws/draw-events';
import { DrawItemDrafted, DrawItemPublished, DrawItemReviewed } from '../../src/draws/draw-item-events';
import { ranksOf, seedOf } from '../../src/draws/seeding';
import { event } from '../../src/kernel/event';
import {
  BodyAnnounced,
  BodyRegistered,
  CredentialIssued,
  OfficerRegistered,
  PowerListed,
} from '../../src/registry/registry-events';
import { dealt, DRAW_ALGORITHM, quotaOf } from '../../src/verification/draw';
import { entryOf } from '../draws/lists';
import { notary, ORIGIN, published, university } from '../draws/signing';

export const PARTIES = [
  '91990101689593621L',
  '919901013171973206',
  '91990101230345465W',
  '92990101MA0000001D',
] as const;

export const body = [
  event(BodyRegistered, {
    name: '明镜市市场监督管理局',
    kind: 'statutory',
    region: '明镜市',
    uscc: '11230500001755309F',
    legalRepresentative: '严秉衡',
    legalBasis: ['行政处罚法第17条'],
    officeAddress: '明镜市明德路1号',
    supervisionPhone: '0399-0000000',
    supervisionEmail: 'supervision@mingjing.example',
  }),
  event(BodyAnnounced, { announcedOn: '2024-01-01', medium: '政府网站' }),
];

export const inspectionPower = event(PowerListed, {
  code: 'SCJ-JC-0001',
  name: '对餐饮服务食品安全的监督检查',
  powerClass: 'inspection',
  legalBasis: [{ instrument: '食品安全法', article: '第110条' }],
  bodyId: 'body-1',
  office: '食品安全监管科',
  disclosureForm: '网站公示',
  disclosureScope: '社会公众',
  disclosureTime: '二十个工作日内',
  validFrom: '2025-01-01',
});

/** An officer of the body with a credential for these years. */
export const officer = (n: number, bodyId = 'body-1', validUntil = '2028-12-31'): object[] => [
  event(OfficerRegistered, { name: `某${n}`, bodyId, post: '执法员', employment: 'civil_servant' }),
  event(CredentialIssued, {
    number: `MJ-00${n}`,
    kind: 'enforcement',
    category: '市场监管',
    area: '明镜市',
    issuedBy: '明镜市人民政府',
    validFrom: '2024-01-01',
    validUntil,
  }),
];

export const itemTerms = {
  plan: 'annual' as const,
  year: 2026,
  bodyId: 'body-1',
  reviewBodyId: 'body-2',
  powerCode: 'SCJ-JC-0001',
  name: '餐饮服务食品安全监督检查',
  legalBasis: [{ instrument: '食品安全法', article: '第110条' }],
  objects: '餐饮服务经营者',
  content: '食品安全管理制度、进货查验记录、从业人员健康证明、加工操作过程',
  strata: [
    { stratum: 'A', name: '低风险', ratioPercent: 50 },
    { stratum: 'D', name: '高风险', ratioPercent: 100 },
  ],
  method: '现场检查',
  frequency: '每年一次',
};

export const itemDrafted = event(DrawItemDrafted, { version: 1, ...itemTerms });
export const itemReviewed = event(DrawItemReviewed, {
  version: 1,
  approved: true,
  opinion: '事项清楚，依据充分',
  reviewedOn: '2026-01-10',
});
export const itemPublished = event(DrawItemPublished, { version: 1, publishedOn: '2026-01-12' });

export const rule = { logOrigin: ORIGIN, witnesses: [notary.line, university.line] };

export const terms = {
  itemId: 'item-1',
  bodyId: 'body-1',
  title: '2026年第一批餐饮服务食品安全双随机抽查',
  officers: ['officer-1', 'officer-2', 'officer-3'],
  parties: [
    { id: PARTIES[0], name: '明镜市云舒餐饮管理有限公司', stratum: 'A' },
    { id: PARTIES[1], name: '明镜市拾光食品有限公司', stratum: 'A' },
    { id: PARTIES[2], name: '明镜市半山餐饮管理有限公司', stratum: 'D' },
  ],
  exclusions: [{ officer: 'officer-1', party: PARTIES[2], ground: '曾在该企业任职' }],
  officersPerParty: 2,
};

export const announced = event(DrawAnnounced, {
  itemId: 'item-1',
  itemVersion: 1,
  title: terms.title,
  bodyId: 'body-1',
  legalBasis: ['食品安全法第110条'],
  officers: [1, 2, 3].map((n) => ({ id: `officer-${n}`, name: `某${n}`, credential: `MJ-00${n}` })),
  parties: terms.parties,
  exclusions: [{ officer: 'officer-1', party: PARTIES[2] }],
  exclusionGrounds: ['曾在该企业任职'],
  quotas: [
    { stratum: 'A', name: '低风险', ratioPercent: 50, listed: 2, draw: quotaOf(2, 50) },
    { stratum: 'D', name: '高风险', ratioPercent: 100, listed: 1, draw: quotaOf(1, 100) },
  ],
  officersPerParty: 2,
  algorithm: DRAW_ALGORITHM,
  ...rule,
});

/** The draw as the rule holds it when the announcement is event 1 of the ledger. */
export const seeding = { entry: entryOf('draw'), checkpoint: published(1) };
const seed = seedOf(seeding.entry, seeding.checkpoint, rule);
export const ranks = ranksOf(seed, announced);
export const held = event(DrawHeld, { ...seeding, seed, drawn: dealt(announced, ranks), passedOver: [] });
