import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, MaxLength } from 'class-validator';
import { Act, Day, Id, OneOf, Optional, Text } from '../kernel/fields';
import {
  CLOSINGS,
  codes,
  FINDING_RESULTS,
  INFORMED_OF,
  MEANS,
  MISCONDUCT,
  REFUSAL_GROUNDS,
  SOURCES,
  TOPICS,
} from './complaint-lists';

const misconductCodes = codes(MISCONDUCT);

/** 投诉举报. Anonymous: without a name; a way to reach the complainant may still be left. */
export class LodgeComplaint extends Act {
  @OneOf(codes(TOPICS)) topic!: string;
  @OneOf(codes(SOURCES)) source!: string;
  @Id() bodyId!: string;
  @Optional() @Id() caseId?: string;
  @Optional() @IsArray() @ArrayMaxSize(13) @ArrayUnique() @IsIn(misconductCodes, { each: true }) misconduct?: string[];
  @IsBoolean() anonymous!: boolean;
  @Text(5000) text!: string;
  @Optional() @Text(60) name?: string;
  @Optional() @Text(200) contact?: string;
}

export class AcceptComplaint extends Act {}

export class RefuseComplaint extends Act {
  @OneOf(codes(REFUSAL_GROUNDS)) ground!: string;
  @Text(2000) explanation!: string;
}

export class AssignComplaint extends Act {
  @Id() officerId!: string;
  @Text(100) unit!: string;
}

export class TransferComplaint extends Act {
  @Id() toBodyId!: string;
  @Text(2000) reason!: string;
}

export class ExtendComplaint extends Act {
  @Text(2000) reason!: string;
}

export class RecordComplaintFinding extends Act {
  @OneOf(FINDING_RESULTS) result!: string;
  @Text(5000) facts!: string;
  @IsArray() @ArrayMaxSize(13) @ArrayUnique() @IsIn(misconductCodes, { each: true }) misconduct!: string[];
  @IsArray() @ArrayMaxSize(20) @ArrayUnique() @MaxLength(100, { each: true }) officerIds!: string[];
}

export class AnswerComplaint extends Act {
  @Text(5000) answer!: string;
}

export class OrderComplaintRectification extends Act {
  @Text(2000) what!: string;
  @Day() dueOn!: string;
}

export class ConfirmComplaintRectification extends Act {
  @Text(2000) result!: string;
}

export class InformComplainant extends Act {
  @OneOf(INFORMED_OF) of!: string;
  @OneOf(codes(MEANS)) means!: string;
}

export class CloseComplaint extends Act {
  @OneOf(codes(CLOSINGS)) closing!: string;
}

export class ReopenComplaint extends Act {
  @Text(2000) reason!: string;
}

/** A summary written for the public: no names, no addresses. */
export class PublicizeComplaint extends Act {
  @Text(200) title!: string;
  @Text(3000) summary!: string;
}
