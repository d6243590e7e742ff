import { band, discretionLevels, type DiscretionLevel } from '../law/discretion';
import type { LocalDate } from '../kernel/time';
import type { PartyKind } from '../enforcement/penalty-types';
import { bodyOf, type DemoBody } from './bodies';

/** A power 职权事项 of the demonstration: its code, article, and what a violation of it looks like. */
export interface DemoPower {
  readonly code: string;
  readonly body: DemoBody;
  readonly unit: string;
  /** The violation, as the cause of a case. */
  readonly cause: string;
  readonly instrument: string;
  readonly article: string;
  /** In yuan, or in multiples of what the article names: the value of the goods, one hundredth of the building's cost. */
  readonly unitOfFine: 'yuan' | 'multiple';
  readonly least: number;
  readonly most: number;
  readonly parties: readonly PartyKind[];
  /** What an inspection finds; published, so it names nobody and no dwelling. */
  readonly found: string;
}

/**
 * One power a line: code | unit | instrument | article | fine, in yuan or 倍 | parties | cause | what an inspection finds.
 * Units are the body's first and second; parties are o organisations, b individual businesses, n natural persons.
 */
const table = `
SC-CF-0101 | 0 | 食品安全法 | 第125条第1款第2项 | 5000–50000 | ob | 经营标签不符合规定的预包装食品 | 货架上四种预包装食品没有标明生产者名称、地址和生产日期
SC-CF-0102 | 0 | 食品安全法 | 第125条第1款第4项 | 5000–50000 | b | 采购使用不符合食品安全标准的食品原料 | 后厨使用的两种调味料经检验不符合食品安全标准
SC-CF-0103 | 0 | 食品安全法 | 第124条第1款第5项 | 50000–100000 | o | 经营超过保质期的食品 | 货架上有超过保质期的预包装食品二十六袋待售
SC-CF-0104 | 1 | 价格法 | 第42条 | 0–5000 | ob | 未按规定明码标价 | 在售商品中有三十七种没有标价签
SC-CF-0105 | 1 | 广告法 | 第57条第1项 | 200000–1000000 | o | 发布含有“最佳”用语的广告 | 自设网站和宣传册使用“全市最佳”“国家级品质”字样
SC-CF-0106 | 1 | 广告法 | 第59条第1款第2项 | 0–100000 | o | 广告引证内容未表明出处 | 宣传页引用的调查结果没有表明出处和适用范围
SC-CF-0107 | 1 | 电子商务法 | 第76条第1款第1项 | 0–10000 | o | 未在首页显著位置持续公示营业执照信息 | 网店首页没有营业执照信息，也没有其链接标识
SC-CF-0108 | 1 | 无证无照经营查处办法 | 第13条 | 0–10000 | n | 未取得营业执照从事经营活动 | 摊点连续经营两个月，没有办理营业执照
SC-CF-0109 | 1 | 产品质量法 | 第49条 | 1–3 倍 | o | 销售不符合保障人体健康标准的产品 | 抽检的儿童用品增塑剂项目不符合国家标准
CG-CF-0201 | 0 | 城市市容和环境卫生管理条例 | 第34条第1项 | 20–200 | n | 随地乱扔果皮纸屑 | 在步行街当场将果皮、纸屑扔在地上，经劝阻不捡拾
CG-CF-0202 | 0 | 城市市容和环境卫生管理条例 | 第34条第3项 | 50–200 | bn | 在临街窗外堆放吊挂有碍市容的物品 | 临街窗外吊挂杂物，影响市容
CG-CF-0203 | 0 | 城市市容和环境卫生管理条例 | 第34条第4项 | 100–3000 | ob | 不按规定的时间地点倾倒垃圾 | 将装修垃圾倒在绿化带旁，约两立方米
CG-CF-0204 | 0 | 城市市容和环境卫生管理条例 | 第34条第6项 | 500–3000 | o | 运输散装货物未密封遗撒 | 渣土车未覆盖，沿途遗撒约二百米
CG-CF-0205 | 0 | 城市市容和环境卫生管理条例 | 第36条第1项 | 1000–10000 | o | 擅自设置大型户外广告 | 楼顶设置的广告面积约一百二十平方米，没有审批手续
CG-CF-0206 | 0 | 城市市容和环境卫生管理条例 | 第36条第2项 | 500–5000 | b | 擅自在公共场地堆放物料 | 店外占用人行道约十五平方米堆放物料
CG-CF-0207 | 1 | 大气污染防治法 | 第115条第1款第1项 | 10000–100000 | o | 施工工地未采取有效防尘降尘措施 | 工地西侧约四百平方米裸土未覆盖，未设围挡喷淋
CG-CF-0208 | 1 | 大气污染防治法 | 第118条第1款 | 5000–50000 | b | 未安装油烟净化设施排放油烟 | 后厨没有安装油烟净化设施，油烟直接外排
CG-CF-0209 | 1 | 噪声污染防治法 | 第77条第2项 | 10000–100000 | o | 未取得证明进行夜间建筑施工作业 | 二十三时仍在浇筑混凝土，没有夜间施工证明
CG-CF-0210 | 1 | 城乡规划法 | 第64条 | 5–10 倍 | o | 未取得建设工程规划许可证进行建设 | 加建的仓库约三百平方米没有建设工程规划许可证
CG-CF-0211 | 1 | 固体废物污染环境防治法 | 第111条第1款第1项 | 100–500 | n | 随意倾倒生活垃圾 | 将三袋生活垃圾倒入河道护坡
JT-CF-0301 | 1 | 道路运输条例 | 第63条第1项 | 3000–10000 | n | 未取得道路运输经营许可从事普通货物运输经营 | 驾驶总质量六吨的货车承运货物并收取运费，没有道路运输经营许可证
JT-CF-0302 | 0 | 道路运输条例 | 第68条 | 20–200 | n | 未按规定携带车辆营运证 | 路检时不能出示车辆营运证，经查询证件有效
JT-CF-0303 | 0 | 道路运输条例 | 第69条第1项 | 1000–2000 | o | 不按批准的客运站点停靠 | 班车在批准站点以外的路口停车上客
JT-CF-0304 | 1 | 道路运输条例 | 第70条 | 1000–5000 | o | 未按规定维护和检测运输车辆 | 五台货车超过检测期限仍在运营
YJ-CF-0401 | 0 | 安全生产法 | 第97条第3项 | 0–100000 | o | 未按规定对从业人员进行安全生产教育和培训 | 新上岗的九名人员没有三级安全教育记录
YJ-CF-0402 | 0 | 安全生产法 | 第99条第1项 | 0–50000 | o | 未在危险场所设置明显的安全警示标志 | 喷涂车间和危化品仓库没有安全警示标志
YJ-CF-0403 | 1 | 安全生产法 | 第102条 | 0–50000 | o | 未采取措施消除事故隐患 | 配电箱裸露的线路经指出后仍未整改
YS-CF-0501 | 0 | 城市市容和环境卫生管理条例 | 第34条第3项 | 50–200 | nb | 在临街阳台外堆放有碍市容的物品 | 临街阳台外堆放纸箱，影响市容
YS-CF-0502 | 0 | 城市市容和环境卫生管理条例 | 第34条第4项 | 100–3000 | b | 不按规定地点倾倒厨余垃圾 | 将厨余垃圾倒入雨水井
`;

const partyKinds: Readonly<Record<string, PartyKind>> = {
  o: 'organisation',
  b: 'individual_business',
  n: 'natural_person',
};

const bodyByPrefix: Readonly<Record<string, string>> = { SC: 'scj', CG: 'cgj', JT: 'jtd', YJ: 'yjj', YS: 'ysj' };

function powerIn(line: string): DemoPower {
  const [code, unit, instrument, article, fine, parties, cause, found] = line.split(' | ');
  const body = bodyOf(bodyByPrefix[code.slice(0, 2)]);
  const [least, most] = fine.replace(' 倍', '').split('–').map(Number);
  return {
    code,
    body,
    unit: body.units[unit === '0' ? 0 : 1],
    cause,
    instrument,
    article,
    unitOfFine: fine.endsWith('倍') ? 'multiple' : 'yuan',
    least,
    most,
    parties: [...parties].map((p) => partyKinds[p]),
    found,
  };
}

export const powers: readonly DemoPower[] = table.trim().split('\n').map(powerIn);

export const benchmarkOf = (power: DemoPower): string => `${power.code}-A`;

/** The four bands of the power's benchmark: the parts of the lawful range that the law gives each level. */
export function bandsOf(
  { least, most }: DemoPower,
  on: LocalDate,
): Array<{ level: DiscretionLevel; min: number; max: number }> {
  return discretionLevels.map((level) => {
    const { from, to } = band(level, least, most, on);
    // The law has one part for the two upper levels; the benchmark divides it in the middle.
    const middle = Math.round((from + to) * 50) / 100;
    return { level, min: level === 'grave' ? middle : from, max: level === 'serious' ? middle : to };
  });
}
