import type { ChannelRow, HistoricalRow, NoticeRow, VersionRow } from '../../../projections/public-notices/rows';
import type { Bilingual } from '../../kernel/errors';
import { penaltyKind } from '../../law/penalty-kind-table';
import { fillBoth, m } from '../bilingual';
import { noticeMessages, type NoticeMessageKey } from '../notice-messages';

/** One thing that a notice says: what it is called, and the words it is shown in. */
export interface ShownField {
  readonly label: Bilingual;
  readonly text: Bilingual;
}

/** A notice as a row, or as far as the disclosed events tell it. */
export type NoticeContent = Partial<Omit<NoticeRow, 'historical'>> & { readonly historical?: Partial<HistoricalRow> };

type Shown = Bilingual | string | number | undefined;

/**
 * Everything of the record that a notice's page shows, by the name it is marked with there (`data-proves`), in the order of
 * the page. The page is written from the row with this function, and the browser compares it with what the same function
 * makes of the proven events: so a difference is a difference of the record, never of the wording.
 */
export function shownFields(notice: NoticeContent): ReadonlyMap<string, ShownField> {
  const fields = new Map<string, ShownField>();
  const show = (mark: string, label: Bilingual, value: Shown): void => {
    if (value === undefined || value === '') return;
    fields.set(mark, { label, text: typeof value === 'object' ? value : m(String(value), String(value)) });
  };
  if (notice.status === 'withdrawn') withdrawn(show, notice);
  else published(show, notice);
  return fields;
}

type Show = (mark: string, label: Bilingual, value: Shown) => void;

function published(show: Show, notice: NoticeContent): void {
  const { text, historical } = notice;
  show('documentNumber', label('notice.document'), notice.documentNumber);
  if (text) decision(show, notice, text);
  if (historical) show('bodyName', label('notice.body'), notice.bodyName);
  show('decidedOn', label('notice.decided'), notice.decidedOn);
  show('publishedOn', label('notice.published'), notice.publishedOn);
  show('lagDays', label('notice.lag'), notice.lagDays !== undefined ? days(notice.lagDays) : undefined);
  show('remarks', label('notice.remarks'), text?.remarks);
  show('id', label('notice.id'), notice.id);
  if (historical) imported(show, historical, notice.recordedAt);
  for (const channel of notice.channels ?? []) onChannel(show, channel);
  for (const version of text && notice.superseded?.length ? [text, ...notice.superseded] : []) {
    wasSaid(show, version, version === text);
  }
}

/** What the proofs of a withdrawn notice still disclose: that it was, and why it is gone (行政处罚法 48 II). */
function withdrawn(show: Show, { id, withdrawal }: NoticeContent): void {
  show('withdrawal.withdrawnOn', label('notice.withdrawn.on'), withdrawal?.withdrawnOn);
  show('withdrawal.dueOn', label('notice.withdrawn.due'), withdrawal?.dueOn);
  show('withdrawal.cause', label('notice.withdrawn.cause'), withdrawal && word('cause', withdrawal.cause));
  show('withdrawal.reason', label('notice.withdrawn.reason'), withdrawal?.reason);
  show('id', label('notice.id'), id);
}

function decision(show: Show, notice: NoticeContent, text: VersionRow): void {
  const { category, partyKind, partyUscc, fineYuan, confiscatedYuan, licence } = notice;
  show('category', label('notice.category'), category && word('category', category));
  show('partyPublicName', label('notice.party'), text.partyPublicName);
  show('partyKind', label('notice.party.kind'), partyKind && word('notice.party', partyKind));
  show('partyUscc', label('notice.uscc'), partyUscc);
  for (const [name, title, value] of wording(category === 'penalty', text)) show(name, title, value);
  show('fineYuan', label('notice.fine'), fineYuan !== undefined ? yuan(fineYuan) : undefined);
  show(
    'confiscatedYuan',
    label('notice.confiscated'),
    confiscatedYuan !== undefined ? yuan(confiscatedYuan) : undefined,
  );
  show('licence', label('notice.licence'), licence);
}

/** The worded part of a notice, which a correction may change. What repeats the act in other words is shown once. */
function wording(penalty: boolean, text: VersionRow): Array<[name: string, label: Bilingual, value: Shown]> {
  return [
    ['violation', label(penalty ? 'notice.violation' : 'notice.subject'), text.violation],
    ['facts', label('notice.facts'), text.facts === text.violation ? undefined : text.facts],
    ['basis', label('notice.basis'), text.basis],
    ['penaltyKinds', label('notice.kinds'), text.penaltyKinds?.length ? listed(text.penaltyKinds.map(kindName)) : ''],
    ['content', label('notice.content'), text.content],
  ];
}

/** A version of a corrected notice: since when, why, and of an earlier one what it said. */
function wasSaid(show: Show, version: VersionRow, current: boolean): void {
  if (version.hidden) return;
  const of = (title: Bilingual): Bilingual =>
    fillBoth(m('{0} · {1}', '{0}: {1}'), fillBoth(noticeMessages['notice.version'], version.version), title);
  const mark = (name: string): string => `versions.${version.version}.${name}`;
  show(mark('since'), of(label('notice.version.on')), version.since);
  show(mark('reason'), of(label('notice.version.reason')), version.reason);
  if (current) return;
  show(mark('partyPublicName'), of(label('notice.party')), version.partyPublicName);
  for (const [name, title, value] of wording(true, version)) show(mark(name), of(title), value);
  show(mark('remarks'), of(label('notice.remarks')), version.remarks);
}

function onChannel(show: Show, row: ChannelRow): void {
  const of = (title: Bilingual): Bilingual => fillBoth(m('{0} · {1}', '{0}: {1}'), word('channel', row.channel), title);
  const mark = (name: string): string => `channels.${row.channel}.${name}`;
  show(mark('dueOn'), of(label('notice.channel.due')), row.dueOn);
  show(mark('publishedOn'), of(label('notice.channel.published')), row.publishedOn);
  show(mark('publicUntil'), of(label('notice.channel.until')), row.publicUntil);
  // Of a channel where it is not published yet, the state is the day's, not the record's.
  const recorded = row.publishedOn || !row.required;
  show(mark('state'), of(label('notice.channel.state')), recorded ? channelState(row).text : undefined);
  show(mark('basis'), of(label('notice.channel.basis')), row.basis);
}

/** How publication on a channel stands, in words, and how it is coloured. */
export function channelState(of: ChannelRow): { readonly kind: 'good' | 'warn' | 'plain'; readonly text: Bilingual } {
  const say = (kind: 'good' | 'warn' | 'plain', key: NoticeMessageKey, value = '' as string | number) => ({
    kind,
    text: fillBoth(noticeMessages[key], value),
  });
  if (!of.required && !of.publishedOn) return say('plain', 'channel.state.exempt');
  if (of.expiredOn) return say('plain', 'channel.state.expired', of.expiredOn);
  if (of.daysLate) return say('warn', 'channel.state.late', of.daysLate);
  if (of.publishedOn) return say('good', 'channel.state.on_time');
  return of.missed ? say('warn', 'channel.state.missed') : say('plain', 'channel.state.waiting');
}

/** Where an imported act comes from, which rules it passed, and how a reconsideration ended. */
function imported(show: Show, h: Partial<HistoricalRow>, recordedAt: string | undefined): void {
  const { outcome } = h;
  const articles = (h.articles ?? []).map(({ text, violation }) => (violation ? `${text}：${violation}` : text));
  const sum = h.amount !== undefined ? `${h.currency ?? ''} ${amount(h.amount)}`.trim() : undefined;
  show('historical.sourceName', label('notice.historical.source'), h.sourceName);
  show('historical.row', label('notice.historical.row'), h.row || undefined);
  show('historical.fileSha256', label('notice.historical.sha'), h.fileSha256);
  show('historical.gates', label('notice.historical.gates'), h.gates);
  show('historical.recordedAt', label('notice.historical.recorded'), recordedAt && inChina(recordedAt));
  show('historical.articles', label('notice.historical.articles'), articles.join('\n'));
  show('historical.aggravation', label('notice.historical.aggravation'), h.aggravation?.join('；'));
  show('historical.campaign', label('notice.historical.campaign'), h.campaign);
  show('historical.amount', label('notice.historical.amount'), sum);
  show(
    'historical.repairs',
    label('notice.historical.repairs'),
    h.repairs?.length ? inLines(h.repairs.map(repair)) : '',
  );
  if (!outcome) return;
  show('outcome.outcome', label('notice.reconsideration.outcome'), word('outcome', outcome.outcome));
  show('outcome.authority', label('notice.reconsideration.authority'), outcome.authority);
  show('outcome.documentNumber', label('notice.document'), outcome.documentNumber);
  show('outcome.decidedOn', label('notice.decided'), outcome.decidedOn);
  show('outcome.text', label('notice.remarks'), outcome.text);
}

const label = (key: NoticeMessageKey): Bilingual => noticeMessages[key];

/** The word for a code, as `channel.agency_site`; the code itself where there is none. */
function word(group: string, code: string): Bilingual {
  const known = (noticeMessages as Readonly<Record<string, Bilingual>>)[`${group}.${code}`];
  return known ?? m(code, code);
}

/** A kind of penalty by id, also those only old files have. */
export function kindName(id: string): Bilingual {
  return penaltyKind(id) ?? word('kind', id);
}

const AMOUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 }); // making one takes longer than all else on a page

/** A number with thousands marked off, with at most two decimals. */
export const amount = (value: number): string => AMOUNT.format(value);

const yuan = (value: number): Bilingual => fillBoth(noticeMessages['notice.amount'], amount(value));
const days = (count: number): Bilingual => fillBoth(noticeMessages['notice.days'], count);
const listed = (texts: readonly Bilingual[]): Bilingual =>
  m(texts.map(({ zh }) => zh).join('、'), texts.map(({ en }) => en).join(', '));
const inLines = (texts: readonly Bilingual[]): Bilingual =>
  m(texts.map(({ zh }) => zh).join('\n'), texts.map(({ en }) => en).join('\n'));

const CLOCK_IN_CHINA = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  ...({ year: 'numeric', month: '2-digit', day: '2-digit' } as const),
  ...({ hour: '2-digit', minute: '2-digit', second: '2-digit' } as const),
});

/** An instant by the clock in China: `2026-03-20 10:00:00 UTC+8`. */
export const inChina = (instant: string): string => `${CLOCK_IN_CHINA.format(new Date(instant))} UTC+8`;

/** What the fields of a file are called on the page. */
const FILE_FIELDS: Readonly<Record<string, NoticeMessageKey>> = {
  partyName: 'notice.party',
  representative: 'notice.representative',
  documentNumber: 'notice.document',
  decidedOn: 'notice.decided',
  publishedOn: 'notice.published',
  articles: 'notice.historical.articles',
  violation: 'notice.violation',
  remarks: 'notice.remarks',
};

/** `exchanged:documentNumber,violation` in words. */
function repair(code: string): Bilingual {
  const [kind, fields = ''] = code.split(':', 2);
  if (kind !== 'exchanged' && kind !== 'damaged') return m(code, code);
  const named = fields.split(',').map((field) => (FILE_FIELDS[field] ? label(FILE_FIELDS[field]) : m(field, field)));
  const inOne = (lang: 'zh' | 'en'): string => named.map((name) => name[lang]).join(', ');
  return fillBoth(noticeMessages[`repair.${kind}`], m(inOne('zh'), inOne('en')));
}
