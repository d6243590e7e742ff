import {
  BenchmarkPublished,
  BenchmarkReplaced,
  BodyAnnounced,
  BodyCertificateIssued,
  BodyCertificateReinstated,
  BodyCertificateRevoked,
  BodyCertificateSuspended,
  BodyDetailsChanged,
  BodyRegistered,
  BodyRemoved,
  CredentialIssued,
  CredentialReinstated,
  CredentialRevoked,
  CredentialSuspended,
  LegalQualificationGranted,
  OfficerDisqualified,
  OfficerReassigned,
  OfficerRegistered,
  PowerAmended,
  PowerCancelled,
  PowerListed,
  PowerTransferred,
} from '../../src/registry/registry-events';
import { change, foldBy, idOf, on } from '../fold';
import type { Projection, Rows } from '../projection';
import type { BenchmarkRow, BodyRow, OfficerRow, PowerRow } from './rows';

const bodyName = (rows: Rows, id: string): string => rows.get<BodyRow>('body', id)?.name ?? id;

const count = (rows: Rows, bodyId: string, what: 'officers' | 'reviewers', by: 1 | -1): void =>
  change<BodyRow>(rows, 'body', bodyId, (b) => ({ ...b, [what]: b[what] + by }));

/** What the law makes public before any act: bodies, officers, powers and benchmarks (事前公开, I02). */
export const registers: Projection = {
  name: 'registers',
  version: 1,
  tables: {
    body: {
      columns: { status: (r: BodyRow) => r.status, kind: (r: BodyRow) => r.kind, name: (r: BodyRow) => r.name },
      search: (r: BodyRow) => `${r.name} ${r.shortName ?? ''} ${r.uscc}`,
    },
    officer: {
      columns: {
        body: (r: OfficerRow) => r.bodyId,
        status: (r: OfficerRow) => r.status,
        credential: (r: OfficerRow) => r.credentialNumber ?? null,
      },
      search: (r: OfficerRow) =>
        `${r.name} ${r.bodyName} ${r.credentialNumber ?? ''} ${r.category ?? ''} ${r.area ?? ''}`,
    },
    power: {
      columns: {
        body: (r: PowerRow) => r.bodyId,
        class: (r: PowerRow) => r.powerClass,
        cancelled: (r: PowerRow) => (r.cancelledOn ? 1 : 0),
      },
      search: (r: PowerRow) => `${r.code} ${r.name} ${r.bodyName}`,
    },
    benchmark: { columns: { power: (r: BenchmarkRow) => r.powerCode, body: (r: BenchmarkRow) => r.bodyId } },
  },
  apply: foldBy(
    on(BodyRegistered, (rows, d, e) => {
      const { entrustment: _, ...details } = d;
      rows.put<BodyRow>('body', idOf(e), { ...details, id: idOf(e), status: 'registered', officers: 0, reviewers: 0 });
    }),
    on(BodyDetailsChanged, (rows, { changedOn: _, ...changed }, e) =>
      change<BodyRow>(rows, 'body', idOf(e), (b) => ({ ...b, ...changed })),
    ),
    on(BodyAnnounced, (rows, d, e) =>
      change<BodyRow>(rows, 'body', idOf(e), (b) => ({ ...b, status: 'announced', announcedOn: d.announcedOn })),
    ),
    on(BodyRemoved, (rows, d, e) =>
      change<BodyRow>(rows, 'body', idOf(e), (b) => ({ ...b, status: 'removed', removedOn: d.removedOn })),
    ),
    on(BodyCertificateIssued, (rows, d, e) =>
      change<BodyRow>(rows, 'body', idOf(e), (b) => ({ ...b, certificateNumber: d.number })),
    ),
    on(BodyCertificateSuspended, (rows, _, e) =>
      change<BodyRow>(rows, 'body', idOf(e), (b) => ({ ...b, status: 'suspended' })),
    ),
    on(BodyCertificateReinstated, (rows, _, e) =>
      change<BodyRow>(rows, 'body', idOf(e), (b) => ({ ...b, status: b.announcedOn ? 'announced' : 'registered' })),
    ),
    on(BodyCertificateRevoked, (rows, _, e) =>
      change<BodyRow>(rows, 'body', idOf(e), (b) => ({ ...b, status: 'suspended', certificateNumber: undefined })),
    ),

    on(OfficerRegistered, (rows, { employment: _, ...d }, e) => {
      rows.put<OfficerRow>('officer', idOf(e), {
        ...d,
        id: idOf(e),
        bodyName: bodyName(rows, d.bodyId),
        status: 'uncredentialled',
        legalQualification: false,
      });
    }),
    on(OfficerReassigned, (rows, d, e) => {
      const before = rows.get<OfficerRow>('officer', idOf(e));
      if (!before) return;
      if (before.status === 'credentialled') {
        count(rows, before.bodyId, 'officers', -1);
        count(rows, d.bodyId, 'officers', 1);
      }
      if (before.legalQualification) {
        count(rows, before.bodyId, 'reviewers', -1);
        count(rows, d.bodyId, 'reviewers', 1);
      }
      rows.put<OfficerRow>('officer', idOf(e), {
        ...before,
        bodyId: d.bodyId,
        bodyName: bodyName(rows, d.bodyId),
        post: d.post,
        unit: d.unit,
      });
    }),
    on(CredentialIssued, (rows, d, e) =>
      credential(rows, idOf(e), 'credentialled', {
        credentialNumber: d.number,
        credentialKind: d.kind,
        category: d.category,
        area: d.area,
        validFrom: d.validFrom,
        validUntil: d.validUntil,
      }),
    ),
    on(CredentialSuspended, (rows, _, e) => credential(rows, idOf(e), 'suspended')),
    on(CredentialReinstated, (rows, _, e) => credential(rows, idOf(e), 'credentialled')),
    on(CredentialRevoked, (rows, _, e) => credential(rows, idOf(e), 'revoked')),
    on(OfficerDisqualified, (rows, _, e) => credential(rows, idOf(e), 'disqualified')),
    on(LegalQualificationGranted, (rows, _, e) => {
      const officer = rows.get<OfficerRow>('officer', idOf(e));
      if (!officer || officer.legalQualification) return;
      rows.put<OfficerRow>('officer', idOf(e), { ...officer, legalQualification: true });
      count(rows, officer.bodyId, 'reviewers', 1);
    }),

    on(PowerListed, (rows, d, e) =>
      rows.put<PowerRow>('power', idOf(e), { ...d, bodyName: bodyName(rows, d.bodyId), version: 1 }),
    ),
    on(PowerAmended, (rows, { reason: _, ...d }, e) =>
      change<PowerRow>(rows, 'power', idOf(e), (p) => ({ ...p, ...d })),
    ),
    on(PowerTransferred, (rows, d, e) =>
      change<PowerRow>(rows, 'power', idOf(e), (p) => ({
        ...p,
        bodyId: d.bodyId,
        bodyName: bodyName(rows, d.bodyId),
        office: d.office,
      })),
    ),
    on(PowerCancelled, (rows, d, e) =>
      change<PowerRow>(rows, 'power', idOf(e), (p) => ({ ...p, cancelledOn: d.cancelledOn })),
    ),

    on(BenchmarkPublished, (rows, d, e) => rows.put<BenchmarkRow>('benchmark', idOf(e), { ...d, id: idOf(e) })),
    on(BenchmarkReplaced, (rows, { reason: _, ...d }, e) =>
      change<BenchmarkRow>(rows, 'benchmark', idOf(e), (b) => ({ ...b, ...d })),
    ),
  ),
};

/** Sets an officer's standing, and keeps the body's number of credentialled officers (A08) right. */
function credential(rows: Rows, id: string, status: OfficerRow['status'], fields: Partial<OfficerRow> = {}): void {
  const officer = rows.get<OfficerRow>('officer', id);
  if (!officer) return;
  const was = officer.status === 'credentialled' ? 1 : 0;
  const is = status === 'credentialled' ? 1 : 0;
  rows.put<OfficerRow>('officer', id, { ...officer, ...fields, status });
  if (was !== is) count(rows, officer.bodyId, 'officers', is ? 1 : -1);
}
