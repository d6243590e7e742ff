import type { RecordedEvent } from '../kernel/event';
import { dateInChina, type LocalDate } from '../kernel/time';
import type { ContentsEntry } from './penalty-types';

/** One document of a case file, before the file is put in order. */
export interface FileDocument {
  readonly volume: 'main' | 'supplementary';
  /** Its place in the order of 市场监督管理行政处罚程序规定 78. */
  readonly section: number;
  readonly zh: string;
  readonly en: string;
  readonly on: LocalDate;
  readonly pages: number;
  readonly revision: number;
}

type Place = readonly [volume: FileDocument['volume'], section: number, zh: string, en: string];

/**
 * Where each act's document stands in the file. Main volume 正卷: filing 1, decision and its service 2, other documents to the
 * party 3, evidence 4, hearing record 5, receipts 6, others 7; supplementary volume 副卷: source 1, report 2, review 3,
 * hearing report 4, closing 5, others 6 (市场监督管理行政处罚程序规定 78).
 */
const places: Readonly<Record<string, Place>> = {
  ClueRecorded: ['supplementary', 1, '案源登记表', 'Source of the case'],
  LateEntryExplained: ['supplementary', 6, '事后补录说明', 'Explanation of a late entry'],
  FilingCheckExtended: ['supplementary', 1, '延长核查期限审批表', 'Extension of the check'],
  FilingDeclined: ['supplementary', 1, '不予立案审批表', 'Approval not to file'],
  CaseFiled: ['main', 1, '立案审批表', 'Approval of filing'],
  OfficersAssigned: ['supplementary', 6, '办案人员指派表', 'Assignment of officers'],
  OfficerRecused: ['supplementary', 6, '回避决定', 'Recusal'],
  RecusalRefused: ['supplementary', 6, '驳回回避申请决定', 'Refusal of recusal'],
  PriorNoticeGiven: ['main', 3, '先行告知书', 'Prior notice'],
  GuidanceGiven: ['main', 3, '指导服务记录', 'Record of guidance'],
  RectificationOrdered: ['main', 3, '责令改正通知书', 'Order to rectify'],
  RectificationChecked: ['main', 4, '整改复查记录', 'Record of rectification'],
  PriorStepsSkipped: ['supplementary', 6, '不适用前置步骤说明', 'Why prior steps were skipped'],
  InquiryMade: ['main', 4, '询问笔录', 'Record of inquiry'],
  InspectionMade: ['main', 4, '现场笔录', 'Record of inspection'],
  EvidenceCollected: ['main', 4, '证据材料', 'Evidence'],
  EvidenceExcluded: ['supplementary', 6, '排除证据说明', 'Exclusion of evidence'],
  RecordingAttached: ['main', 4, '音像记录清单', 'List of recordings'],
  MissingRecordingExplained: ['supplementary', 6, '未能音像记录说明', 'Explanation of a missing recording'],
  EvidencePreserved: ['main', 3, '先行登记保存证据通知书及清单', 'Preservation notice and list'],
  PreservationApproved: ['supplementary', 6, '先行登记保存审批表', 'Approval of preservation'],
  PreservationDisposed: ['main', 3, '先行登记保存证据处理通知书', 'Disposal of preserved evidence'],
  CaseTimeSuspended: ['supplementary', 6, '中止审批表', 'Approval of suspension'],
  DecisionTimeExtended: ['supplementary', 6, '延期审批表', 'Approval of extension'],
  InvestigationConcluded: ['supplementary', 2, '调查终结报告', 'Report of the investigation'],
  InvestigationReopened: ['supplementary', 6, '补充调查意见', 'Further investigation'],
  InvestigationEnded: ['supplementary', 6, '终止调查审批表', 'Approval to end the investigation'],
  ReviewOpinionIssued: ['supplementary', 3, '法制审核意见书', 'Opinion of the legal review'],
  DisagreementEscalated: ['supplementary', 3, '审核意见分歧提请协调', 'Disagreement on the review'],
  DisagreementSettled: ['supplementary', 3, '审核意见分歧处理', 'Settlement of the disagreement'],
  RightsNoticeServed: ['main', 3, '行政处罚告知书及送达回证', 'Rights notice and receipt'],
  StatementHeard: ['main', 7, '陈述申辩笔录', 'Statement and defence'],
  StatementAnswered: ['main', 7, '陈述申辩复核意见', 'Answer to the defence'],
  StatementWaived: ['main', 7, '放弃陈述申辩声明', 'Waiver of the defence'],
  HearingRequested: ['main', 7, '听证申请', 'Request for a hearing'],
  HearingNoticed: ['main', 3, '听证通知书及送达回证', 'Hearing notice and receipt'],
  HearingHeld: ['main', 5, '听证笔录', 'Record of the hearing'],
  HearingWithdrawn: ['main', 5, '听证终止记录', 'End of the hearing'],
  CollectiveDiscussionHeld: ['supplementary', 6, '集体讨论记录', 'Record of the collective discussion'],
  PenaltyDecided: ['main', 2, '行政处罚决定书', 'Decision'],
  CaseTransferred: ['main', 7, '案件移送函', 'Letter of transfer'],
  DecisionServed: ['main', 2, '行政处罚决定书送达回证', 'Receipt of service'],
  DecisionCorrected: ['main', 2, '决定书更正通知', 'Correction of the decision'],
  DecisionAmended: ['main', 2, '变更行政处罚决定书', 'Amendment of the decision'],
  DecisionRevoked: ['main', 2, '撤销行政处罚决定书', 'Revocation of the decision'],
  FinePaid: ['main', 6, '罚款缴纳票据', 'Receipt of payment'],
  FineCollectedOnTheSpot: ['main', 6, '当场收缴罚款票据', 'Receipt of collection'],
  CollectedFineHandedOver: ['main', 6, '收缴款交付凭证', 'Voucher of the hand-over'],
  PaymentDeferred: ['main', 3, '延期缴纳罚款批准书', 'Approval of deferral'],
  InstalmentsApproved: ['main', 3, '分期缴纳罚款批准书', 'Approval of instalments'],
  LateSurchargeAssessed: ['main', 3, '加处罚款决定书', 'Surcharge'],
  PerformanceDemanded: ['main', 3, '催告书及送达回证', 'Demand and receipt'],
  RemedySought: ['main', 7, '复议诉讼材料', 'Application for a remedy'],
  RemedyEnded: ['main', 7, '复议诉讼文书', 'Outcome of the remedy'],
  CourtEnforcementApplied: ['main', 7, '强制执行申请书', 'Application to the court'],
  OnTheSpotReported: ['supplementary', 6, '当场处罚备案表', 'Report of the on-the-spot penalty'],
  CaseClosed: ['supplementary', 5, '结案审批表', 'Approval of closing'],
};

/** The documents that an event leaves in the file; none for events that are no document (stages, clocks). */
export function documentsOf(event: RecordedEvent): FileDocument[] {
  const place = places[event.type];
  if (!place) return [];
  const { pages } = event.data;
  const [volume, section, zh, en] = place;
  const document: FileDocument = {
    volume,
    section,
    zh,
    en,
    on: dateInChina(event.metadata.occurredAt),
    pages: typeof pages === 'number' ? pages : 1,
    revision: event.revision,
  };
  if (event.type !== 'HearingHeld') return [document];
  const report: Place = ['supplementary', 4, '听证报告', 'Report of the hearing'];
  return [document, { ...document, volume: report[0], section: report[1], zh: report[2], en: report[3], pages: 1 }];
}

/** The generated table of contents 卷内目录 (G02): each volume in the legal order, then as it happened, pages counted through. */
export function tableOfContents(documents: readonly FileDocument[]): ContentsEntry[] {
  return (['main', 'supplementary'] as const).flatMap((volume) => {
    let page = 1;
    return documents
      .filter((d) => d.volume === volume)
      .sort((a, b) => a.section - b.section || a.revision - b.revision)
      .map((d, i) => {
        const fromPage = page;
        page += d.pages;
        const { zh, en, on, revision } = d;
        return { volume, number: i + 1, zh, en, on, fromPage, toPage: page - 1, revision };
      });
  });
}
