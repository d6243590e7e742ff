import { IsBoolean } from 'class-validator';
import { Day, Id, OneOf, Optional, Text, Texts, Whole } from '../kernel/fields';
import { CaseAct, Ids } from './case-fields';
import { partyKinds, type PartyKind } from './penalty-types';

/** Where a clue came from: the seven ways of J02, and inspection, transfer and a superior's order (市场监管程序规定 18). */
export const clueSources = [
  'report',
  'visit_received',
  'opinion_form',
  'enterprise_meeting',
  'field_visit',
  'file_spot_check',
  'covert_inspection',
  'inspection',
  'transfer',
  'superior',
] as const;

export const decliningGrounds = [
  'minor_corrected',
  'first_minor_corrected',
  'no_fault',
  'no_jurisdiction',
  'no_facts',
  'other_lawful',
] as const;

export class RecordClue extends CaseAct {
  @Id() bodyId!: string;
  @OneOf(clueSources) source!: string;
  @Optional() @Text(200) sourceReference?: string;
  @Text(200) topic!: string;
  @Text(4000) summary!: string;
}

export class ExtendFilingCheck extends CaseAct {
  @Text(1000) reason!: string;
}

export class DeclineFiling extends CaseAct {
  @OneOf(decliningGrounds) ground!: string;
  @Text(2000) reason!: string;
}

/** The party 当事人. */
export abstract class PartyFields extends CaseAct {
  @Id() partyId!: string;
  @OneOf(partyKinds) partyKind!: PartyKind;
  @Text(200) partyName!: string;
  /** ID card, or another document, of a natural person; unified social credit code of anybody else. */
  @Optional() @Text(40) partyIdentifier?: string;
  @Optional() @Text(100) legalRepresentative?: string;
  @Optional() @Text(300) address?: string;
  @Optional() @Text(40) phone?: string;
  /** Of a natural person: those under the age of responsibility are not punished (行政处罚法 30). */
  @Optional() @Day() birthDate?: string;
  /** Earlier penalties of this party for the like (F03). */
  @Whole(0, 1000) priorOffences!: number;
}

export class FileCase extends PartyFields {
  @Text(100) caseNumber!: string;
  @Id() powerCode!: string;
  @Text(300) cause!: string;
  @Texts(30, 200) legalBasis!: string[];
  @Ids(20) officers!: string[];
  @Day() violationEndedOn!: string;
  @IsBoolean() graveHarm!: boolean;
}

export class AssignOfficers extends CaseAct {
  @Ids(20) officers!: string[];
  @Text(500) reason!: string;
}

export class RecuseOfficer extends CaseAct {
  @Id() officerId!: string;
  @OneOf(['own_motion', 'party']) requestedBy!: string;
  @IsBoolean() granted!: boolean;
  @Text(1000) reason!: string;
}

export class ShowCredential extends CaseAct {
  @Ids(20) officers!: string[];
  @OneOf(['party', 'other']) shownTo!: string;
  @Text(300) place!: string;
}
