import { PUBLIC_ACTOR } from '../access/access.decorators';
import type { LocalDate } from '../kernel/time';
import { addCalendarDays, addWorkingDays } from '../law/calendar';
import { complaintDecider } from '../oversight/complaint';
import * as Do from '../oversight/complaint-commands';
import { TOPICS } from '../oversight/complaint-lists';
import { newReceipt } from '../oversight/receipt';
import { actor } from './accounts';
import { bodies, fieldOfficers, type DemoBody } from './bodies';
import { by, type DemoCase } from './demo-case';
import { Diary, type Step } from './diary';
import { personName, phone } from './parties';
import { Random } from './random';

const supervisor = actor('sfj-02');

/** Drawn from a sequence of its own, so that it is the same each time. */
function receiptOf(subject: string, on: LocalDate): string {
  const random = new Random(subject);
  return newReceipt(on, (end) => random.whole(0, end - 1));
}

const at = (id: string) => [complaintDecider, id] as const;

/** A citizen's report that a case grows from. Returns the complaint's id. */
export function lodgeReport(c: DemoCase, diary: Diary): string {
  const id = receiptOf(`report ${c.id}`, diary.on);
  const [officer] = c.officers;
  diary.enter(PUBLIC_ACTOR, at(id), Do.LodgeComplaint, {
    topic: 'livelihood',
    source: 'report',
    bodyId: c.body.id,
    misconduct: [],
    anonymous: false,
    text: `反映附近有经营者${c.power.cause}，多次反映没有人管。`,
    name: personName(c.random),
    contact: phone(c.random),
  });
  diary
    .wait(1)
    .enter(supervisor, at(id), Do.AcceptComplaint, {})
    .enter(supervisor, at(id), Do.AssignComplaint, { officerId: officer.id, unit: officer.unit ?? c.power.unit })
    .enter(by(officer), at(id), Do.InformComplainant, { of: 'acceptance', means: 'telephone' });
  return id;
}

export function answerReport(c: DemoCase, diary: Diary, id: string): void {
  const officer = by(c.officers[0]);
  diary
    .wait(1)
    .enter(officer, at(id), Do.RecordComplaintFinding, {
      result: 'substantiated',
      facts: `经检查属实，已对${c.power.cause}立案。`,
      misconduct: [],
      officerIds: [],
    })
    .enter(officer, at(id), Do.AnswerComplaint, { answer: '您反映的情况属实，我局已经立案调查，处理结果将依法公示。' })
    .wait(1)
    .enter(officer, at(id), Do.InformComplainant, { of: 'answer', means: 'message' })
    .enter(officer, at(id), Do.CloseComplaint, { closing: 'referred' });
}

/** What a complaint comes to. */
export const ENDINGS = [
  'explained',
  'rectified',
  'unsubstantiated',
  'refused',
  'transferred',
  'reopened',
  'open',
  'new',
] as const;
type Ending = (typeof ENDINGS)[number];

const texts: Readonly<Record<string, string>> = {
  inspection: '一个月内三批人来店里检查同一件事，没有出示检查审批。',
  credential: '有穿制服的人不出示执法证就要求关门。',
  penalty: '同样的情况，隔壁只是警告，我们被罚款，没有说明理由。',
  licence: '办理备案要求提交清单以外的材料。',
  charge: '现场要求缴纳没有依据的清运费。',
  compulsion: '没有通知就把店外的货架搬走。',
  abuse: '有人暗示到指定的公司检测就不罚款。',
  inaction: '楼下夜间施工反映了五次没有人来。',
  livelihood: '小区门口餐馆油烟扰民，一直没有解决。',
  economy: '频繁要求停工配合检查，影响交货。',
  other: '执法人员态度生硬，问题说不清楚。',
};

const misconductOf: Readonly<Record<string, string>> = {
  inspection: 'arbitrary_inspection',
  other: 'words_hard_to_hear',
};

export interface ComplaintStory {
  readonly id: string;
  readonly topic: string;
  readonly ending: Ending;
  readonly body: DemoBody;
  readonly officerId: string;
  readonly steps: readonly Step[];
}

/** Complaints of all eleven topics (J01) with every ending, spread over the year. */
export function tellComplaints(first: LocalDate, end: LocalDate, count: number): ComplaintStory[] {
  return Array.from({ length: count }, (_, i) => {
    // Eleven topics and eight endings have no common divisor: they meet in every combination in time.
    const topic = TOPICS[i % TOPICS.length].code;
    const ending = ENDINGS[i % ENDINGS.length];
    const random = new Random(`complaint ${i}`);
    const begins = ending === 'open' ? -12 : ending === 'new' ? -2 : -(40 + ((i * 37) % 180));
    const day = addWorkingDays(end, begins);
    const on = day < first ? addWorkingDays(first, 5) : day;
    return tell(receiptOf(`receipt ${i}`, on), topic, ending, random, on);
  });
}

function tell(id: string, topic: string, ending: Ending, random: Random, first: LocalDate): ComplaintStory {
  const enforcing = bodies.filter((b) => b.id !== 'sfj');
  const body = random.pick(enforcing);
  const diary = new Diary(first, random);
  const anonymous = random.next() < 0.3;
  diary.enter(PUBLIC_ACTOR, at(id), Do.LodgeComplaint, {
    topic,
    source: random.pick(['report', 'opinion_form']),
    bodyId: body.id,
    misconduct: misconductOf[topic] ? [misconductOf[topic]] : [],
    anonymous,
    text: texts[topic],
    name: anonymous ? undefined : personName(random),
    contact: phone(random),
  });
  const handling = ending === 'transferred' ? enforcing[(enforcing.indexOf(body) + 1) % enforcing.length] : body;
  const owner = fieldOfficers(handling.id)[0];
  const story = { id, topic, ending, body: handling, officerId: owner.id, steps: diary.steps };
  if (ending === 'new') return story;
  diary.wait(2);
  if (ending === 'refused') {
    refuse(id, diary);
    return story;
  }
  if (ending === 'transferred') {
    diary
      .enter(supervisor, at(id), Do.TransferComplaint, { toBodyId: handling.id, reason: '属于该机关职责。' })
      .enter(supervisor, at(id), Do.InformComplainant, { of: 'transfer', means: 'message' })
      .wait(1);
  }
  diary
    .enter(supervisor, at(id), Do.AcceptComplaint, {})
    .enter(supervisor, at(id), Do.AssignComplaint, { officerId: owner.id, unit: owner.unit ?? '法制科' })
    .enter(by(owner), at(id), Do.InformComplainant, { of: 'acceptance', means: 'telephone' });
  if (ending === 'open') return story;
  lookInto(id, topic, ending, diary);
  return story;
}

function refuse(id: string, diary: Diary): void {
  diary
    .enter(supervisor, at(id), Do.RefuseComplaint, {
      ground: 'not_competent',
      explanation: '所反映事项由法院审理中，请通过诉讼解决。',
    })
    .enter(supervisor, at(id), Do.InformComplainant, { of: 'refusal', means: 'letter' })
    .wait(1)
    .enter(supervisor, at(id), Do.CloseComplaint, { closing: 'not_accepted' });
}

function lookInto(id: string, topic: string, ending: Ending, diary: Diary): void {
  const groundless = ending === 'unsubstantiated';
  const misconduct = !groundless && misconductOf[topic] ? [misconductOf[topic]] : [];
  diary
    .wait(8)
    .enter(supervisor, at(id), Do.RecordComplaintFinding, {
      result: groundless ? 'unsubstantiated' : ending === 'rectified' ? 'substantiated' : 'partly',
      facts: groundless ? '调阅记录和音像资料，没有发现所反映的情形。' : '调阅记录后核实，情况部分或者全部属实。',
      misconduct,
      officerIds: [],
    })
    .wait(2);
  if (ending === 'rectified') {
    diary
      .enter(supervisor, at(id), Do.OrderComplaintRectification, {
        what: '统一出示证件、说明事由和依据，检查前先行审批。',
        dueOn: addCalendarDays(diary.on, 20),
      })
      .wait(9)
      .enter(supervisor, at(id), Do.ConfirmComplaintRectification, { result: '抽查三次，均已落实。' });
  }
  diary
    .enter(supervisor, at(id), Do.AnswerComplaint, {
      answer: '已对您反映的情况逐项核实，结果和处理意见如上，感谢监督。',
    })
    .wait(1)
    .enter(supervisor, at(id), Do.InformComplainant, { of: 'answer', means: 'letter' })
    .enter(supervisor, at(id), Do.CloseComplaint, {
      closing: ending === 'rectified' || groundless ? ending : 'explained',
    });
  if (ending === 'rectified') {
    diary.wait(6).enter(supervisor, at(id), Do.PublicizeComplaint, {
      title: '检查先审批、亮证再执法',
      summary: '有经营者反映检查扎堆。经查属实，责任单位已经整改，此后同类检查合并进行。',
    });
  }
  if (ending === 'reopened') {
    diary.wait(10).enter(supervisor, at(id), Do.ReopenComplaint, { reason: '投诉人补充了录音，需要重新核实。' });
    lookInto(id, topic, 'explained', diary);
  }
}
