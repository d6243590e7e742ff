import { createHash } from 'node:crypto';
import { Feed, type Item } from 'feed';
import { startOfDay } from '../kernel/time';
import { changedOn, kindName, type ListedNotice } from './shown-notice';
import { inLanguage, type View } from './view';

export type FeedFormat = 'atom' | 'json';

export interface FeedAnswer {
  readonly body: string;
  readonly etag: string;
  readonly updated: Date;
}

/** Before anything was published. */
const NEVER = new Date(0);

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Characters that XML cannot hold, even escaped: controls but tab and line ends, lone surrogates, non-characters. */
const NOT_XML = /[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu;
const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => MARKUP[c]);

/** Notices as a feed, the latest change first. An entry's id is the notice's permanent address. */
export function noticeFeed(
  view: View,
  notices: readonly ListedNotice[],
  format: FeedFormat,
  body?: string,
): FeedAnswer {
  const { origin, lang, t, say, agency } = view;
  const entries = notices
    .map((notice) => ({ notice, updated: dayOf(changedOn(notice)) }))
    .sort((a, b) => b.updated.getTime() - a.updated.getTime());
  const updated = entries[0]?.updated ?? NEVER;
  const own = `${body === undefined ? '' : `?body=${encodeURIComponent(body)}`}`;
  const feed = new Feed({
    id: `${origin}/feed${own}`,
    title: clean(t('feed.title', body ?? say(agency))),
    description: t('search.title'),
    link: origin + inLanguage(`/notices${own}`, lang),
    language: lang === 'zh' ? 'zh-CN' : 'en',
    updated,
    generator: 'Mingjing',
    author: { name: clean(say(agency)) },
    feedLinks: {
      atom: origin + inLanguage(`/feed.atom${own}`, lang),
      json: origin + inLanguage(`/feed.json${own}`, lang),
    },
  });
  // An Atom title is markup, a JSON one is text.
  const title = (text: string): string => (format === 'atom' ? escaped(text) : text);
  for (const { notice, updated: date } of entries) {
    const item = itemOf(view, notice);
    feed.addItem({ ...item, title: title(clean(item.title)), content: clean(item.content ?? ''), date });
  }
  const answer = format === 'atom' ? feed.atom1() : feed.json1();
  return { body: answer, updated, etag: `"${createHash('sha256').update(answer).digest('hex').slice(0, 32)}"` };
}

const clean = (text: string): string => text.replace(NOT_XML, '');
const dayOf = (day: string | undefined): Date => (day ? new Date(startOfDay(day)) : NEVER);

function itemOf(view: View, notice: ListedNotice): Omit<Item, 'date'> {
  const { origin, t, lang } = view;
  const id = `${origin}/notices/${notice.id}`;
  const head = {
    id,
    link: origin + inLanguage(`/notices/${notice.id}`, lang),
    author: [{ name: clean(notice.bodyName) }],
  };
  if (notice.status === 'withdrawn') {
    return {
      ...head,
      title: t('feed.withdrawn', notice.documentNumber),
      content: paragraphs([
        [t('notice.body'), notice.bodyName],
        [t('notice.withdrawn.on'), notice.withdrawal?.withdrawnOn],
        [t('notice.withdrawn.reason'), notice.withdrawal?.reason],
      ]),
    };
  }
  const { text, publishedOn } = notice;
  return {
    ...head,
    title: [text.partyPublicName, text.violation, notice.documentNumber].filter(Boolean).join(' · '),
    content: paragraphs([
      [t('notice.document'), notice.documentNumber],
      [t('notice.party'), text.partyPublicName],
      [t('notice.violation'), text.violation],
      [t('notice.basis'), text.basis],
      [t('notice.kinds'), text.penaltyKinds.map((kind) => view.say(kindName(kind))).join('、')],
      [t('notice.content'), text.content],
      [t('notice.body'), notice.bodyName],
      [t('notice.decided'), notice.decidedOn],
      [t('notice.version.reason'), text.reason],
    ]),
    category: [{ name: t(`category.${notice.category}`), term: notice.category }],
    ...(publishedOn && { published: dayOf(publishedOn) }),
  };
}

const paragraphs = (rows: ReadonlyArray<readonly [label: string, value: string | undefined]>): string =>
  rows
    .filter(([, value]) => value)
    .map(([label, value]) => `<p>${escaped(label)}: ${escaped(value ?? '')}</p>`)
    .join('');
