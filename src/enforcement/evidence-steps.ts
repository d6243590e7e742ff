import { event } from '../kernel/event';
import { contentOf } from './case-fields';
import * as V from './evidence-gates';
import * as G from './gates';
import * as Do from './investigation-commands';
import * as E from './investigation-events';
import type { Stage } from './penalty-types';
import { personOf, step, type Act, type Step } from './procedure';

/** While facts are looked for; the check before filing counts (市场监督管理行政处罚程序规定 23). */
export const looking: readonly Stage[] = ['clue', 'investigation'];
/** From filing to the decision. */
export const undecided: readonly Stage[] = ['investigation', 'concluded', 'review', 'reviewed', 'noticed'];
const anyOpen: readonly Stage[] = ['clue', ...undecided, 'decided', 'served', 'ended', 'closed'];

const speak = { zh: '陈述、申辩', en: 'to state and to defend' };
const correct = { zh: '核对、更正笔录', en: 'to check and correct the record' };

const finding: readonly Step[] = [
  step({
    command: Do.RecordInspection,
    zh: '现场检查',
    en: 'Inspect',
    basis: '行政处罚法第55条',
    link: 'investigation',
    may: ['officer'],
    stages: looking,
    acting: (c) => c.officers,
    gates: [...G.onSite, V.inspectionNew, V.timesInOrder, V.signedOrNoted],
    recording: { level: 'partial' },
    rights: [speak, correct],
    publishes: { zh: '检查结果', en: 'the result of the inspection', parameter: 'disclosure.other' },
    mayPrecede: true,
    record: ({ command }) => [event(E.InspectionMade, contentOf(command))],
  }),
  step({
    command: Do.RecordInquiry,
    zh: '询问',
    en: 'Inquire',
    basis: '行政处罚法第55条',
    link: 'investigation',
    may: ['officer'],
    stages: looking,
    acting: (c) => c.officers,
    gates: [...G.onSite, V.inquiryNew, V.timesInOrder, V.rightsToldAtInquiry, V.signedOrNoted],
    recording: { level: 'partial' },
    rights: [speak, correct, { zh: '申请回避', en: 'to ask for recusal' }],
    mayPrecede: true,
    record: ({ command }) => [event(E.InquiryMade, contentOf(command))],
  }),
  step({
    command: Do.CollectEvidence,
    zh: '收集证据',
    en: 'Collect evidence',
    basis: '行政处罚法第46条',
    link: 'evidence',
    may: ['officer'],
    stages: looking,
    acting: (c) => c.collectedBy,
    gates: [...G.twoOfficers, V.evidenceNew, V.originalOrReason],
    mayPrecede: true,
    record: ({ command }) => [event(E.EvidenceCollected, contentOf(command))],
  }),
  step({
    command: Do.ExcludeEvidence,
    zh: '排除证据',
    en: 'Exclude evidence',
    basis: '行政处罚法第46条',
    link: 'evidence',
    may: ['officer', 'reviewer', 'head'],
    stages: undecided,
    gates: [V.evidenceKnown],
    record: ({ command }) => [event(E.EvidenceExcluded, contentOf(command))],
  }),
];

/** Of both procedures. */
export const recordingSteps: readonly Step[] = [
  step({
    command: Do.AttachRecording,
    zh: '上传音像记录',
    en: 'Attach a recording',
    basis: 'D02、行政处罚法第47条',
    link: 'evidence',
    may: ['officer'],
    stages: anyOpen,
    acting: (c) => [c.officerId],
    gates: [V.stepIsRecorded, V.timesInOrder, V.lateUploadExplained],
    mayPrecede: true,
    record: (act) => {
      const { command, at } = act;
      const hours = (Date.parse(at.now) - Date.parse(command.endedAt)) / 3_600_000;
      return [
        event(E.RecordingAttached, {
          ...contentOf(command),
          item: command.item ?? '',
          uploadedAfterHours: Math.round(hours * 10) / 10,
          late: V.uploadedLate(act),
        }),
      ];
    },
  }),
  step({
    command: Do.ExplainMissingRecording,
    zh: '说明未能音像记录',
    en: 'Explain a missing recording',
    basis: 'D02、内蒙古办法第19条',
    link: 'evidence',
    may: ['head'],
    stages: anyOpen,
    gates: [V.actToRecord],
    record: ({ command, at }) => [
      event(E.MissingRecordingExplained, {
        step: command.step,
        item: command.item ?? '',
        reason: command.reason,
        acceptedBy: personOf(at.actor),
      }),
    ],
  }),
];

const itemOf = ({ command }: Act<{ preservationId: string }>): string => command.preservationId;

const preservation: readonly Step[] = [
  step({
    command: Do.PreserveEvidence,
    zh: '先行登记保存',
    en: 'Preserve evidence',
    basis: '行政处罚法第56条',
    link: 'evidence',
    may: ['officer', 'head'],
    stages: looking,
    acting: (c) => c.officers,
    gates: [...G.onSite, V.preservationNew],
    starts: [{ clock: 'penalty.preservation', item: itemOf }],
    recording: { level: 'full' },
    rights: [{ zh: '在场清点，收取清单', en: 'to be present at the count and get the list' }],
    record: ({ command, at }) => [
      event(E.EvidencePreserved, {
        ...contentOf(command),
        approvedBy: at.actor.roles.includes('head') ? personOf(at.actor) : '',
      }),
    ],
  }),
  step({
    command: Do.ApprovePreservation,
    zh: '补办先行登记保存批准',
    en: 'Approve an urgent preservation',
    basis: '市场监督管理行政处罚程序规定第33条',
    link: 'evidence',
    may: ['head'],
    stages: undecided.concat('clue'),
    gates: [V.preservationPending],
    record: ({ command, state, at }) => {
      const done = state.preservations.find((p) => p.id === command.preservationId)?.at ?? at.occurredAt;
      const hours = (Date.parse(at.occurredAt) - Date.parse(done)) / 3_600_000;
      const { preservationId } = command;
      return [
        event(E.PreservationApproved, {
          preservationId,
          approvedBy: personOf(at.actor),
          afterHours: Math.round(hours * 10) / 10,
        }),
      ];
    },
  }),
  step({
    command: Do.DisposePreservation,
    zh: '处理先行登记保存的证据',
    en: 'Dispose of preserved evidence',
    basis: '市场监督管理行政处罚程序规定第35条',
    link: 'evidence',
    may: ['head'],
    stages: anyOpen,
    gates: [V.preservationOpen, V.preservationLapsed],
    stops: [{ clock: 'penalty.preservation', item: itemOf }],
    rights: [{ zh: '取回解除保存的物品', en: 'to get back what is released' }],
    record: ({ command, at }) => [
      event(E.PreservationDisposed, { ...contentOf(command), approvedBy: personOf(at.actor) }),
    ],
  }),
];

/** Looking, collecting, preserving. */
export const evidenceSteps: readonly Step[] = [...finding, ...preservation];
