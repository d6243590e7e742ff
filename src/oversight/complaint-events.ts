import { EventType, Internal, Open, Personal } from '../kernel/event';
import type { LocalDate } from '../kernel/time';

// Codes are those of `complaint-lists.ts`. They are strings here because an event outlives the list it was taken from.

/** 投诉举报登记. The complainant's key is the complaint's own, so that one person's complaints cannot be linked by it. */
@EventType({ zh: '投诉举报已登记', en: 'Complaint lodged', basis: 'J01、J02' })
export class ComplaintLodged {
  @Open() topic!: string;
  @Open() source!: string;
  /** The enforcement body complained of. */
  @Open() bodyId!: string;
  @Internal() caseId?: string;
  @Internal() misconduct!: string[];
  @Open() anonymous!: boolean;
  @Internal() complainantId!: string;
  /** Whether a name or a way to reach the complainant was left: then the complainant must be told. */
  @Internal() reachable!: boolean;
  @Personal('complainant') text!: string;
  @Personal('complainant') name?: string;
  @Personal('complainant') contact?: string;
}

@EventType({ zh: '投诉举报已受理', en: 'Complaint accepted', basis: '市场监督管理投诉举报处理暂行办法第14条' })
export class ComplaintAccepted {
  @Open() acceptedOn!: LocalDate;
}

@EventType({ zh: '投诉举报不予受理', en: 'Complaint refused', basis: '市场监督管理投诉举报处理暂行办法第14、15条' })
export class ComplaintRefused {
  @Open() refusedOn!: LocalDate;
  /** A ground of `REFUSAL_GROUNDS`. */
  @Open() ground!: string;
  @Open() basis!: string;
  @Internal() explanation!: string;
}

/** 首问责任: the first owner stays `firstOwnerId` through every later assignment. */
@EventType({ zh: '投诉举报已分派', en: 'Complaint assigned', basis: 'C07、J03' })
export class ComplaintAssigned {
  @Internal() officerId!: string;
  @Open() unit!: string;
  @Internal() firstOwnerId!: string;
}

@EventType({ zh: '投诉举报已移送', en: 'Complaint transferred', basis: '市场监督管理投诉举报处理暂行办法第29、37条' })
export class ComplaintTransferred {
  @Open() toBodyId!: string;
  @Internal() reason!: string;
  @Open() basis!: string;
}

/** Stands beside the clock's own extension, which knows no reasons. */
@EventType({ zh: '办理期限已延长', en: 'Time to answer extended', basis: '信访工作条例第34条' })
export class ComplaintExtended {
  @Internal() reason!: string;
}

@EventType({ zh: '投诉举报查处情况已记录', en: 'Complaint finding recorded', basis: 'J03、C13' })
export class ComplaintFindingRecorded {
  /** `substantiated`, `partly` or `unsubstantiated`. */
  @Open() result!: string;
  @Internal() facts!: string;
  /** What was found, by the closed list of misconduct (C13); empty when nothing was. */
  @Open() misconduct!: string[];
  @Internal() officerIds!: string[];
}

@EventType({ zh: '投诉举报已答复', en: 'Complaint answered', basis: 'J03、J06' })
export class ComplaintAnswered {
  @Open() answeredOn!: LocalDate;
  @Internal() complainantId!: string;
  @Personal('complainant') answer!: string;
}

@EventType({ zh: '已责令整改', en: 'Rectification ordered on a complaint', basis: 'J03' })
export class ComplaintRectificationOrdered {
  @Open() what!: string;
  @Open() dueOn!: LocalDate;
}

@EventType({ zh: '整改已核实', en: 'Rectification on a complaint confirmed', basis: 'J03' })
export class ComplaintRectificationConfirmed {
  @Open() confirmedOn!: LocalDate;
  @Internal() result!: string;
}

@EventType({
  zh: '已告知投诉举报人',
  en: 'Complainant informed',
  basis: 'J03、市场监督管理投诉举报处理暂行办法第14、31条',
})
export class ComplainantInformed {
  /** What was told: `acceptance`, `refusal`, `transfer` or `answer`. */
  @Open() of!: string;
  @Open() informedOn!: LocalDate;
  @Open() means!: string;
}

@EventType({ zh: '投诉举报已办结', en: 'Complaint closed', basis: 'J03、J06' })
export class ComplaintClosed {
  @Open() closing!: string;
}

@EventType({ zh: '投诉举报重新办理', en: 'Complaint reopened', basis: 'J03' })
export class ComplaintReopened {
  @Internal() reason!: string;
}

/** 典型案例公布: a summary written to be public. */
@EventType({ zh: '典型案例已公布', en: 'Complaint publicised as a typical case', basis: 'J03' })
export class ComplaintPublicized {
  @Open() title!: string;
  @Open() summary!: string;
}
