import type {
  ArticleReference,
  BenchmarkBand,
  BodyKind,
  CredentialKind,
  PowerClass,
} from '../../src/registry/registry-events';
import type { RevisedRow } from '../fold';

/** An enforcement body with what the law makes public of it (A02). */
export interface BodyRow extends RevisedRow {
  readonly id: string;
  readonly name: string;
  readonly shortName?: string;
  readonly kind: BodyKind;
  readonly region: string;
  readonly uscc: string;
  readonly legalRepresentative: string;
  readonly legalBasis: readonly string[];
  readonly officeAddress: string;
  readonly supervisionPhone: string;
  readonly supervisionEmail: string;
  readonly status: 'registered' | 'announced' | 'suspended' | 'removed';
  readonly announcedOn?: string;
  readonly removedOn?: string;
  readonly certificateNumber?: string;
  readonly officers: number;
  readonly reviewers: number;
}

/** One credential (执法证) of an officer. */
export interface CredentialRow {
  readonly number: string;
  readonly kind: CredentialKind;
  /** 执法类别 */
  readonly category: string;
  /** 执法区域 */
  readonly area: string;
  readonly validFrom: string;
  readonly validUntil: string;
  /** The body it was issued for; it does not stand for another. */
  readonly bodyId: string;
  readonly standing: 'credentialled' | 'suspended' | 'revoked';
}

/** An officer: the six published fields (A06) and whether the credential stands. */
export interface OfficerRow extends RevisedRow {
  readonly id: string;
  /** 姓名 */
  readonly name: string;
  /** 单位 */
  readonly bodyId: string;
  readonly bodyName: string;
  /** 职务 */
  readonly post: string;
  readonly unit?: string;
  /** Of the credential for the body now served in: 证件编号, 执法类别, 执法区域 and its term. */
  readonly credentialNumber?: string;
  readonly credentialKind?: CredentialKind;
  readonly category?: string;
  readonly area?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  /** `off_duty`: stood down or in retraining (L04, A07); `removed` from enforcement (A07); `disqualified` (A05). */
  readonly status: CredentialRow['standing'] | 'uncredentialled' | 'off_duty' | 'removed' | 'disqualified';
  readonly credentials: readonly CredentialRow[];
  readonly bars: readonly Bar[];
  readonly legalQualification: boolean;
}

export type Bar = 'stand_down' | 'retraining' | 'removed' | 'disqualified';

/** A power item as one of its versions has it (B03, B09). */
export interface PowerVersionRow {
  readonly version: number;
  readonly validFrom: string;
  readonly name: string;
  readonly legalBasis: readonly ArticleReference[];
  readonly bodyId: string;
  readonly bodyName: string;
  readonly office: string;
  readonly disclosureForm: string;
  readonly disclosureScope: string;
  readonly disclosureTime: string;
  readonly fee?: string;
  readonly statutoryDays?: number;
  readonly promisedDays?: number;
}

/** A power item (B03) as it was in force when its last event was recorded; `inForceOn` gives it on another day. */
export interface PowerRow extends PowerVersionRow, RevisedRow {
  readonly code: string;
  readonly powerClass: PowerClass;
  /** The first day it is no longer in force; may lie ahead. */
  readonly cancelledOn?: string;
  /** Oldest first. */
  readonly versions: readonly PowerVersionRow[];
}

/** A discretion benchmark as one of its versions has it, with its five published items (F02). */
export interface BenchmarkVersionRow {
  readonly version: number;
  readonly validFrom: string;
  readonly violation: string;
  readonly legalBasis: readonly ArticleReference[];
  readonly penaltyKinds: readonly string[];
  readonly unit: 'yuan' | 'multiple';
  readonly bands: readonly BenchmarkBand[];
}

/** A discretion benchmark as it was in force when its last event was recorded; `inForceOn` gives it on another day. */
export interface BenchmarkRow extends BenchmarkVersionRow, RevisedRow {
  readonly id: string;
  readonly powerCode: string;
  readonly bodyId: string;
  /** Oldest first. */
  readonly versions: readonly BenchmarkVersionRow[];
}

/**
 * The row with the version in force on a day (`YYYY-MM-DD` in China): a version may be recorded before the day it begins. Before
 * the first version begins it is the first.
 */
export function inForceOn<T extends { readonly versions: ReadonlyArray<{ readonly validFrom: string }> }>(
  row: T,
  on: string,
): T {
  // What only another version has, such as a fee, is not left standing.
  const none = Object.fromEntries(row.versions.flatMap((v) => Object.keys(v)).map((field) => [field, undefined]));
  return { ...row, ...none, ...(row.versions.findLast((v) => v.validFrom <= on) ?? row.versions[0]) };
}
