import {
  CaseFiled,
  ClueRecorded,
  OfficerRecused,
  OfficersAssigned,
  OnTheSpotCaseOpened,
  StageEntered,
} from '../../src/enforcement/filing-events';
import {
  DecisionAmended,
  DecisionRevoked,
  DecisionServed,
  PenaltyDecided,
} from '../../src/enforcement/decision-events';
import {
  CaseArchived,
  CaseClosed,
  FineCollectedOnTheSpot,
  FinePaid,
  LateSurchargeAssessed,
  RemedyEnded,
  RemedySought,
} from '../../src/enforcement/execution-events';
import { ReviewOpinionIssued } from '../../src/enforcement/review-events';
import {
  HistoricalOutcomeRecorded,
  HistoricalPenaltyImported,
} from '../../src/enforcement/historical/historical-events';
import { definitionOf, type EventClass, type RecordedEvent } from '../../src/kernel/event';
import { dateInChina } from '../../src/kernel/time';
import { erasing, idOf } from '../fold';
import type { Projection } from '../projection';
import type { CaseRow, PartyRow } from './rows';

type Row = Readonly<CaseRow>;
type Draft = { -readonly [K in keyof CaseRow]: CaseRow[K] };
type Step = (row: Row, data: never, event: RecordedEvent) => Partial<CaseRow>;

const on = <T extends object>(
  type: EventClass<T>,
  step: (row: Row, data: Readonly<T>, event: RecordedEvent) => Partial<CaseRow>,
): readonly [string, Step] => [definitionOf(type).name, step as Step];

/** What each act changes in the row. */
const steps: ReadonlyMap<string, Step> = new Map([
  on(ClueRecorded, (_, d) => ({
    procedure: 'clue',
    stage: 'clue',
    bodyId: d.bodyId,
    cause: d.summary,
    discoveredOn: d.discoveredOn,
  })),
  on(StageEntered, (_, d) => ({ stage: d.stage })),
  on(CaseFiled, (_, d) => ({
    procedure: 'ordinary-penalty',
    bodyId: d.bodyId,
    caseNumber: d.caseNumber,
    powerCode: d.powerCode,
    cause: d.cause,
    officers: d.officers,
    filedOn: d.filedOn,
    party: partyOf(d),
  })),
  on(OnTheSpotCaseOpened, (_, d, e) => ({
    procedure: 'simple-penalty',
    bodyId: d.bodyId,
    caseNumber: d.formNumber,
    powerCode: d.powerCode,
    cause: d.cause,
    officers: d.officers,
    filedOn: dateInChina(e.metadata.occurredAt),
    party: partyOf(d),
  })),
  on(OfficersAssigned, (_, d) => ({ officers: d.officers })),
  on(OfficerRecused, (file, d) => ({ officers: file.officers.filter((o) => o !== d.officerId) })),
  on(ReviewOpinionIssued, (_, d) => ({ reviewerId: d.reviewerId })),
  on(PenaltyDecided, (_, d) => ({
    documentNumber: d.documentNumber,
    outcome: d.outcome,
    decidedOn: d.decidedOn,
    penalties: d.penalties,
    fineYuan: d.fineYuan,
    decidedBy: d.decidedBy,
  })),
  on(DecisionAmended, (_, d) => ({ penalties: d.penalties, fineYuan: d.fineYuan })),
  on(DecisionRevoked, () => ({ revoked: true })),
  on(DecisionServed, (_, d) => ({ servedOn: d.servedOn })),
  on(FinePaid, (file, d) => ({ paidYuan: file.paidYuan + d.amountYuan })),
  on(FineCollectedOnTheSpot, (file, d) => ({ paidYuan: file.paidYuan + d.amountYuan })),
  on(LateSurchargeAssessed, (_, d) => ({ surchargeYuan: d.amountYuan })),
  on(RemedySought, (file, d) => ({
    remedies: [...file.remedies, { id: d.remedyId, kind: d.kind, soughtOn: d.soughtOn, authority: d.authority }],
  })),
  on(RemedyEnded, (file, d) => ({
    remedies: file.remedies.map((r) => (r.id === d.remedyId ? { ...r, outcome: d.outcome, endedOn: d.endedOn } : r)),
  })),
  on(CaseClosed, (_, d) => ({ closedOn: d.closedOn })),
  on(CaseArchived, (_, d) => ({ archivedOn: d.archivedOn, retainUntil: d.retainUntil })),
  on(HistoricalPenaltyImported, (_, d) => ({
    procedure: 'historical',
    stage: 'historical',
    bodyName: d.bodyName || d.jurisdiction,
    documentNumber: d.documentNumber,
    cause: d.violation,
    articles: d.articles,
    outcome: 'penalty',
    decidedOn: d.decidedOn,
    fineYuan: d.currency === 'CNY' ? (d.amount ?? 0) : 0,
    party: {
      id: d.partyId,
      kind: d.partyKind,
      publicName: d.partyPublicName,
      name: d.partyName,
      legalRepresentative: d.representative,
    },
  })),
  on(HistoricalOutcomeRecorded, (file, d) => ({
    remedies: [
      ...file.remedies,
      {
        id: `remedy-${file.remedies.length + 1}`,
        kind: 'reconsideration',
        authority: d.authority,
        outcome: d.outcome,
        endedOn: d.decidedOn,
        text: d.text,
      },
    ],
  })),
]);

/** The row of a case after one more of its events. */
export function caseRowAfter(before: Row | undefined, event: RecordedEvent): CaseRow {
  // One copy, then what changed: a rebuild makes this for every event of every case.
  const next: Draft = before ? { ...before } : emptyRow(event);
  const changes = steps.get(event.type)?.(next, event.data as never, event);
  if (changes) Object.assign(next, changes);
  next.position = event.position;
  next.revision = event.revision;
  next.updatedAt = event.metadata.recordedAt;
  return next;
}

/** Every case (案卷, D01) as lists and searches find it; the whole file is folded from its stream (`details.ts`). */
export const caseFile: Projection = {
  name: 'case-file',
  version: 3,
  tables: {
    case: {
      columns: {
        stage: (r: Row) => r.stage,
        procedure: (r: Row) => r.procedure,
        body: (r: Row) => r.bodyId || (r.bodyName ?? ''),
        filed: (r: Row) => r.filedOn ?? null,
        decided: (r: Row) => r.decidedOn ?? null,
        document: (r: Row) => r.documentNumber ?? null,
        updated: (r: Row) => r.updatedAt,
        remedy: (r: Row) => r.remedies[r.remedies.length - 1]?.outcome ?? null,
      },
      search: (r: Row) =>
        `${r.caseNumber ?? ''} ${r.documentNumber ?? ''} ${r.party?.name ?? ''} ${r.cause} ${r.bodyName ?? ''}`,
      personal: {
        subject: (r: Row) => r.party && `party:${r.party.id}`,
        erased: (r: Row): CaseRow => ({ ...r, party: r.party && erasing<PartyRow>(r.party, PERSONAL_OF_PARTY) }),
      },
    },
  },
  apply(event, rows) {
    if (!isOfCase(event.stream)) return;
    rows.put('case', caseKey(event), caseRowAfter(rows.get<CaseRow>('case', caseKey(event)), event));
  },
};

const PERSONAL_OF_PARTY = ['name', 'identifier', 'legalRepresentative', 'address', 'phone'] as const;

/** Whether a stream is a case, of today or from before the ledger. */
export const isOfCase = (stream: string): boolean => stream.startsWith('case-') || stream.startsWith('historical-');

const caseKey = (event: RecordedEvent): string => (event.stream.startsWith('case-') ? idOf(event) : event.stream);

const emptyRow = (event: RecordedEvent): CaseRow => ({
  id: caseKey(event),
  stream: event.stream,
  procedure: 'clue',
  stage: 'unopened',
  bodyId: '',
  cause: '',
  officers: [],
  penalties: [],
  fineYuan: 0,
  paidYuan: 0,
  surchargeYuan: 0,
  revoked: false,
  remedies: [],
  position: 0,
  revision: -1,
  updatedAt: '',
});

function partyOf(d: Readonly<CaseFiled | OnTheSpotCaseOpened>): CaseRow['party'] {
  return {
    id: d.partyId,
    kind: d.partyKind,
    publicName: d.partyPublicName,
    name: d.partyName,
    identifier: d.partyIdentifier,
    legalRepresentative: d.legalRepresentative,
    address: d.address,
    phone: d.phone,
  };
}
