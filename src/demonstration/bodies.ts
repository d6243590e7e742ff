import type { BodyKind, Employment } from '../registry/registry-events';

// Mingjing City 明镜市 is invented, and so is everybody who works there. Area code and postal names exist nowhere.

export interface DemoBody {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: BodyKind;
  /** The mark in its document numbers 发文字号. */
  readonly mark: string;
  readonly legalBasis: readonly string[];
  readonly units: readonly [string, string];
}

export const bodies: readonly DemoBody[] = [
  {
    id: 'scj',
    name: '明镜市市场监督管理局',
    shortName: '市市场监管局',
    kind: 'statutory',
    mark: '明市监',
    legalBasis: ['行政处罚法第17条', '食品安全法第6条', '广告法第6条'],
    units: ['食品安全监管科', '价格与网络监管科'],
  },
  {
    id: 'cgj',
    name: '明镜市城市管理综合行政执法局',
    shortName: '市城管执法局',
    kind: 'centralised',
    mark: '明城管',
    legalBasis: ['行政处罚法第18条', '城市市容和环境卫生管理条例第4条'],
    units: ['市容执法大队', '环境执法大队'],
  },
  {
    id: 'jtd',
    name: '明镜市交通运输综合行政执法支队',
    shortName: '市交通执法支队',
    kind: 'authorised',
    mark: '明交执',
    legalBasis: ['行政处罚法第19条', '道路运输条例第7条'],
    units: ['客运执法大队', '货运执法大队'],
  },
  {
    id: 'yjj',
    name: '明镜市应急管理局',
    shortName: '市应急局',
    kind: 'statutory',
    mark: '明应急',
    legalBasis: ['行政处罚法第17条', '安全生产法第10条'],
    units: ['工贸监管科', '危化监管科'],
  },
  {
    id: 'ysj',
    name: '明镜市高新区云杉街道办事处',
    shortName: '云杉街道办',
    kind: 'entrusted',
    mark: '明云杉',
    legalBasis: ['行政处罚法第20条、第21条'],
    units: ['综合行政执法队', '社区巡查队'],
  },
  {
    id: 'sfj',
    name: '明镜市司法局',
    shortName: '市司法局',
    kind: 'statutory',
    mark: '明司',
    legalBasis: ['行政执法监督条例', '国办发〔2018〕118号'],
    units: ['行政执法协调监督科', '行政复议科'],
  },
];

export const bodyOf = (id: string): DemoBody => {
  const found = bodies.find((b) => b.id === id);
  if (!found) throw new Error(`no body ${id}`);
  return found;
};

/** What somebody does in a body. */
export type Part =
  'first' | 'deputy' | 'unit_head' | 'officer' | 'reviewer' | 'supervisor' | 'investigator' | 'appraiser';

/**
 * Why somebody does not enforce. `reserved` does, in one story only: the one in which he is taken off enforcement at its end.
 */
export type Standing = 'reserved' | 'suspended' | 'expired' | 'contract' | 'trainee' | 'disqualified';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly body: DemoBody;
  readonly part: Part;
  readonly post: string;
  readonly unit?: string;
  readonly employment: Employment;
  readonly standing?: Standing;
}

type Row = readonly [id: string, name: string, part: Part, unit: 0 | 1 | '法制科' | '', standing?: Standing];

const rows: readonly Row[] = [
  ['scj-01', '严秉衡', 'first', ''],
  ['scj-02', '卢静澜', 'deputy', 0],
  ['scj-03', '费远山', 'unit_head', 0],
  ['scj-04', '柳见青', 'officer', 0],
  ['scj-05', '岳知微', 'unit_head', 1],
  ['scj-06', '童晓棠', 'officer', 1],
  ['scj-07', '祝南星', 'officer', 1],
  ['scj-08', '乔守正', 'reviewer', '法制科'],
  ['scj-09', '温如故', 'reviewer', '法制科'],
  ['scj-10', '戚小满', 'officer', 0, 'contract'],
  ['scj-11', '蔺云归', 'officer', 0, 'suspended'],
  ['cgj-01', '霍启明', 'first', ''],
  ['cgj-02', '阮清和', 'deputy', 0],
  ['cgj-03', '鲁望舒', 'unit_head', 0],
  ['cgj-04', '季长庚', 'officer', 0],
  ['cgj-05', '宫柏年', 'unit_head', 1],
  ['cgj-06', '邬听雨', 'officer', 1],
  ['cgj-07', '闵思齐', 'reviewer', '法制科'],
  ['cgj-08', '应怀谷', 'reviewer', '法制科'],
  ['cgj-09', '郎大川', 'officer', 0, 'reserved'],
  ['cgj-10', '褚一帆', 'officer', 0, 'reserved'],
  ['cgj-11', '向晚晴', 'officer', 1, 'expired'],
  ['jtd-01', '解春和', 'first', ''],
  ['jtd-02', '冉明远', 'deputy', 0],
  ['jtd-03', '蒲松年', 'unit_head', 0],
  ['jtd-04', '苗若谷', 'officer', 0],
  ['jtd-05', '屈平野', 'officer', 1],
  ['jtd-06', '路遥知', 'officer', 1],
  ['jtd-07', '臧怀素', 'reviewer', '法制科'],
  ['jtd-08', '计长风', 'officer', 1, 'disqualified'],
  ['yjj-01', '居安平', 'first', ''],
  ['yjj-02', '翟慎行', 'deputy', 0],
  ['yjj-03', '支亦宁', 'unit_head', 0],
  ['yjj-04', '晏如山', 'officer', 0],
  ['yjj-05', '瞿望北', 'officer', 1],
  ['yjj-06', '鄂青禾', 'reviewer', '法制科'],
  ['ysj-01', '扈春水', 'first', ''],
  ['ysj-02', '沙明月', 'deputy', 0],
  ['ysj-03', '隆小川', 'officer', 0],
  ['ysj-04', '年思远', 'officer', 0],
  ['ysj-05', '敬书言', 'reviewer', '法制科'],
  ['ysj-06', '习新雨', 'officer', 0, 'trainee'],
  ['sfj-01', '堵正言', 'first', ''],
  ['sfj-02', '仇望岳', 'supervisor', 0],
  ['sfj-03', '束明理', 'investigator', 0],
  ['sfj-04', '冷观海', 'investigator', 0],
  ['sfj-05', '盛知秋', 'appraiser', 0],
];

const posts: Readonly<Record<Part, string>> = {
  first: '主要负责人',
  deputy: '分管负责人',
  unit_head: '科（队）长',
  officer: '执法员',
  reviewer: '法制审核员',
  supervisor: '执法监督员',
  investigator: '执法监督员',
  appraiser: '评议考核员',
};

export const people: readonly Person[] = rows.map(([id, name, part, unit, standing]) => {
  const body = bodyOf(id.slice(0, 3));
  return {
    id,
    name,
    body,
    part,
    post: standing === 'contract' ? '协管员' : posts[part],
    unit: typeof unit === 'number' ? body.units[unit] : unit || undefined,
    employment:
      standing === 'contract' ? 'contract' : body.kind === 'authorised' ? 'public_institution' : 'civil_servant',
    standing,
  };
});

export const staff = (bodyId: string, part: Part): Person[] =>
  people.filter((p) => p.body.id === bodyId && p.part === part && !p.standing);

/** Those who enforce for a body throughout the year. */
export const fieldOfficers = (bodyId: string): Person[] => [...staff(bodyId, 'unit_head'), ...staff(bodyId, 'officer')];
