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
  OfficerReturnedToDuty,
  OfficerStoodDown,
  PowerAmended,
  PowerCancelled,
  PowerListed,
  PowerTransferred,
  RemovedFromPost,
  SentForRetraining,
} from '../../src/registry/registry-events';
import type { RecordedEvent } from '../../src/kernel/event';
import { dateInChina } from '../../src/kernel/time';
import { change, foldWithRevision, idOf, on } from '../fold';
import type { Projection, Rows } from '../projection';
import {
  inForceOn,
  type Bar,
  type BenchmarkRow,
  type BenchmarkVersionRow,
  type BodyRow,
  type CredentialRow,
  type OfficerRow,
  type PowerRow,
  type PowerVersionRow,
} from './rows';

/** What the law makes public before any act: bodies, officers, powers and benchmarks (事前公开, I02). */
export const registers: Projection = {
  name: 'registers',
  version: 2,
  tables: {
    body: {
      columns: {
        public: (r: BodyRow) => (r.status === 'registered' ? 0 : 1),
        status: (r: BodyRow) => r.status,
        kind: (r: BodyRow) => r.kind,
        name: (r: BodyRow) => r.name,
      },
      numbers: ['public'],
      search: (r: BodyRow) => `${r.name} ${r.shortName ?? ''} ${r.uscc}`,
    },
    officer: {
      columns: {
        body: (r: OfficerRow) => r.bodyId,
        status: (r: OfficerRow) => r.status,
        credential: (r: OfficerRow) => r.credentialNumber ?? null,
        until: (r: OfficerRow) => r.validUntil ?? null,
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
      numbers: ['cancelled'],
      search: (r: PowerRow) => `${r.code} ${r.name} ${r.bodyName}`,
    },
    benchmark: { columns: { power: (r: BenchmarkRow) => r.powerCode, body: (r: BenchmarkRow) => r.bodyId } },
    bearers: {},
  },
  apply: foldWithRevision(
    { body: 'body', officer: 'officer', power: 'power', benchmark: 'benchmark' },
    on(BodyRegistered, (rows, d, e) => {
      const { entrustment: _, ...details } = d;
      rows.put<BodyRow>('body', idOf(e), { ...details, id: idOf(e), status: 'registered', officers: 0, reviewers: 0 });
    }),
    on(BodyDetailsChanged, (rows, { changedOn: _, ...changed }, e) => {
      change<BodyRow>(rows, 'body', idOf(e), (b) => ({ ...b, ...changed }));
      if (changed.name) rename(rows, idOf(e), changed.name);
    }),
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

    on(OfficerRegistered, (rows, { employment: _, ...d }, e) =>
      putOfficer(rows, undefined, {
        ...d,
        id: idOf(e),
        bodyName: bodyName(rows, d.bodyId, { officer: idOf(e) }),
        status: 'uncredentialled',
        credentials: [],
        bars: [],
        legalQualification: false,
      }),
    ),
    on(OfficerReassigned, (rows, d, e) =>
      officer(rows, e, () => ({
        bodyId: d.bodyId,
        bodyName: bodyName(rows, d.bodyId, { officer: idOf(e) }),
        post: d.post,
        unit: d.unit,
      })),
    ),
    on(CredentialIssued, (rows, { issuedBy: _, ...d }, e) =>
      officer(rows, e, (o) => ({
        credentials: [...o.credentials, { ...d, bodyId: o.bodyId, standing: 'credentialled' }],
      })),
    ),
    on(CredentialSuspended, (rows, d, e) => officer(rows, e, (o) => standing(o, d.number, 'suspended'))),
    on(CredentialReinstated, (rows, d, e) => officer(rows, e, (o) => standing(o, d.number, 'credentialled'))),
    on(CredentialRevoked, (rows, d, e) => officer(rows, e, (o) => standing(o, d.number, 'revoked'))),
    on(OfficerStoodDown, (rows, _, e) => officer(rows, e, (o) => barred(o, 'stand_down'))),
    on(SentForRetraining, (rows, _, e) => officer(rows, e, (o) => barred(o, 'retraining'))),
    on(RemovedFromPost, (rows, _, e) => officer(rows, e, (o) => barred(o, 'removed'))),
    on(OfficerDisqualified, (rows, _, e) => officer(rows, e, (o) => barred(o, 'disqualified'))),
    on(OfficerReturnedToDuty, (rows, d, e) => officer(rows, e, (o) => ({ bars: o.bars.filter((b) => b !== d.after) }))),
    on(LegalQualificationGranted, (rows, _, e) => officer(rows, e, () => ({ legalQualification: true }))),

    on(PowerListed, (rows, { code, powerClass, ...d }, e) => {
      const first = { ...d, bodyName: bodyName(rows, d.bodyId, { power: idOf(e) }), version: 1 };
      rows.put<PowerRow>('power', idOf(e), { ...first, code, powerClass, versions: [first] });
    }),
    on(PowerAmended, (rows, { reason: _, ...d }, e) => powerVersion(rows, e, d)),
    on(PowerTransferred, (rows, { reason: _, ...d }, e) =>
      powerVersion(rows, e, { ...d, bodyName: bodyName(rows, d.bodyId, { power: idOf(e) }) }),
    ),
    on(PowerCancelled, (rows, d, e) =>
      change<PowerRow>(rows, 'power', idOf(e), (p) => ({ ...p, cancelledOn: d.cancelledOn })),
    ),

    on(BenchmarkPublished, (rows, { powerCode, bodyId, ...first }, e) =>
      rows.put<BenchmarkRow>('benchmark', idOf(e), { ...first, powerCode, bodyId, id: idOf(e), versions: [first] }),
    ),
    on(BenchmarkReplaced, (rows, { reason: _, ...next }, e) =>
      change<BenchmarkRow>(rows, 'benchmark', idOf(e), (b) => versioned<BenchmarkVersionRow, BenchmarkRow>(b, next, e)),
    ),
  ),
};

/** Whose rows bear a body's name. */
interface BearersRow {
  readonly officers: readonly string[];
  readonly powers: readonly string[];
}

/** The body's name for the row of an officer or a power, which is noted so that it follows a change of name. */
function bodyName(rows: Rows, bodyId: string, bearer: { officer?: string; power?: string }): string {
  const { officers, powers } = rows.get<BearersRow>('bearers', bodyId) ?? { officers: [], powers: [] };
  rows.put<BearersRow>('bearers', bodyId, {
    officers: [...new Set([...officers, ...(bearer.officer ? [bearer.officer] : [])])],
    powers: [...new Set([...powers, ...(bearer.power ? [bearer.power] : [])])],
  });
  return rows.get<BodyRow>('body', bodyId)?.name ?? bodyId;
}

function rename(rows: Rows, bodyId: string, name: string): void {
  const named = <T extends { readonly bodyId: string }>(row: T): T =>
    row.bodyId === bodyId ? { ...row, bodyName: name } : row;
  const { officers, powers } = rows.get<BearersRow>('bearers', bodyId) ?? { officers: [], powers: [] };
  for (const id of officers) change<OfficerRow>(rows, 'officer', id, named);
  for (const id of powers) {
    change<PowerRow>(rows, 'power', id, (p) => ({ ...named(p), versions: p.versions.map(named) }));
  }
}

/** Changes an officer, and with it the credential that is shown. */
function officer(rows: Rows, e: RecordedEvent, next: (o: Readonly<OfficerRow>) => Partial<OfficerRow>): void {
  const before = rows.get<OfficerRow>('officer', idOf(e));
  if (before) putOfficer(rows, before, shown({ ...before, ...next(before) }));
}

/** Keeps each body's numbers of credentialled officers and of reviewers with legal qualification (A08) right. */
function putOfficer(rows: Rows, before: Readonly<OfficerRow> | undefined, after: OfficerRow): void {
  if (before) count(rows, before, -1);
  count(rows, after, 1);
  rows.put<OfficerRow>('officer', after.id, after);
}

function count(rows: Rows, { bodyId, status, legalQualification }: OfficerRow, by: 1 | -1): void {
  const officers = status === 'credentialled' ? by : 0;
  const reviewers = legalQualification && status !== 'removed' && status !== 'disqualified' ? by : 0;
  if (officers === 0 && reviewers === 0) return;
  change<BodyRow>(rows, 'body', bodyId, (b) => ({
    ...b,
    officers: b.officers + officers,
    reviewers: b.reviewers + reviewers,
  }));
}

const standing = (o: OfficerRow, number: string, next: CredentialRow['standing']): Partial<OfficerRow> => ({
  credentials: o.credentials.map((c) =>
    c.number === number && c.standing !== 'revoked' ? { ...c, standing: next } : c,
  ),
});

const barred = (o: OfficerRow, cause: Bar): Partial<OfficerRow> => ({ bars: [...new Set([...o.bars, cause])] });

/** The newest credential for the body now served in, an enforcement one before a supervision one, and what is left of it. */
function shown(o: OfficerRow): OfficerRow {
  const own = o.credentials.filter((c) => c.bodyId === o.bodyId);
  const newest = (list: readonly CredentialRow[]): CredentialRow | undefined =>
    list.findLast((c) => c.standing !== 'revoked') ?? list.at(-1);
  const c = newest(own.filter(({ kind }) => kind === 'enforcement')) ?? newest(own);
  return {
    ...o,
    credentialNumber: c?.number,
    credentialKind: c?.kind,
    category: c?.category,
    area: c?.area,
    validFrom: c?.validFrom,
    validUntil: c?.validUntil,
    status: statusOf(o.bars, c),
  };
}

function statusOf(bars: readonly Bar[], credential: CredentialRow | undefined): OfficerRow['status'] {
  if (bars.includes('disqualified')) return 'disqualified';
  if (bars.includes('removed')) return 'removed';
  if (!credential) return 'uncredentialled';
  return bars.length > 0 && credential.standing === 'credentialled' ? 'off_duty' : credential.standing;
}

function powerVersion(
  rows: Rows,
  e: RecordedEvent,
  next: Partial<PowerVersionRow> & Pick<PowerVersionRow, 'validFrom'>,
): void {
  change<PowerRow>(rows, 'power', idOf(e), (p) =>
    versioned<PowerVersionRow, PowerRow>(
      p,
      { ...p.versions[p.versions.length - 1], ...next, version: p.versions.length + 1 },
      e,
    ),
  );
}

/** The row with one more version. It shows the one in force on the day of recording: the new one may begin later. */
function versioned<V extends { readonly validFrom: string }, R extends V & { readonly versions: readonly V[] }>(
  row: Readonly<R>,
  next: V,
  e: RecordedEvent,
): R {
  return inForceOn({ ...row, versions: [...row.versions, next] }, dateInChina(e.metadata.recordedAt));
}
