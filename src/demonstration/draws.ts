import { drawDecider } from '../draws/draw';
import { AnnounceDraw } from '../draws/draw-commands';
import { drawItemDecider } from '../draws/draw-item';
import { DraftDrawItem, PublishDrawItem, ReviewDrawItem } from '../draws/draw-item-commands';
import { isRefusal } from '../kernel/errors';
import type { LocalDate } from '../kernel/time';
import type { Commands } from '../ledger/deciding/commands';
import { command } from '../ledger/deciding/reaction';
import { powerDecider } from '../registry/power';
import { ListPower } from '../registry/power-commands';
import { actor } from './accounts';
import { bodyOf, fieldOfficers } from './bodies';
import type { Diary } from './diary';
import { party } from './parties';
import { Random } from './random';

/** An item on the list of random inspections, and the power that it exercises. */
interface DemoItem {
  readonly id: string;
  readonly body: string;
  readonly power: string;
  readonly name: string;
  readonly instrument: string;
  readonly article: string;
  readonly objects: string;
  readonly content: string;
  readonly ratios: readonly [low: number, ordinary: number, high: number];
}

const items: readonly DemoItem[] = [
  {
    id: 'scj-food',
    body: 'scj',
    power: 'SC-JC-0101',
    name: '餐饮服务食品安全监督检查',
    instrument: '食品安全法',
    article: '第110条',
    objects: '餐饮服务经营者',
    content: '食品安全管理制度、进货查验记录、从业人员健康证明、加工操作过程',
    ratios: [5, 10, 30],
  },
  {
    id: 'yjj-industry',
    body: 'yjj',
    power: 'YJ-JC-0101',
    name: '工贸企业安全生产监督检查',
    instrument: '安全生产法',
    article: '第65条',
    objects: '规模以上工贸企业',
    content: '安全生产责任制、教育培训、有限空间作业、危险化学品使用',
    ratios: [3, 10, 50],
  },
];

const CLASSES = [
  { stratum: 'A', name: '低风险' },
  { stratum: 'B', name: '一般风险' },
  { stratum: 'C', name: '高风险' },
];
const LISTED = { A: 30, B: 12, C: 6 };

/** The published list of random inspections; the market regulation bureau reviews its own items and those of others. */
export function tellDrawItems(diary: Diary): void {
  const validFrom = diary.on;
  for (const item of items) {
    diary.enter(actor('registrar'), [powerDecider, item.power], ListPower, {
      name: item.name,
      powerClass: 'inspection',
      legalBasis: [basisOf(item)],
      bodyId: item.body,
      office: bodyOf(item.body).units[0],
      disclosureForm: '网站公示',
      disclosureScope: '社会公众',
      disclosureTime: '检查完成之日起二十个工作日内',
      validFrom,
    });
  }
  diary.wait(1);
  for (const item of items) draft(diary, item);
  diary.wait(3);
  for (const { id } of items) {
    const review = { approved: true, opinion: '事项清楚，依据充分，比例适当' };
    diary.enter(actor('scj-02'), [drawItemDecider, id], ReviewDrawItem, review);
  }
  diary.wait(2);
  for (const { id } of items) diary.enter(actor('disclosure'), [drawItemDecider, id], PublishDrawItem, {});
}

const basisOf = ({ instrument, article }: DemoItem) => ({ instrument, article });

function draft(diary: Diary, item: DemoItem): void {
  const { id, body, power, name, objects, content, ratios } = item;
  diary.enter(actor(`${body}-01`), [drawItemDecider, id], DraftDrawItem, {
    plan: 'annual',
    year: Number(diary.on.slice(0, 4)),
    bodyId: body,
    reviewBodyId: 'scj',
    powerCode: power,
    name,
    legalBasis: [basisOf(item)],
    objects,
    content,
    strata: CLASSES.map((c, i) => ({ ...c, ratioPercent: ratios[i] })),
    method: '现场检查、书面检查',
    frequency: '每年不少于一次',
  });
}

/** The draw that is announced in the running city, so that visitors can see it drawn and repeat it. */
export const DEMO_DRAW = 'scj-food-1';

/**
 * Announces the draw of a day, unless it was announced at an earlier start. It is held by the program itself, from the city's own
 * log: the outcome is another in every city.
 */
export async function announceDraw(commands: Pick<Commands, 'give'>, today: LocalDate): Promise<void> {
  const random = new Random('draw');
  const officers = fieldOfficers('scj').map(({ id }) => id);
  const parties = Object.entries(LISTED).flatMap(([stratum, count]) =>
    Array.from({ length: count }, (_, i) => {
      const { partyIdentifier: id, partyName: name } = party(`${stratum}${i}`, 'organisation', random, today);
      return { id, name, stratum };
    }),
  );
  const announcement = command(AnnounceDraw, {
    itemId: 'scj-food',
    bodyId: 'scj',
    title: '餐饮服务食品安全双随机抽查（第一批）',
    officers,
    parties,
    exclusions: [{ officer: officers[0], party: parties[0].id, ground: '配偶在该企业任职' }],
    officersPerParty: 2,
  });
  const context = { actor: actor('scj-01'), correlationId: 'demonstration-draw', idempotencyKey: 'demonstration-draw' };
  try {
    await commands.give(drawDecider, DEMO_DRAW, announcement, context);
  } catch (error) {
    if (!isRefusal(error)) throw error; // a city that an earlier version has made has no such item
  }
}
