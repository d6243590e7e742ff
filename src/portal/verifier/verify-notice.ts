import { Failure, type Bilingual } from '../../kernel/errors';
import type { Policy } from '../../verification/policy';
import { verifyProof, type VerificationReport } from '../../verification/verify-proof';
import { fillBoth } from '../bilingual';
import { verifyMessages } from '../verify-messages';
import { recordedNotice, type DisclosedEvent } from './recorded-notice';
import { shownFields, type NoticeContent, type ShownField } from './shown-fields';

/** One event of a notice with its proof. All but `proof` is only said by whoever sent it. */
export interface OfferedProof {
  /** Its number in the ledger; undefined where only the proof itself says. */
  readonly position?: number;
  readonly title: Bilingual;
  /** The text of the `.tlog-proof` file. */
  readonly proof: string;
  /** There is no proof, because the log itself contradicts the ledger: the server's words for it. */
  readonly contradicted?: Bilingual;
}

/** What there is to verify: the proofs of a notice, and the trust policy that whoever sent them offers. */
export interface Offer {
  readonly policy: string;
  readonly proofs: readonly OfferedProof[];
}

/** One event, verified or not. */
export interface EventOutcome {
  readonly offered: OfferedProof;
  readonly report?: VerificationReport;
  /** Why it is not verified. */
  readonly failure?: Bilingual;
}

/** What the proofs of a notice amount to. */
export interface NoticeOutcome {
  readonly events: readonly EventOutcome[];
  /** What is wrong with them together. */
  readonly faults: readonly Bilingual[];
  /** What the verified events say, and in which words a page shows it. */
  readonly notice: NoticeContent;
  readonly fields: ReadonlyMap<string, ShownField>;
  /** Fields disclosed, and items only committed to. */
  readonly disclosed: number;
  readonly withheld: number;
  /** Events of the notice between the first and the last that are not among them: internal ones. */
  readonly unseen: number;
}

/**
 * Verifies every proof of a notice, and that they are of one notice: all of one stream, the one that the page is of, and no
 * event twice. What does not hold is in the outcome.
 * @param id of the notice that the proofs should be of; any one, when left out
 * @throws Failure of kind `unavailable` where this browser cannot tell
 */
export async function verifyNotice(
  offered: readonly OfferedProof[],
  policy: Policy,
  id?: string,
): Promise<NoticeOutcome> {
  const events: EventOutcome[] = [];
  for (const each of offered) events.push(await verifyOne(each, policy));
  const reports = events.flatMap(({ report }) => report ?? []);
  const disclosed = reports.map(disclosedEvent).sort((a, b) => a.revision - b.revision);
  const notice = recordedNotice(disclosed);
  return {
    events,
    faults: faultsOf(disclosed, offered.length, id === undefined ? undefined : { id, told: notice.id }),
    notice,
    fields: shownFields(notice),
    disclosed: reports.reduce((sum, report) => sum + Object.keys(report.disclosed).length, 0),
    withheld: reports.reduce((sum, { withheld }) => sum + withheld, 0),
    unseen: unseenAmong(disclosed),
  };
}

/** Whether all that was looked at holds. */
export const holds = ({ events, faults }: NoticeOutcome): boolean =>
  faults.length === 0 && events.every(({ failure }) => failure === undefined);

async function verifyOne(offered: OfferedProof, policy: Policy): Promise<EventOutcome> {
  if (offered.contradicted) return { offered, failure: offered.contradicted };
  try {
    return { offered, report: await verifyProof(offered.proof, policy, Math.floor(Date.now() / 1000)) };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'unavailable') throw error;
    return { offered, failure: error.detail };
  }
}

function faultsOf(
  events: readonly DisclosedEvent[],
  offered: number,
  of: { readonly id: string; readonly told?: string } | undefined,
): Bilingual[] {
  const faults: Bilingual[] = [];
  if (offered === 0) faults.push(verifyMessages['verify.fault.none']);
  if (new Set(events.map(({ stream }) => stream)).size > 1) faults.push(verifyMessages['verify.fault.streams']);
  else if (of?.told && of.told !== of.id) faults.push(fillBoth(verifyMessages['verify.fault.other'], of.told, of.id));
  if (new Set(events.map(({ revision }) => revision)).size < events.length) {
    faults.push(verifyMessages['verify.fault.twice']);
  }
  return faults;
}

function unseenAmong(events: readonly DisclosedEvent[]): number {
  const [first, last] = [events[0], events[events.length - 1]];
  return first && last ? Math.max(0, last.revision - first.revision + 1 - events.length) : 0;
}

/** The event in a report: paths as they are committed to, `data.<field>` and `metadata.<member>`. */
function disclosedEvent({ disclosed }: VerificationReport): DisclosedEvent {
  const data = Object.fromEntries(
    Object.entries(disclosed).flatMap(([path, value]) => (path.startsWith('data.') ? [[path.slice(5), value]] : [])),
  );
  const of = disclosed as { type?: string; stream?: string; revision?: number };
  return {
    type: String(of.type ?? ''),
    stream: String(of.stream ?? ''),
    revision: Number(of.revision ?? 0),
    recordedAt: disclosed['metadata.recordedAt'] as string | undefined,
    source: disclosed['metadata.source'] as DisclosedEvent['source'],
    data,
  };
}
