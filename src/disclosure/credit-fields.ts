import { penaltyKind } from '../law/penalty-kinds';
import type { NoticeDrafted } from './notice-events';

/** What a 双公示 row is made of: the notice as it now reads, and the body it is of. Amounts in yuan. */
export interface CreditNotice
  extends
    Partial<
      Pick<
        NoticeDrafted,
        'partyUscc' | 'legalRepresentative' | 'fineYuan' | 'confiscatedYuan' | 'licence' | 'effectiveUntil' | 'remarks'
      >
    >,
    Pick<
      NoticeDrafted,
      | 'partyPublicName'
      | 'partyKind'
      | 'documentNumber'
      | 'violation'
      | 'facts'
      | 'basis'
      | 'penaltyKinds'
      | 'content'
      | 'decidedOn'
    > {
  readonly bodyName: string;
  readonly bodyUscc: string;
  /** The last day it is shown on the credit site. */
  readonly publicUntil?: string;
}

/** One column of the exchange table. `max` is in characters; a date or number column has none. */
export interface CreditColumn {
  readonly code: string;
  readonly zh: string;
  readonly max?: number;
  readonly required: boolean;
  /** Left empty where this record holds nothing for it, as it does of numbers of people's documents (I08). */
  readonly from?: (notice: CreditNotice) => string | undefined;
}

const R = true;
const O = false;

const partyCategories: Readonly<Record<NoticeDrafted['partyKind'], string>> = {
  organisation: '法人及非法人组织',
  natural_person: '自然人',
  individual_business: '个体工商户',
};

/** The table writes no end as this day. */
const NO_END = '2099-12-31';

/** Yuan to 万元 in decimal(18,6), without the noise of binary fractions. */
const tenThousands = (yuan: number | undefined): string | undefined =>
  yuan === undefined ? undefined : (Math.round(yuan * 100) / 1_000_000).toFixed(6).replace(/\.?0+$/, '');

const column = (
  code: string,
  zh: string,
  max: number | undefined,
  required: boolean,
  from?: CreditColumn['from'],
): CreditColumn => ({ code, zh, ...(max !== undefined && { max }), required, ...(from && { from }) });

/** 行政处罚 of the 双公示 exchange (国家发展改革委 2018), in its order. */
export const penaltyColumns: readonly CreditColumn[] = [
  column('CF_XDR_MC', '行政相对人名称', 200, R, (n) => n.partyPublicName),
  column('CF_XDR_LB', '行政相对人类别', 16, R, (n) => partyCategories[n.partyKind]),
  column('CF_XDR_SHXYM', '行政相对人代码_1(统一社会信用代码)', 18, O, (n) => n.partyUscc),
  column('CF_XDR_GSZC', '行政相对人代码_2(工商注册号)', 50, O),
  column('CF_XDR_ZZJG', '行政相对人代码_3(组织机构代码)', 9, O),
  column('CF_XDR_SWDJ', '行政相对人代码_4(税务登记号)', 15, O),
  column('CF_XDR_SYDW', '行政相对人代码_5(事业单位证书号)', 12, O),
  column('CF_XDR_SHZZ', '行政相对人代码_6(社会组织登记证号)', 50, O),
  column('CF_FRDB', '法定代表人', 50, O, (n) => n.legalRepresentative),
  column('CF_FR_ZJLX', '法定代表人证件类型', 64, O),
  column('CF_FR_ZJHM', '法定代表人证件号码', 64, O),
  column('CF_XDR_ZJLX', '自然人证件类型', 64, O),
  column('CF_XDR_ZJHM', '证件号码', 64, O),
  column('CF_WSH', '行政处罚决定书文号', 128, R, (n) => n.documentNumber),
  column('CF_WFXW', '违法行为类型', 2000, R, (n) => n.violation),
  column('CF_SY', '违法事实', 5000, R, (n) => n.facts),
  column('CF_YJ', '处罚依据', 2048, R, (n) => n.basis),
  column('CF_CFLB', '处罚类别', 255, R, (n) => n.penaltyKinds.map((id) => penaltyKind(id)?.zh ?? id).join(';')),
  column('CF_NR', '处罚内容', 4000, R, (n) => n.content),
  column('CF_NR_FK', '罚款金额(万元)', undefined, O, (n) => tenThousands(n.fineYuan)),
  column('CF_NR_WFFF', '没收违法所得、没收非法财物的金额(万元)', undefined, O, (n) => tenThousands(n.confiscatedYuan)),
  column('CF_NR_ZKDX', '暂扣或吊销证照名称及编号', 200, O, (n) => n.licence),
  column('CF_JDRQ', '处罚决定日期', undefined, R, (n) => n.decidedOn),
  column('CF_YXQ', '处罚有效期', undefined, R, (n) => n.effectiveUntil ?? NO_END),
  column('CF_GSJZQ', '公示截止期', undefined, O, (n) => n.publicUntil),
  column('CF_CFJG', '处罚机关', 200, R, (n) => n.bodyName),
  column('CF_CFJGDM', '处罚机关统一社会信用代码', 18, R, (n) => n.bodyUscc),
  column('CF_SJLY', '数据来源单位', 200, R, (n) => n.bodyName),
  column('CF_SJLYDM', '数据来源单位统一社会信用代码', 18, R, (n) => n.bodyUscc),
  column('BZ', '备注', 512, O, (n) => n.remarks),
];

/** The row in the order of `penaltyColumns`; an empty text where there is nothing. */
export const toCreditRow = (notice: CreditNotice): string[] => penaltyColumns.map((c) => c.from?.(notice) ?? '');

/** Why the exchange would refuse a row. */
export interface CreditRowFault {
  readonly code: string;
  readonly zh: string;
  readonly fault: 'missing' | 'too_long';
}

/** What the exchange would refuse of a row; nothing when it is complete and every text fits. */
export function creditRowFaults(row: readonly string[]): CreditRowFault[] {
  return penaltyColumns.flatMap(({ code, zh, max, required }, i): CreditRowFault[] => {
    if (required && row[i] === '') return [{ code, zh, fault: 'missing' }];
    return max !== undefined && [...row[i]].length > max ? [{ code, zh, fault: 'too_long' }] : [];
  });
}
