import { rule, type Circumstances, type Decider } from '../kernel/decider';
import { require_ } from '../kernel/errors';
import { event } from '../kernel/event';
import { findPersonalData } from '../disclosure/redaction';
import { bodyDecider } from '../registry/body';
import { officerDecider } from '../registry/officer';
import { extendClock, missedClockRule, startClock, stopAll, stopClock } from '../clocks/stream-clocks';
import * as command from './complaint-commands';
import * as E from './complaint-events';
import { PUBLIC_SOURCES, REFUSAL_GROUNDS } from './complaint-lists';
import { isReceipt } from './receipt';
import { evolveComplaint, initialComplaint, type ComplaintStage, type ComplaintState } from './complaint-state';

const ACCEPTANCE = 'complaints.acceptance';
const ANSWER = 'complaints.answer';
const INFORM = 'complaints.inform_reporter';

const HANDLERS = ['officer', 'supervisor'];
const SUPERVISION = ['supervisor', 'head'];

function inStage(state: ComplaintState, ...stages: ComplaintStage[]): void {
  require_(stages.includes(state.stage), 'complaint.wrong_stage', {
    zh: '投诉举报目前所处阶段不能进行此操作。',
    en: `A complaint that is ${state.stage} does not allow this step.`,
    basis: 'J03',
  });
}

const bodyKnown = (id: string, c: Circumstances, field: string): void =>
  require_(c.lookUp(bodyDecider, id)?.registered, 'complaint.unknown_body', {
    zh: '该执法主体未登记。',
    en: 'This enforcement body is not registered.',
    basis: 'J03、A01',
    field,
  });

/** The clock to accept also covers telling the complainant (第14条), so it stops when both are done. */
const acceptanceDone = (s: ComplaintState, c: Circumstances): object[] =>
  s.reachable ? [] : stopClock(s.clocks, ACCEPTANCE, c.occurredOn);

function lodge(d: command.LodgeComplaint, s: ComplaintState, c: Circumstances): object[] {
  // Before anything is said of the complaint: to the public, only whoever holds its number learns that there is one.
  require_(c.actor.kind !== 'public' || isReceipt(c.id), 'complaint.receipt_required', {
    zh: '公众投诉举报的编号应为受理编号，形如 T20260310-7KQM-2XWD-9HTR：日期后接十二位随机字符（2–9、A–Z，不含 I、L、O）。',
    en: 'A complaint by the public is addressed by a receipt number such as T20260310-7KQM-2XWD-9HTR: the date and twelve random characters of 2-9 and A-Z without I, L and O.',
    basis: 'J03',
    field: 'id',
  });
  inStage(s, 'none');
  bodyKnown(d.bodyId, c, 'bodyId');
  require_(c.actor.kind !== 'public' || PUBLIC_SOURCES.includes(d.source), 'complaint.source_not_public', {
    zh: '该来源由工作人员登记，请选择“受理举报”。',
    en: 'This source is recorded by staff; choose “report”.',
    basis: 'J02',
    field: 'source',
  });
  require_(d.anonymous ? !d.name : d.name && d.contact, 'complaint.name_and_anonymity', {
    zh: '实名投诉举报须留姓名和联系方式；匿名的不得填写姓名。',
    en: 'A named complaint needs a name and a way to reach you; an anonymous one has no name.',
    basis: '市场监督管理投诉举报处理暂行办法第9条',
    field: 'name',
  });
  return [
    event(E.ComplaintLodged, {
      topic: d.topic,
      source: d.source,
      bodyId: d.bodyId,
      caseId: d.caseId,
      misconduct: d.misconduct ?? [],
      anonymous: d.anonymous,
      complainantId: `complainant-${c.id}`,
      reachable: Boolean(d.contact),
      text: d.text,
      name: d.name,
      contact: d.contact,
    }),
    startClock(ACCEPTANCE, c.occurredOn, d.bodyId),
  ];
}

function refuse(d: command.RefuseComplaint, s: ComplaintState, c: Circumstances): object[] {
  inStage(s, 'lodged');
  const { basis } = REFUSAL_GROUNDS.find((g) => g.code === d.ground)!;
  return [
    event(E.ComplaintRefused, { refusedOn: c.occurredOn, ground: d.ground, basis, explanation: d.explanation }),
    ...acceptanceDone(s, c),
  ];
}

function assign(d: command.AssignComplaint, s: ComplaintState, c: Circumstances): object[] {
  inStage(s, 'lodged', 'accepted');
  require_(c.lookUp(officerDecider, d.officerId)?.bodyId === s.bodyId, 'complaint.owner_of_other_body', {
    zh: '承办人须为受理机关的人员。',
    en: 'The complaint goes to an officer of the body that handles it.',
    basis: 'C07、J03',
    field: 'officerId',
  });
  if (s.ownerId === d.officerId) return [];
  return [
    event(E.ComplaintAssigned, {
      officerId: d.officerId,
      unit: d.unit,
      firstOwnerId: s.firstOwnerId ?? d.officerId,
    }),
  ];
}

function transfer(d: command.TransferComplaint, s: ComplaintState, c: Circumstances): object[] {
  inStage(s, 'lodged', 'accepted');
  bodyKnown(d.toBodyId, c, 'toBodyId');
  require_(d.toBodyId !== s.bodyId, 'complaint.transfer_to_itself', {
    zh: '不能移送给本机关。',
    en: 'A complaint cannot be transferred to the body that has it.',
    basis: '市场监督管理投诉举报处理暂行办法第37条',
    field: 'toBodyId',
  });
  return [
    event(E.ComplaintTransferred, {
      toBodyId: d.toBodyId,
      reason: d.reason,
      basis: '市场监督管理投诉举报处理暂行办法第29、37条',
    }),
    ...stopAll(s.clocks, c.occurredOn),
    startClock(ACCEPTANCE, c.occurredOn, d.toBodyId),
  ];
}

function notOwnCause(officers: readonly string[], { actor }: Circumstances): void {
  require_(!actor.officer || !officers.includes(actor.officer), 'complaint.own_cause', {
    zh: '被投诉人员不得办理对自己的投诉。',
    en: 'Nobody handles a complaint about himself.',
    basis: 'J03、行政处罚法第43条',
  });
}

function find(d: command.RecordComplaintFinding, s: ComplaintState, c: Circumstances): object[] {
  inStage(s, 'accepted');
  notOwnCause(d.officerIds, c);
  require_(d.result !== 'unsubstantiated' || d.misconduct.length === 0, 'complaint.misconduct_without_finding', {
    zh: '查无实据的，不得认定不文明执法情形。',
    en: 'What is not substantiated names no misconduct.',
    basis: 'C13',
    field: 'misconduct',
  });
  const { result, facts, misconduct, officerIds } = d;
  return [event(E.ComplaintFindingRecorded, { result, facts, misconduct, officerIds })];
}

function answer(d: command.AnswerComplaint, s: ComplaintState, c: Circumstances): object[] {
  inStage(s, 'accepted');
  require_(s.finding, 'complaint.not_looked_into', {
    zh: '有案必查：须先记录查处情况再答复。',
    en: 'What was found must be recorded before the answer.',
    basis: 'J03',
  });
  notOwnCause(s.foundOfficers, c);
  return [
    event(E.ComplaintAnswered, { answeredOn: c.occurredOn, complainantId: s.complainantId, answer: d.answer }),
    ...stopClock(s.clocks, ANSWER, c.occurredOn),
    ...(s.reachable ? [startClock(INFORM, c.occurredOn, s.bodyId, s.ownerId ? [s.ownerId] : [])] : []),
  ];
}

/** Whether there is such a thing to tell of. */
const tellable: Readonly<Record<string, (s: ComplaintState) => boolean>> = {
  acceptance: (s) => s.stage === 'accepted',
  refusal: (s) => s.stage === 'refused',
  transfer: (s) => s.transferred,
  answer: (s) => s.answered,
};

function inform(d: command.InformComplainant, s: ComplaintState, c: Circumstances): object[] {
  inStage(s, 'lodged', 'accepted', 'refused');
  require_(s.reachable, 'complaint.nobody_to_inform', {
    zh: '投诉举报人未留联系方式。',
    en: 'The complainant left no way to be reached.',
    basis: 'J03',
  });
  require_(tellable[d.of](s), 'complaint.nothing_to_tell', {
    zh: '尚无此项内容可以告知。',
    en: 'There is no such step to tell of yet.',
    basis: 'J03',
    field: 'of',
  });
  const told = d.of === 'answer' ? INFORM : d.of === 'transfer' ? undefined : ACCEPTANCE;
  return [
    event(E.ComplainantInformed, { of: d.of, informedOn: c.occurredOn, means: d.means }),
    ...(told ? stopClock(s.clocks, told, c.occurredOn) : []),
  ];
}

/** 不得悄然办结: answered in substance and told, or refused and told; an open rectification keeps it open. */
function close(d: command.CloseComplaint, s: ComplaintState, c: Circumstances): object[] {
  inStage(s, 'accepted', 'refused');
  const refusedOne = s.stage === 'refused';
  require_(refusedOne || s.answered, 'complaint.not_answered', {
    zh: '未答复的投诉举报不得办结。',
    en: 'A complaint cannot be closed without an answer.',
    basis: 'J03、J06',
  });
  require_(!s.reachable || s.informedOf.includes(refusedOne ? 'refusal' : 'answer'), 'complaint.not_informed', {
    zh: '未告知投诉举报人的，不得办结。',
    en: 'A complaint cannot be closed before the complainant is told.',
    basis: 'J03',
  });
  require_(s.rectification !== 'ordered', 'complaint.rectification_open', {
    zh: '责令的整改尚未核实。',
    en: 'The rectification ordered has not been confirmed.',
    basis: 'J03',
  });
  const fits: Readonly<Record<string, boolean>> = {
    rectified: s.rectification === 'confirmed',
    unsubstantiated: s.finding === 'unsubstantiated',
    explained: !refusedOne,
    referred: !refusedOne && s.finding !== 'unsubstantiated',
    not_accepted: refusedOne,
  };
  require_(fits[d.closing], 'complaint.closing_does_not_fit', {
    zh: '办结方式与办理情况不符。',
    en: 'This closing code does not fit what was done.',
    basis: 'J06',
    field: 'closing',
  });
  return [event(E.ComplaintClosed, { closing: d.closing }), ...stopAll(s.clocks, c.occurredOn)];
}

function rectify(d: command.OrderComplaintRectification, s: ComplaintState, c: Circumstances): object[] {
  inStage(s, 'accepted');
  require_(s.finding && s.finding !== 'unsubstantiated', 'complaint.nothing_to_rectify', {
    zh: '未查实问题，不能责令整改。',
    en: 'Nothing was found that could be rectified.',
    basis: 'J03',
  });
  require_(d.dueOn >= c.occurredOn, 'complaint.due_in_the_past', {
    zh: '整改期限不能早于责令之日。',
    en: 'The rectification cannot be due before it is ordered.',
    basis: 'J03',
    field: 'dueOn',
  });
  return [event(E.ComplaintRectificationOrdered, { what: d.what, dueOn: d.dueOn })];
}

export const complaintDecider: Decider<ComplaintState> = {
  category: 'complaint',
  collection: 'complaints',
  zh: '投诉举报',
  en: 'Complaints',
  initialState: initialComplaint,
  evolve: evolveComplaint,
  bodyOf: (s) => s.bodyId || undefined,
  references: (c) =>
    c instanceof command.LodgeComplaint
      ? [['body', c.bodyId]]
      : c instanceof command.TransferComplaint
        ? [['body', c.toBodyId]]
        : c instanceof command.AssignComplaint
          ? [['officer', c.officerId]]
          : [],
  rules: [
    rule({
      command: command.LodgeComplaint,
      may: ['anyone'],
      basis: 'J01、J02',
      zh: '投诉举报',
      en: 'Lodge a complaint',
      decide: lodge,
    }),
    rule({
      command: command.AcceptComplaint,
      may: HANDLERS,
      basis: '市场监督管理投诉举报处理暂行办法第14条',
      zh: '受理',
      en: 'Accept the complaint',
      decide: (_, s: ComplaintState, c) => {
        inStage(s, 'lodged');
        return [
          event(E.ComplaintAccepted, { acceptedOn: c.occurredOn }),
          ...acceptanceDone(s, c),
          startClock(ANSWER, c.occurredOn, s.bodyId, s.ownerId ? [s.ownerId] : []),
        ];
      },
    }),
    rule({
      command: command.RefuseComplaint,
      may: HANDLERS,
      basis: '市场监督管理投诉举报处理暂行办法第14、15条',
      zh: '不予受理',
      en: 'Refuse the complaint',
      decide: refuse,
    }),
    rule({
      command: command.AssignComplaint,
      may: HANDLERS,
      basis: 'C07、J03',
      zh: '分派承办人',
      en: 'Assign the complaint',
      decide: assign,
    }),
    rule({
      command: command.TransferComplaint,
      may: HANDLERS,
      basis: '市场监督管理投诉举报处理暂行办法第29、37条',
      zh: '移送',
      en: 'Transfer the complaint',
      decide: transfer,
    }),
    rule({
      command: command.ExtendComplaint,
      may: ['head'],
      basis: '信访工作条例第34条',
      zh: '延长办理期限',
      en: 'Extend the time to answer',
      decide: (d, s: ComplaintState, c) => {
        inStage(s, 'accepted');
        const extended = extendClock(s.clocks, ANSWER, 'complaints.answer_extension', c.occurredOn);
        return [event(E.ComplaintExtended, { reason: d.reason }), extended];
      },
    }),
    rule({
      command: command.RecordComplaintFinding,
      may: HANDLERS,
      basis: 'J03、C13',
      zh: '记录查处情况',
      en: 'Record what was found',
      decide: find,
    }),
    rule({
      command: command.AnswerComplaint,
      may: HANDLERS,
      basis: 'J03、J06',
      zh: '答复',
      en: 'Answer the complaint',
      decide: answer,
    }),
    rule({
      command: command.OrderComplaintRectification,
      may: SUPERVISION,
      basis: 'J03',
      zh: '责令整改',
      en: 'Order rectification',
      decide: rectify,
    }),
    rule({
      command: command.ConfirmComplaintRectification,
      may: SUPERVISION,
      basis: 'J03',
      zh: '核实整改',
      en: 'Confirm the rectification',
      decide: (d, s: ComplaintState, c) => {
        require_(s.rectification === 'ordered', 'complaint.no_rectification_ordered', {
          zh: '没有待核实的整改。',
          en: 'No rectification is waiting to be confirmed.',
          basis: 'J03',
        });
        return [event(E.ComplaintRectificationConfirmed, { confirmedOn: c.occurredOn, result: d.result })];
      },
    }),
    rule({
      command: command.InformComplainant,
      may: HANDLERS,
      basis: 'J03、市场监督管理投诉举报处理暂行办法第14、31条',
      zh: '告知投诉举报人',
      en: 'Inform the complainant',
      decide: inform,
    }),
    rule({
      command: command.CloseComplaint,
      may: HANDLERS,
      basis: 'J03、J06',
      zh: '办结',
      en: 'Close the complaint',
      decide: close,
    }),
    rule({
      command: command.ReopenComplaint,
      may: SUPERVISION,
      basis: 'J03',
      zh: '重新办理',
      en: 'Reopen the complaint',
      decide: (d, s: ComplaintState, c) => {
        inStage(s, 'closed');
        require_(!s.erased, 'complaint.erased', {
          zh: '投诉举报人的信息和投诉内容已依法删除，不能重新办理；请另行登记。',
          en: 'What was complained of and by whom has been erased: there is nothing to handle again. Lodge a new complaint.',
          basis: '个人信息保护法第47条',
        });
        return [
          event(E.ComplaintReopened, { reason: d.reason }),
          startClock(ANSWER, c.occurredOn, s.bodyId, s.ownerId ? [s.ownerId] : []),
        ];
      },
    }),
    rule({
      command: command.PublicizeComplaint,
      may: SUPERVISION,
      basis: 'J03',
      zh: '公布典型案例',
      en: 'Publicise as a typical case',
      decide: (d, s: ComplaintState) => {
        inStage(s, 'closed');
        require_(s.finding && s.finding !== 'unsubstantiated', 'complaint.not_a_typical_case', {
          zh: '未查实的投诉举报不作典型案例公布。',
          en: 'Only what was substantiated is publicised.',
          basis: 'J03',
        });
        const [personal] = findPersonalData({ title: d.title, summary: d.summary }, 'natural_person');
        require_(!personal, 'complaint.personal_data', {
          zh: `公布内容含有不得公开的信息：${personal?.datum.zh}。`,
          en: `The text holds what may not be published: ${personal?.datum.en}.`,
          basis: personal?.datum.basis ?? 'I08',
          field: personal?.field,
        });
        return [event(E.ComplaintPublicized, { title: d.title, summary: d.summary })];
      },
    }),
    missedClockRule(),
  ],
};
