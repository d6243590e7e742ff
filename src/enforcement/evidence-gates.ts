import { deadlineInstant } from '../law/clocks';
import { recordingLevels } from './penalty-types';
import type { AttachRecording, CollectEvidence, ExcludeEvidence } from './investigation-commands';
import { gate, type Act, type Step } from './procedure';

// Gates of what is found and how it is recorded (C01, D01-D02, 行政处罚法 46, 47, 56).

export const rightsToldAtInquiry = gate<{ rightsTold: boolean; inquired: string }>({
  id: 'rights_not_told',
  zh: '首次向当事人调查取证，应当告知陈述、申辩和申请回避的权利。',
  en: 'The party must be told of the right to state, to defend and to ask for recusal.',
  basis: '市场监督管理行政处罚程序规定第21条',
  field: 'rightsTold',
  holds: ({ command }) => command.rightsTold || command.inquired !== 'party',
});

export const signedOrNoted = gate<{ signed: boolean; notSignedReason?: string }>({
  id: 'signature_missing',
  zh: '笔录未签名的，应当注明原因。',
  en: 'A record that is not signed must say why.',
  basis: '市场监督管理行政处罚程序规定第43条、行政处罚法第64条',
  field: 'notSignedReason',
  holds: ({ command }) => command.signed || command.notSignedReason !== undefined,
});

export const timesInOrder = gate<{ startedAt: string; endedAt: string }>({
  id: 'times_out_of_order',
  zh: '起止时间顺序有误，或晚于当前时间。',
  en: 'The act ends before it begins, or lies in the future.',
  basis: 'D01',
  field: 'endedAt',
  holds: ({ command, at }) =>
    Date.parse(command.startedAt) < Date.parse(command.endedAt) && Date.parse(command.endedAt) <= Date.parse(at.now),
});

export const inquiryNew = gate<{ inquiryId: string }>({
  id: 'inquiry_exists',
  zh: '该询问笔录编号已存在。',
  en: 'There is an inquiry of this id already.',
  basis: 'D01',
  field: 'inquiryId',
  holds: ({ command, state }) => !state.toRecord.some((a) => a.item === command.inquiryId),
});

export const inspectionNew = gate<{ inspectionId: string }>({
  id: 'inspection_exists',
  zh: '该检查笔录编号已存在。',
  en: 'There is an inspection of this id already.',
  basis: 'D01',
  field: 'inspectionId',
  holds: ({ command, state }) => !state.toRecord.some((a) => a.item === command.inspectionId),
});

export const evidenceNew = gate<CollectEvidence>({
  id: 'evidence_exists',
  zh: '该证据编号已存在。',
  en: 'There is evidence of this id already.',
  basis: '行政处罚法第46条',
  field: 'evidenceId',
  holds: ({ command, state }) => !state.evidence.some((e) => e.id === command.evidenceId),
});

export const originalOrReason = gate<CollectEvidence>({
  id: 'copy_without_reason',
  zh: '不是原件、原物的，应当说明调取原件的困难并经核对。',
  en: 'Evidence that is not the original needs the reason.',
  basis: '市场监督管理行政处罚程序规定第24条',
  field: 'copyReason',
  holds: ({ command }) => command.original || command.copyReason !== undefined,
});

export const evidenceKnown = gate<ExcludeEvidence>({
  id: 'evidence_unknown',
  zh: '没有该证据，或已被排除。',
  en: 'There is no such evidence, or it was excluded.',
  basis: '行政处罚法第46条',
  field: 'evidenceId',
  holds: ({ command, state }) => state.evidence.some((e) => e.id === command.evidenceId && !e.excluded),
});

export const evidenceUsable = gate<{ evidenceIds: string[]; outcome: string }>({
  id: 'evidence_not_usable',
  zh: '认定事实所依据的证据不存在、已被排除，或没有证据。',
  en: 'The facts rest on no evidence, or on evidence that is unknown or excluded.',
  basis: '行政处罚法第40条、第46条',
  field: 'evidenceIds',
  holds: ({ command, state }) =>
    command.evidenceIds.every((id) => state.evidence.some((e) => e.id === id && !e.excluded)) &&
    (command.evidenceIds.length > 0 || command.outcome === 'no_penalty_unproven'),
});

const needOf = ({ procedure }: Act, name: string): Step['recording'] =>
  procedure.steps.find((s) => s.command.name === name)?.recording;

export const actToRecord = gate<{ step: string; item?: string }>({
  id: 'act_to_record_unknown',
  zh: '没有应当音像记录而未记录的该环节。',
  en: 'No such act of the case waits for a recording.',
  basis: 'D02',
  field: 'step',
  holds: ({ command, state }) => state.toRecord.some((a) => a.step === command.step && a.item === (command.item ?? '')),
});

export const stepIsRecorded = gate<AttachRecording>({
  id: 'recording_of_unknown_act',
  zh: '没有与该音像记录对应的执法环节。',
  en: 'No act of the case belongs to this recording.',
  basis: 'D02',
  field: 'step',
  holds: ({ command, state }) =>
    state.toRecord.some((a) => a.step === command.step && a.item === (command.item ?? '')) &&
    !state.recordings.some((r) => r.id === command.recordingId),
});

/** Whether a recording came later than the hours that the law allows for its upload (内蒙古办法 20). */
export const uploadedLate = ({ command, at }: Act<AttachRecording>): boolean =>
  at.now > deadlineInstant('disclosure.av_upload', new Date(command.endedAt).toISOString(), at.occurredOn);

export const lateUploadExplained = gate<AttachRecording>({
  id: 'late_upload_unexplained',
  zh: '音像记录超过规定时间上传的，应当说明原因。',
  en: 'A recording that is uploaded late needs the reason.',
  basis: '内蒙古办法第20条、D02',
  field: 'lateReason',
  holds: (act) => act.command.lateReason !== undefined || !uploadedLate(act),
});

/** Every act that the table wants recorded has a recording of at least its level, or an accepted explanation. */
export const recordingsPresent = gate({
  id: 'recording_missing',
  zh: '有应当音像记录的环节没有音像记录，本环节不能关闭。',
  en: 'A step that must be recorded in sound and image has no recording.',
  basis: 'D02、行政处罚法第47条',
  holds: (act) =>
    act.state.toRecord.every((a) => {
      const need = needOf(act, a.step);
      if (!need || (need.methods && !need.methods.includes(a.method ?? ''))) return true;
      const least = recordingLevels.indexOf(need.level);
      return act.state.recordings.some(
        (r) => r.step === a.step && r.item === a.item && recordingLevels.indexOf(r.level) >= least,
      );
    }),
});

export const preservationNew = gate<{ preservationId: string }>({
  id: 'preservation_exists',
  zh: '该先行登记保存编号已存在。',
  en: 'There is a preservation of this id already.',
  basis: '行政处罚法第56条',
  field: 'preservationId',
  holds: ({ command, state }) => !state.preservations.some((p) => p.id === command.preservationId),
});

export const preservationPending = gate<{ preservationId: string }>({
  id: 'preservation_not_pending',
  zh: '没有待补办批准的先行登记保存。',
  en: 'No preservation of this id waits for approval.',
  basis: '市场监督管理行政处罚程序规定第33条',
  field: 'preservationId',
  holds: ({ command, state }) => state.preservations.some((p) => p.id === command.preservationId && !p.approved),
});

export const preservationOpen = gate<{ preservationId: string }>({
  id: 'preservation_not_open',
  zh: '没有该先行登记保存，或已处理。',
  en: 'There is no such preservation, or it has been disposed of.',
  basis: '行政处罚法第56条',
  field: 'preservationId',
  holds: ({ command, state }) => state.preservations.some((p) => p.id === command.preservationId && !p.disposed),
});

export const preservationLapsed = gate<{ preservationId: string; measure: string }>({
  id: 'preservation_lapsed',
  zh: '逾期未处理的，先行登记保存措施自动解除，只能解除。',
  en: 'The preservation has lapsed; what was preserved can only be released.',
  basis: '市场监督管理行政处罚程序规定第35条',
  field: 'measure',
  holds: ({ command, state, at }) => {
    const clock = state.clocks[`penalty.preservation/${command.preservationId}`];
    return command.measure === 'released' || !clock || at.occurredOn <= clock.dueOn;
  },
});

export const preservationsSettled = gate({
  id: 'preservation_unsettled',
  zh: '先行登记保存尚未批准或者尚未处理。',
  en: 'A preservation has not been approved or disposed of.',
  basis: '行政处罚法第56条',
  holds: ({ state }) => state.preservations.every((p) => p.approved && p.disposed),
});

/** The order of the four steps (C01): notice, guidance, rectification and its result. */
export const afterNotice = gate({
  id: 'prior_notice_missing',
  zh: '应当先行告知，再予指导。',
  en: 'Prior notice comes before guidance.',
  basis: 'C01',
  holds: ({ state }) => state.priorSteps.notice,
});

export const afterGuidance = gate({
  id: 'guidance_missing',
  zh: '应当先予指导服务，再责令改正。',
  en: 'Guidance comes before the order to rectify.',
  basis: 'C01',
  holds: ({ state }) => state.priorSteps.guidance,
});

export const afterOrder = gate({
  id: 'rectification_not_ordered',
  zh: '没有待复查的责令改正。',
  en: 'No order to rectify waits for its result.',
  basis: 'C01、行政处罚法第28条',
  holds: ({ state }) => state.priorSteps.ordered && !state.priorSteps.checked,
});

export const priorStepsDone = gate<{ outcome: string }>({
  id: 'prior_steps_missing',
  zh: '先行告知、指导服务、纠错整改未完成，又没有说明不适用的理由，不得处罚。',
  en: 'Notice, guidance and rectification are missing and no reason is given for leaving them out.',
  basis: 'C01',
  holds: ({ command, state: { priorSteps: p } }) =>
    command.outcome !== 'penalty' || p.skipped || (p.notice && p.guidance && p.ordered && p.checked),
});
