import { ClockMissed } from '../clocks/clock-events';
import { HistoricalOutcomeRecorded, HistoricalPenaltyImported } from '../enforcement/historical/historical-events';
import { definitionOf, is, type EventClass, type RecordedEvent } from '../kernel/event';
import * as E from './notice-events';
import { evolveNotice, initialNotice, wordingOf, type NoticeStatus } from './notice-state';

// What a notice's proofs disclose (公示信息的披露范围): exactly what its page shows, field by field, and no longer than it does.

/** What is public of an event in each state of its notice. */
interface Profile {
  readonly of: EventClass;
  /** The states of the notice in which the event's fields are shown. */
  readonly shownWhile: readonly NoticeStatus[];
  /** Fields marked open that the page leaves out nevertheless. */
  readonly except?: readonly string[];
  /** All that is left to show of it once the notice is withdrawn. */
  readonly leftWhenWithdrawn?: readonly string[];
}

const PUBLISHED = ['published'] as const;

/** One row an event that a notice's page tells of; of any other event nothing is public. */
const profiles: readonly Profile[] = [
  {
    of: E.NoticeDrafted,
    shownWhile: ['published', 'withdrawn'],
    except: ['source'],
    leftWhenWithdrawn: ['documentNumber', 'decidedOn', 'bodyId'],
  },
  { of: E.NoticeDraftRevised, shownWhile: PUBLISHED },
  { of: E.NoticePublished, shownWhile: PUBLISHED },
  { of: E.NoticePublishedLate, shownWhile: PUBLISHED },
  { of: E.NoticeCorrected, shownWhile: PUBLISHED },
  { of: E.NoticeExpired, shownWhile: PUBLISHED }, // of one channel, while another still shows it
  { of: ClockMissed, shownWhile: PUBLISHED, except: ['responsiblePost', 'responsibleOfficers'] },
  // That a notice had to come down, and why, stays public in its place (行政处罚法 48 II).
  { of: E.NoticeWithdrawalRequired, shownWhile: ['published', 'withdrawn'] },
  { of: E.NoticeWithdrawn, shownWhile: ['withdrawn'] },
  // The opaque id would link one person's acts.
  { of: HistoricalPenaltyImported, shownWhile: PUBLISHED, except: ['partyId'] },
  { of: HistoricalOutcomeRecorded, shownWhile: PUBLISHED },
];
const profileOf = new Map(profiles.map((profile) => [definitionOf(profile.of).name, profile]));

/** What of the envelope is public: what it is, where it stands and when. Not who acted: staff are not named by a notice's proof. */
const ENVELOPE = [
  'type',
  'schemaVersion',
  'stream',
  'revision',
  'position',
  'metadata.occurredAt',
  'metadata.recordedAt',
];

/** The stream of a notice: an imported act of the past is its own notice. */
export const streamOfNotice = (id: string): string => (id.startsWith('historical-') ? id : `notice-${id}`);

/** How a notice stands after its whole stream; `none` where nothing of it was ever public or ever will be. */
export function statusOfNotice(history: readonly RecordedEvent[]): NoticeStatus {
  // Every imported act was public in the file it came from.
  if (history.some((e) => is(e, HistoricalPenaltyImported))) return 'published';
  return history.reduce(evolveNotice, initialNotice).status;
}

/**
 * The paths of an event's fields that anybody may be shown, after the whole stream of its notice; none when nothing is public.
 * A wording is public when a version that is still readable shows it: not one that was changed before anybody saw it, and none
 * that a correction hid (内蒙古办法 10).
 */
export function publicPaths(event: RecordedEvent, history: readonly RecordedEvent[]): string[] {
  return publicPathsIn(history)(event);
}

/** The same for each event of a stream, which is gone through once. */
export function publicPathsIn(history: readonly RecordedEvent[]): (event: RecordedEvent) => string[] {
  const status = statusOfNotice(history);
  const readable = readableWords(history);
  return (event) => pathsOf(event, status, readable);
}

function pathsOf(event: RecordedEvent, status: NoticeStatus, readable: ReadonlySet<string>): string[] {
  const profile = profileOf.get(event.type);
  if (!profile?.shownWhile.includes(status)) return [];
  const worded = wordsOf(event);
  const open = definitionOf(profile.of)
    .fields.filter(({ name, mark }) => mark.kind === 'open' && !profile.except?.includes(name))
    .map(({ name }) => name)
    .filter((name) => event.data[name] !== undefined)
    .filter((name) => status !== 'withdrawn' || (profile.leftWhenWithdrawn?.includes(name) ?? true))
    .filter((name) => !worded.includes(name) || readable.has(key(event, name)));
  if (open.length === 0) return []; // a wording that nobody ever saw, and nothing else
  const source = event.type === HistoricalPenaltyImported.name && event.metadata.source ? ['metadata.source'] : [];
  return [...ENVELOPE, ...source, ...open.map((name) => `data.${name}`)];
}

const key = ({ position }: RecordedEvent, field: string): string => `${position} ${field}`;

/** The fields of an event whose words a later event may replace: a notice's text, and why it was corrected. */
function wordsOf(event: RecordedEvent): string[] {
  const corrected = is(event, E.NoticeCorrected);
  if (!corrected && !is(event, E.NoticeDrafted) && !is(event, E.NoticeDraftRevised)) return [];
  return [...Object.keys(wordingOf(event.data)), ...(corrected ? ['reason'] : [])];
}

/** The words of every version that may still be read, each by the event that said them: as the rows of the public notices keep them. */
function readableWords(history: readonly RecordedEvent[]): ReadonlySet<string> {
  let now: Readonly<Record<string, string>> = {};
  let superseded: Array<typeof now> = [];
  for (const event of history) {
    const said = Object.fromEntries(wordsOf(event).map((field) => [field, key(event, field)]));
    if (is(event, E.NoticeCorrected)) {
      // What showed personal data by mistake is hidden, and with it every earlier wording.
      superseded = event.data.reasonKind === 'personal_data' ? [] : [...superseded, now];
    }
    now = { ...now, ...said };
  }
  return new Set([now, ...superseded].flatMap((version) => Object.values(version)));
}
