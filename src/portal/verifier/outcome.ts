import type { VerificationReport } from '../../verification/verify-proof';
import type { Comparison } from './compare-page';
import { element, fields, folded, table } from './elements';
import { fingerprintOf } from './fingerprint';
import { inPageLanguage, say } from './say';
import { inChina } from './shown-fields';
import { holds, type EventOutcome, type NoticeOutcome } from './verify-notice';

/** Whose keys were used: pasted, the server's, or those that a downloaded copy carries. */
export type Trust = 'own' | 'served' | 'carried';

/** One verification in words: the sentence that counts, and everything behind it. */
export interface View {
  readonly verdict: HTMLElement;
  readonly report: readonly HTMLElement[];
}

/** All that came of one verification, in the page's language. `page`: undefined when it was not compared. */
export async function outcomeView(outcome: NoticeOutcome, page: Comparison | undefined, trust: Trust): Promise<View> {
  const isVerified = holds(outcome) && (page?.differences.length ?? 0) === 0;
  const report = newest(outcome.events);
  return {
    verdict: isVerified
      ? verdict('good', ...verifiedWords(outcome, page))
      : verdict('bad', ...refutedWords(outcome, page)),
    report: [
      ...(page && page.differences.length > 0 ? [differences(page)] : []),
      ...(isVerified ? [checks(outcome, page, trust)] : []),
      events(outcome.events),
      recorded(outcome),
      ...(report ? [await checkpoint(report)] : []),
    ],
  };
}

/** The sentence on top, with its sign; `detail` below it. */
export function verdict(kind: 'good' | 'bad' | 'unable', title: string, ...details: readonly string[]): HTMLElement {
  return element(
    'div',
    { class: `verdict ${kind}` },
    element('span', { class: 'sign', 'aria-hidden': 'true' }),
    element('div', {}, element('strong', {}, title), ...details.map((text) => element('p', {}, text))),
  );
}

function verifiedWords({ events }: NoticeOutcome, page: Comparison | undefined): [string, ...string[]] {
  const { checkpoint, cosigners = [] } = newest(events) ?? {};
  const { origin = '', size = 0 } = checkpoint ?? {};
  return [
    page ? say('verify.ok', page.same) : say('verify.ok.proofs', events.length),
    say(
      cosigners.length > 0 ? 'verify.ok.witnessed' : 'verify.ok.unwitnessed',
      ...[events.length, origin, size.toLocaleString('en-US'), cosigners.length],
    ),
  ];
}

function refutedWords({ events, faults }: NoticeOutcome, page: Comparison | undefined): [string, ...string[]] {
  const bad = events.filter(({ failure }) => failure);
  const differing = page?.differences.length ?? 0;
  const reasons = [
    bad.length > 0 && say('verify.bad.events', bad.length),
    faults.length > 0 && say('verify.bad.faults'),
    differing > 0 && say('verify.bad.page', differing),
  ].filter((reason) => reason !== false);
  return [
    `${say('verify.bad')}${inPageLanguage({ zh: '：', en: ': ' })}${reasons.join(inPageLanguage({ zh: '；', en: '; ' }))}`,
    ...bad.map(named),
    ...faults.map(inPageLanguage),
    differing > 0 ? say('verify.bad.partly') : say('verify.bad.what'),
  ];
}

/** Which event does not hold, and why. */
function named({ offered: { position, title }, failure = title }: EventOutcome): string {
  return position === undefined
    ? say('verify.event.file', title, failure)
    : say('verify.event.named', position, title, failure);
}

function differences({ differences }: Comparison): HTMLElement {
  return element(
    'section',
    { class: 'differences' },
    element('h3', {}, say('verify.differences')),
    table(
      say('verify.differences'),
      [say('verify.difference.item'), say('verify.difference.shown'), say('verify.difference.recorded')],
      differences.map(({ label, shown, recorded }) => [
        label,
        shown === undefined ? note(say('verify.difference.absent')) : element('del', {}, shown),
        recorded === undefined ? note(say('verify.difference.unrecorded')) : element('ins', {}, recorded),
      ]),
    ),
  );
}

const note = (text: string): HTMLElement => element('span', { class: 'none' }, text);

/** What was done, one step a line. */
function checks(outcome: NoticeOutcome, page: Comparison | undefined, trust: Trust): HTMLElement {
  const { events, disclosed, withheld, unseen } = outcome;
  const report = newest(events);
  const list = element('ul', { class: 'checks' });
  const done = (...texts: readonly string[]): void =>
    list.append(...texts.map((text) => element('li', { class: 'done' }, text)));
  const known = (...texts: readonly string[]): void =>
    list.append(...texts.map((text) => element('li', { class: 'known' }, text)));
  done(say('verify.check.content', disclosed, events.length, withheld), say('verify.check.place'));
  if (report) done(say('verify.check.signature', report.checkpoint.origin));
  for (const { name, time } of report?.cosigners ?? []) done(say('verify.check.witness', name, atSecond(time)));
  if (page) done(say('verify.check.page', page.same));
  known(...(report?.warnings ?? []).map(inPageLanguage), say(`verify.check.${trust}`));
  if (page && page.uncovered.length > 0) known(say('verify.check.uncovered', listed(page.uncovered)));
  if (unseen > 0) known(say('verify.check.unseen', unseen));
  return list;
}

function events(outcomes: readonly EventOutcome[]): HTMLElement {
  const rows = outcomes.map(({ offered, report, failure }) => [
    String(report?.position ?? offered.position ?? '—'),
    inPageLanguage(offered.title),
    enteredAt(report),
    report ? `${Object.keys(report.disclosed).length} / ${report.withheld}` : '—',
    element(
      'span',
      { class: `chip ${failure ? 'warn' : 'good'}` },
      say(failure ? 'verify.event.bad' : 'verify.event.ok'),
    ),
  ]);
  const titles = (['position', 'title', 'at', 'fields', 'result'] as const).map((name) => say(`verify.event.${name}`));
  const fold = folded(say('verify.events'), table(say('verify.events'), titles, rows));
  fold.toggleAttribute(
    'open',
    outcomes.some(({ failure }) => failure),
  );
  return fold;
}

function enteredAt(report: VerificationReport | undefined): string {
  const at = report?.disclosed['metadata.recordedAt'];
  return typeof at === 'string' ? inChina(at) : '—';
}

/** What was entered: in the words of a notice, or of any other event as it is. */
function recorded({ fields: shown, events }: NoticeOutcome): HTMLElement {
  const rows = [...shown.values()].map(({ label, text }) => [inPageLanguage(label), inPageLanguage(text)] as const);
  const raw = events.flatMap(({ report }) => Object.entries(report?.disclosed ?? {}));
  return folded(
    say('verify.recorded'),
    fields(rows.length > 0 ? rows : raw.map(([path, value]) => [path, asText(value)])),
  );
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What everything rests on, to be compared with what others hold. */
async function checkpoint({ checkpoint, log, cosigners }: VerificationReport): Promise<HTMLElement> {
  const key = async (line: string): Promise<HTMLElement> => {
    const { id, sha256 } = await fingerprintOf(line);
    return element('code', {}, say('verify.checkpoint.fingerprint', id, sha256));
  };
  const times = cosigners.map(({ name, time }) => `${name}: ${atSecond(time)}`);
  return folded(
    say('verify.checkpoint'),
    fields([
      [say('verify.checkpoint.origin'), element('code', {}, checkpoint.origin)],
      [say('verify.checkpoint.size'), say('verify.checkpoint.entries', checkpoint.size.toLocaleString('en-US'))],
      [say('verify.checkpoint.root'), element('code', { class: 'long' }, checkpoint.root)],
      [say('verify.checkpoint.witnessed'), times.join('\n') || say('verify.checkpoint.unwitnessed')],
      [say('verify.checkpoint.key'), await key(log)],
      ...(await Promise.all(
        cosigners.map(async (c) => [say('verify.checkpoint.witness', c.name), await key(c.key)] as const),
      )),
      [say('verify.when'), inChina(new Date().toISOString())],
    ]),
  );
}

/** The report with the largest checkpoint: as a rule all proofs have the same. */
const newest = (events: readonly EventOutcome[]): VerificationReport | undefined =>
  events
    .flatMap(({ report }) => report ?? [])
    .reduce<VerificationReport | undefined>((a, b) => (a && a.checkpoint.size >= b.checkpoint.size ? a : b), undefined);

const atSecond = (unixSeconds: number): string => inChina(new Date(unixSeconds * 1000).toISOString());

const listed = (texts: readonly string[]): string => texts.join(inPageLanguage({ zh: '、', en: ', ' }));
