import type {
  ArticleReference,
  BenchmarkBand,
  BodyKind,
  CredentialKind,
  PowerClass,
} from '../../src/registry/registry-events';

/** An enforcement body with what the law makes public of it (A02). */
export interface BodyRow {
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

/** An officer: the six published fields (A06) and whether the credential stands. */
export interface OfficerRow {
  readonly id: string;
  /** 姓名 */
  readonly name: string;
  /** 单位 */
  readonly bodyId: string;
  readonly bodyName: string;
  /** 职务 */
  readonly post: string;
  readonly unit?: string;
  /** 证件编号 */
  readonly credentialNumber?: string;
  readonly credentialKind?: CredentialKind;
  /** 执法类别 */
  readonly category?: string;
  /** 执法区域 */
  readonly area?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly status: 'uncredentialled' | 'credentialled' | 'suspended' | 'revoked' | 'disqualified';
  readonly legalQualification: boolean;
}

/** A power item in its newest version (B03). */
export interface PowerRow {
  readonly code: string;
  readonly name: string;
  readonly powerClass: PowerClass;
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
  readonly version: number;
  readonly validFrom: string;
  readonly cancelledOn?: string;
}

/** A discretion benchmark in its newest version, with its five published items (F02). */
export interface BenchmarkRow {
  readonly id: string;
  readonly powerCode: string;
  readonly bodyId: string;
  readonly violation: string;
  readonly legalBasis: readonly ArticleReference[];
  readonly penaltyKinds: readonly string[];
  readonly unit: 'yuan' | 'multiple';
  readonly bands: readonly BenchmarkBand[];
  readonly version: number;
  readonly validFrom: string;
}
