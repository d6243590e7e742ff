import { hash } from 'node:crypto';
import { parseNote } from '../../verification/note';
import type { RecordedEvent } from '../../kernel/event';
import { disclosuresOf, commitmentOf } from '../commitment/commitment';
import { sealedFields } from '../commitment/sealed-field';
import { leafHash } from '../transparency/merkle';
import type { AuditedLedger } from './audited-ledger';
import { displacement, type Displaced } from './displacement';
import type { EventPass, EventPassOptions } from './event-pass';
import { finding, type Finding } from './findings';
import { holding, type AuditTrust, type HeldCheckpoint, type HeldEntry } from './held-checkpoints';
import { identityOf } from './stored-events';

/** Events that are examined one by one for what was done to them. */
const MAX_EXAMINED = 50;
const NOTHING = Buffer.alloc(0);

export interface Judged extends Omit<EventPassOptions, 'tree' | 'findings' | 'times' | 'pages'> {
  readonly pass: EventPass;
  readonly trust: AuditTrust;
  /** Undefined: nothing was derived. */
  readonly commitmentKey: Buffer | undefined;
  readonly acknowledged: AuditedLedger['acknowledged'];
}

/** What follows from a pass: which events are not those of the log, or which files not those of the events, and who says so. */
export async function verdict(judged: Judged): Promise<Finding[]> {
  const disputes = await disputed(judged);
  return [
    ...disputes,
    ...missing(judged, disputes),
    ...(await setBack(judged)),
    ...(await contradictedRoots(judged, disputes)),
    ...(await Promise.all(judged.pass.contradictedProofs.map((proof) => contradictedProof(proof, judged)))),
    ...(await mirrorFindings(judged, disputes)),
  ];
}

/** Checkpoints that speak: those that the log has signed, as far as its keys are known. */
const speaking = ({ held }: Judged): HeldCheckpoint[] =>
  held.checkpoints.filter(({ where, signed }) => where !== 'kept' && signed !== false);

/** Where files and events contradict each other the signed roots decide: they are those of the one or of the other. */
async function disputed(judged: Judged): Promise<Finding[]> {
  const { pass, files } = judged;
  if (pass.disputed.length === 0 || !files) return [];
  const [{ position: first }] = pass.disputed;
  const decisive = speaking(judged).filter(
    ({ size, ledger, log }) => size >= first && ledger !== undefined && log !== undefined && ledger !== log,
  );
  const { ledger: eventsAreRight } = decisive.find(({ where }) => where === 'outside') ?? decisive[0] ?? {};
  if (eventsAreRight) {
    const firstOf = new Map<string, number>();
    for (const { position, paths } of pass.disputed) {
      for (const path of paths) if (!firstOf.has(path)) firstOf.set(path, position);
    }
    return [...firstOf].map(([path, position]) => finding('file_changed', { path, position }));
  }
  const positions = pass.disputed.map(({ position }) => position);
  return examined(
    positions,
    pass.disputedCount,
    displacedOf(judged, files.size, (position) => files.leafAt(position)),
  );
}

/** Says of each position what was done there, until one explains all that follow. */
async function examined(positions: readonly number[], count: number, ledger: Displaced): Promise<Finding[]> {
  const findings: Finding[] = [];
  const left = new Set(positions);
  for (const position of positions.slice(0, MAX_EXAMINED)) {
    if (!left.delete(position)) continue;
    const [other] = left;
    const exchanged = left.size === 1 ? [other - position] : [];
    const found = await displacement(position, { ...ledger, distances: [...ledger.distances, ...exchanged] });
    findings.push(found);
    if (found.code === 'check.events_exchanged') left.delete(found.through!);
    if (found.code === 'check.events_removed' || found.code === 'check.events_inserted') break;
  }
  const last = findings[findings.length - 1];
  const further = count - Math.min(positions.length, MAX_EXAMINED);
  if (further === 0 || last.code !== 'check.event_changed') return findings;
  return [...findings.slice(0, -1), finding('event_changed', { ...last, count: further + 1 })];
}

/** @param size leaves of the tree that `expectedAt` is of */
function displacedOf(
  { events, head, commitmentKey = NOTHING }: Judged,
  size: number,
  expectedAt: Displaced['expectedAt'],
): Displaced {
  const leafOf = (event: RecordedEvent): Buffer => {
    try {
      return leafHash(commitmentOf(event, commitmentKey).entry);
    } catch {
      return NOTHING; // a body that was never an event, and is told of as damage
    }
  };
  const distances = [Math.abs(size - head)]; // so many were taken out, or put in
  return { eventAt: (position) => events.at(position), expectedAt, leafOf, distances };
}

/** Events that a checkpoint, or the ledger's own mark, says there are. */
function missing(judged: Judged, disputes: readonly Finding[]): Finding[] {
  const { head, acknowledged } = judged;
  const newest = speaking(judged).reduce((most, each) => (each.size > most.size ? each : most), NONE);
  const [through, source] =
    newest.size >= acknowledged.position ? [newest.size, newest.source] : [acknowledged.position, acknowledged.source];
  const removed = disputes
    .filter(({ code }) => code === 'check.events_removed')
    .reduce((sum, { position = 0, through: end = position }) => sum + end - position + 1, 0);
  if (through <= head + removed) return [];
  return [finding('events_missing', { position: head + 1, through, source, size: through })];
}

const NONE = { size: 0, source: '' };

/** Checkpoints larger than the newest that is signed here. */
async function setBack({ held, trust }: Judged): Promise<Finding[]> {
  const { sealed, checkpoints } = held;
  const larger = checkpoints.filter(({ size, signed }) => sealed && size > sealed.size && signed !== false);
  const findings: Finding[] = [];
  for (const where of ['outside', 'log', 'kept'] as const) {
    const largest = larger.findLast((each) => each.where === where);
    if (!sealed || !largest) continue;
    const { source, size } = largest;
    const signed = await isSigned(largest, trust);
    findings.push(signed ? finding('log_set_back', { source, size, count: sealed.size }) : notPublished(largest));
  }
  return findings;
}

/** An unsigned line in the list of what was published: damage to the list, which says nothing of the events. */
const notPublished = ({ source }: HeldCheckpoint): Finding =>
  finding('file_changed', { path: source.replace(/^log\//, '') });

/** Checkpoints whose roots neither the events give, nor what the log's files say of them. */
async function contradictedRoots(judged: Judged, disputes: readonly Finding[]): Promise<Finding[]> {
  const { held, trust, pass, mirror } = judged;
  const eventsDiffer = disputes.some(({ code }) => code !== 'check.file_changed');
  const explained = ({ log, ledger }: HeldCheckpoint): boolean => log === true && (ledger !== false || eventsDiffer);
  const wrong = ({ ledger, log }: HeldCheckpoint): boolean =>
    ledger === false || (ledger === undefined && log === false);
  const named = pass.mirrorDiffersAt !== undefined && pass.mirrorFits ? mirror?.checkpoint : undefined; // by its first leaf
  const contradicted = held.checkpoints.filter((each) => wrong(each) && !explained(each) && each !== named);
  const findings: Finding[] = [];
  for (const each of contradicted.filter((one) => one.where !== 'kept' && one.signed !== false)) {
    findings.push(await contradictedRoot(each, judged));
  }
  const [kept] = contradicted.filter(({ where }) => where === 'kept');
  if (!kept) return findings;
  return [...findings, (await isSigned(kept, trust)) ? await contradictedRoot(kept, judged) : notPublished(kept)];
}

/**
 * The first difference lies after the largest checkpoint that still fits. What the log keeps itself bounds only what it says
 * itself: whoever signs another history can sign all of it.
 */
async function contradictedRoot(checkpoint: HeldCheckpoint, judged: Judged): Promise<Finding> {
  const { source, where, size, root, found } = checkpoint;
  const smaller = judged.held.checkpoints.filter(
    (each) => each.ledger && each.size < size && (where === 'outside') === (each.where === 'outside'),
  );
  let fitting = 0;
  for (const each of smaller.toReversed()) {
    if (!(await isSigned(each, judged.trust))) continue;
    fitting = each.size;
    break;
  }
  const position = fitting + 1;
  return finding('root_contradicted', {
    position,
    through: size,
    source,
    size,
    expected: root,
    ...(found && { found }),
  });
}

/** Whether the log has signed it; for one of those that it has published this is asked here. The vault's mark has no signature. */
async function isSigned({ where, signed, note }: HeldCheckpoint, { logKeys }: AuditTrust): Promise<boolean> {
  if (where !== 'kept') return signed !== false;
  return ((await holding(parseNote(await note()), logKeys)) ?? 0) > 0;
}

/** Names the fields: the proof holds the digest of each. */
async function contradictedProof(
  { source, position, digests, entry }: HeldEntry,
  { events, commitmentKey = NOTHING }: Judged,
): Promise<Finding> {
  const event = await events.at(position);
  const fields = event ? fieldsBeside(event, commitmentKey, digests) : [];
  const found = event && commitmentOf(event, commitmentKey).entry.toString('base64');
  const expected = entry.toString('base64');
  return finding('proof_contradicted', {
    position,
    ...identityOf(event),
    source,
    fields,
    expected,
    ...(found && { found }),
  });
}

/** Paths of the event whose digests are not among these. */
function fieldsBeside(event: RecordedEvent, commitmentKey: Buffer, digests: ReadonlySet<string>): string[] {
  const ordinary = [...disclosuresOf(event, commitmentKey, new Map())]
    .filter(([, encoded]) => !digests.has(hash('sha256', encoded, 'base64url')))
    .map(([path]) => path.replace(/#sealed$/, ''));
  const personal = sealedFields(event)
    .filter(([, field]) => !digests.has(field.$digest))
    .map(([path]) => path);
  return [...new Set([...ordinary, ...personal])];
}

async function mirrorFindings(judged: Judged, disputes: readonly Finding[]): Promise<Finding[]> {
  const { mirror, pass } = judged;
  if (!mirror) return [];
  const { leaves, checkpoint } = mirror;
  const source = leaves.source;
  if (leaves.fault !== undefined || pass.mirrorFits === false) {
    return [finding('mirror_damaged', { source, reason: leaves.fault ?? 'checkpoint' })];
  }
  const position = pass.mirrorDiffersAt;
  if (position === undefined) return [];
  const expectedAt = (at: number): Promise<Buffer | undefined> => leaves.leafAt(at, checkpoint.size);
  const event = await displacement(position, displacedOf(judged, checkpoint.size, expectedAt));
  const known = disputes.some((each) => each.position === position && each.code === event.code);
  const { id, stream, type, expected, found } = event;
  return [
    finding('mirror_contradicted', { position, id, stream, type, source, expected, found }),
    ...(known ? [] : [event]),
  ];
}
