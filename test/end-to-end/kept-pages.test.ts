import * as N from '../../src/disclosure/notice-events';
import { event } from '../../src/kernel/event';
import { KeptPages } from '../../src/portal/kept-pages';
import { viewOf } from '../../src/portal/view';
import { Nodes } from './nodes';
import type { Running } from './running';
import { tellerOn } from './telling';

const cluster = new Nodes();
const nodes = cluster.running;

/** Words of a notice that must not be read any more once it is corrected, withdrawn or expired. */
const WORDS = ['沈某某', '占道经营烧烤', '罚款三百元'];
const LANGUAGES = ['', 'lang=en&'];

beforeAll(() => cluster.start('甲节点', '乙节点'));
afterAll(() => cluster.stop());

const happened = (id: string, ...events: object[]): Promise<void> =>
  tellerOn(nodes[0]).happened(`notice-${id}`, ...events);

const published = (id: string): Promise<void> =>
  happened(
    id,
    event(N.NoticeDrafted, {
      ...{ source: 'case-1', category: 'penalty', bodyId: 'body-1', documentNumber: `明市城管罚〔2026〕${id}号` },
      ...{ decidedOn: '2026-02-26', partyId: 'party-1', partyKind: 'natural_person', partyPublicName: WORDS[0] },
      ...{ violation: WORDS[1], facts: WORDS[1], basis: '行政处罚法第9条', penaltyKinds: ['fine'], content: WORDS[2] },
      ...{ fineYuan: 300, publicityClass: 'short' },
      channels: [{ channel: 'agency_site', required: true, dueOn: '2026-03-06', basis: '国办发〔2018〕118号' }],
    }),
    event(N.NoticeApproved, { version: 1 }),
    event(N.NoticePublished, {
      ...{ channel: 'agency_site', version: 1, publishedOn: '2026-02-27', publicUntil: '2026-05-27' },
    }),
  );

/** The page as it stands when a node's rows hold everything. `etag`: of the page that the reader has. */
async function page(node: Running, id: string, language: string, etag?: string) {
  const path = `/notices/${id}?${language}position=${await nodes[0].mingjing.store.head()}`;
  const answer = await node.request('GET', path, etag === undefined ? {} : { headers: { 'if-none-match': etag } });
  return { ...answer, etag: answer.headers.get('etag') ?? '' };
}

/** Reads a page on every node in both languages, so that all of them have it, and returns the tags. */
async function readBefore(id: string): Promise<string[]> {
  const tags: string[] = [];
  for (const language of LANGUAGES) {
    const [here, there] = [await page(nodes[0], id, language), await page(nodes[1], id, language)];
    for (const { status, text } of [here, there]) {
      expect([status, ...WORDS.filter((word) => !text.includes(word))]).toEqual([200]);
    }
    expect(there.etag).toBe(here.etag);
    tags.push(here.etag);
  }
  return tags;
}

/** The next answer of every node to those who have the page before. */
async function readAfter(id: string, tags: readonly string[]): Promise<Array<{ status: number; text: string }>> {
  const answers = [];
  for (const node of nodes)
    for (const [n, language] of LANGUAGES.entries()) answers.push(await page(node, id, language, tags[n]));
  return answers;
}

it('sends a page once to a reader who keeps it, whichever node is asked', async () => {
  await published('n-same');
  const [zh, en] = await readBefore('n-same');
  expect(en).not.toBe(zh);
  for (const node of nodes) {
    for (const tag of [zh, `W/${zh}`, `"another", ${zh}`]) {
      const { status, text, etag } = await page(node, 'n-same', '', tag);
      expect({ status, text, etag }).toEqual({ status: 304, text: '', etag: zh });
    }
    expect((await page(node, 'n-same', 'lang=en&', zh)).status).toBe(200);
  }
});

it('shows no word that a correction hid, in the very next answer of every node', async () => {
  await published('n-corrected');
  const tags = await readBefore('n-corrected');
  const masked = { partyPublicName: '某人', violation: '某事', facts: '某事', content: '某额' };
  const correction = {
    version: 2,
    reasonKind: 'personal_data',
    reason: '隐去个人信息',
    correctedOn: '2026-03-02',
  } as const;
  await happened('n-corrected', event(N.NoticeCorrected, { ...correction, ...masked }));
  for (const { status, text } of await readAfter('n-corrected', tags)) {
    expect([status, ...WORDS.filter((word) => text.includes(word))]).toEqual([200]);
    expect(text).toContain('某人');
  }
});

it('shows nothing of a notice that was withdrawn, in the very next answer of every node', async () => {
  await published('n-withdrawn');
  const tags = await readBefore('n-withdrawn');
  await happened(
    'n-withdrawn',
    event(N.NoticeWithdrawn, { withdrawnOn: '2026-03-02', cause: 'revoked', reason: '原决定被撤销' }),
  );
  for (const { status, text } of await readAfter('n-withdrawn', tags)) {
    expect([status, ...WORDS.filter((word) => text.includes(word))]).toEqual([200]);
    expect(text).toContain('原决定被撤销');
  }
});

it('says of a notice that has expired only that it was, in the very next answer of every node', async () => {
  await published('n-expired');
  const tags = await readBefore('n-expired');
  await happened('n-expired', event(N.NoticeExpired, { channel: 'agency_site', expiredOn: '2026-05-27' }));
  for (const { status, text } of await readAfter('n-expired', tags)) {
    expect([status, ...WORDS.filter((word) => text.includes(word))]).toEqual([410]);
  }
});

it('keeps no page in memory beyond an erasure, on whichever node a key was destroyed', async () => {
  const [here, there] = nodes.map(({ mingjing }) => mingjing);
  const view = viewOf({ publicUrl: 'https://mingjing.example' } as never, { url: '/', query: {}, headers: {} });
  const pages = there.app.get(KeptPages, { strict: false });
  let written = 0;
  const pageOf = () => ({ title: `${++written}`, content: null });
  for (let asked = 0; asked < 2; asked++) pages.page(view, {}, pageOf);
  expect(written).toBe(1);
  const heard = new Promise<void>((resolve) => there.vault.onDestroyed(resolve));
  await here.vault.keysForWriting(['party:p-erased']);
  await here.vault.destroy('party:p-erased', nodes[0].now);
  await heard;
  pages.page(view, {}, pageOf);
  expect(written).toBe(2);
});
