import { creditRowFaults, penaltyColumns, toCreditRow, type CreditNotice } from '../../src/disclosure/credit-fields';

const notice: CreditNotice = {
  partyPublicName: '明镜商贸有限公司',
  partyKind: 'organisation',
  partyUscc: '91350100M000100Y43',
  documentNumber: '明城罚〔2026〕1号',
  violation: '占道经营',
  facts: '占用人行道摆摊',
  basis: '行政处罚法第9条',
  penaltyKinds: ['warning', 'fine'],
  content: '警告并罚款',
  fineYuan: 500.5,
  confiscatedYuan: 1_000_000,
  decidedOn: '2026-03-10',
  publicUntil: '2029-03-10',
  bodyName: '明镜市城市管理行政执法局',
  bodyUscc: '11230500001755309F',
};
const cell = (row: string[], code: string): string => row[penaltyColumns.findIndex((c) => c.code === code)];

describe('双公示: the exchange table of penalties (I05)', () => {
  it('has its thirty columns in order', () =>
    expect(penaltyColumns.map((c) => c.code).join(' ')).toBe(
      'CF_XDR_MC CF_XDR_LB CF_XDR_SHXYM CF_XDR_GSZC CF_XDR_ZZJG CF_XDR_SWDJ CF_XDR_SYDW CF_XDR_SHZZ CF_FRDB ' +
        'CF_FR_ZJLX CF_FR_ZJHM CF_XDR_ZJLX CF_XDR_ZJHM CF_WSH CF_WFXW CF_SY CF_YJ CF_CFLB CF_NR CF_NR_FK CF_NR_WFFF ' +
        'CF_NR_ZKDX CF_JDRQ CF_YXQ CF_GSJZQ CF_CFJG CF_CFJGDM CF_SJLY CF_SJLYDM BZ',
    ));

  it('writes amounts in 万元, kinds by name, and no end as 2099-12-31', () => {
    const row = toCreditRow(notice);
    expect(['CF_NR_FK', 'CF_NR_WFFF', 'CF_CFLB', 'CF_YXQ', 'CF_GSJZQ', 'CF_XDR_LB'].map((c) => cell(row, c))).toEqual([
      '0.05005',
      '100',
      '警告;罚款',
      '2099-12-31',
      '2029-03-10',
      '法人及非法人组织',
    ]);
    expect(creditRowFaults(row)).toEqual([]);
  });

  it('never holds the number of anybody’s document', () => {
    const row = toCreditRow({ ...notice, partyKind: 'natural_person', partyPublicName: '张某' });
    expect(['CF_FR_ZJHM', 'CF_XDR_ZJHM'].map((c) => cell(row, c))).toEqual(['', '']);
  });

  it('says what is missing and what is too long', () =>
    expect(creditRowFaults(toCreditRow({ ...notice, bodyUscc: '', documentNumber: '号'.repeat(129) }))).toEqual([
      expect.objectContaining({ code: 'CF_WSH', fault: 'too_long' }),
      expect.objectContaining({ code: 'CF_CFJGDM', fault: 'missing' }),
      expect.objectContaining({ code: 'CF_SJLYDM', fault: 'missing' }),
    ]));
});
