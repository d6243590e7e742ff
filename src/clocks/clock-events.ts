import { EventType, Internal, Open } from '../kernel/event';

/**
 * Legal clocks (法定期限) as events, of every capability: recorded in the same append as the act that starts or stops them,
 * so that whoever reads the ledger needs no calendar. A clock is known within its stream by `clock` and `item`.
 */
@EventType({ zh: '期限起算', en: 'Clock started', basis: '行政处罚法第85条' })
export class ClockStarted {
  /** Id of the law's parameter, such as `penalty.decision`. */
  @Open() clock!: string;
  /** What it counts for when a stream can have several at once, such as a preservation's id; empty otherwise. */
  @Open() item!: string;
  @Open() zh!: string;
  @Open() en!: string;
  /** Dates in China, YYYY-MM-DD. The last lawful day is `dueOn` itself. */
  @Open() startedOn!: string;
  @Open() dueOn!: string;
  @Open() days!: number;
  /** `working` or `calendar`. */
  @Open() dayKind!: string;
  @Open() basis!: string;
  /** True when the due date lies beyond the last announced holiday calendar. */
  @Open() provisional!: boolean;
  @Open() bodyId!: string;
  /** The post that answers for it (承办岗位), such as `officer`. */
  @Open() responsiblePost!: string;
  /** The officers who answer for it; empty when the body as a whole does, or the other side. */
  @Open() responsibleOfficers!: string[];
  /** True when it binds the party (such as payment) and not the body: missing it is no fault of the body's. */
  @Open() bindsParty!: boolean;
}

@EventType({ zh: '期限终止', en: 'Clock stopped', basis: '行政处罚法第85条' })
export class ClockStopped {
  @Open() clock!: string;
  @Open() item!: string;
  @Open() stoppedOn!: string;
  /** True when the act came on or before the due date. */
  @Open() inTime!: boolean;
}

@EventType({ zh: '期限中止', en: 'Clock suspended', basis: '市场监督管理行政处罚程序规定第64条' })
export class ClockSuspended {
  @Open() clock!: string;
  @Open() item!: string;
  @Open() suspendedOn!: string;
  /** `suspension`, `hearing`, `announcement`, `testing` or `remedy`. */
  @Open() ground!: string;
  @Open() basis!: string;
}

@EventType({ zh: '期限恢复', en: 'Clock resumed', basis: '市场监督管理行政处罚程序规定第64条' })
export class ClockResumed {
  @Open() clock!: string;
  @Open() item!: string;
  @Open() resumedOn!: string;
  /** Days left to run from the day it was resumed. */
  @Open() days!: number;
  /** Calendar days that do not count. */
  @Open() excludedDays!: number;
  @Open() dueOn!: string;
  @Open() provisional!: boolean;
}

@EventType({ zh: '期限延长', en: 'Clock extended', basis: '市场监督管理行政处罚程序规定第64条' })
export class ClockExtended {
  @Open() clock!: string;
  @Open() item!: string;
  @Open() days!: number;
  @Open() dayKind!: string;
  @Open() dueOn!: string;
  @Open() basis!: string;
  @Open() provisional!: boolean;
}

/** Recorded by the program itself once the due date has passed with the clock still running. */
@EventType({ zh: '逾期', en: 'Clock missed', basis: 'L01' })
export class ClockMissed {
  @Open() clock!: string;
  @Open() item!: string;
  @Open() zh!: string;
  @Open() en!: string;
  @Open() dueOn!: string;
  @Internal() noticedOn!: string;
  @Open() basis!: string;
  @Open() bodyId!: string;
  @Open() responsiblePost!: string;
  @Open() responsibleOfficers!: string[];
  @Open() bindsParty!: boolean;
}

export const clockEvents = [ClockStarted, ClockStopped, ClockSuspended, ClockResumed, ClockExtended, ClockMissed];
