import { ranksOf, seedOf } from '../../src/draws/seeding';
import { encodeDisclosed, entryOf } from '../../src/verification/disclosure';
import { dealt, DRAW_ALGORITHM } from '../../src/verification/draw';
import { DRAW_NOTICE_FORMAT, type DrawNotice } from '../../src/verification/draw-notice';
import { parsePolicy, type Policy } from '../../src/verification/policy';
import { formatProofFile } from '../../src/verification/proof-file';
import { verifyDraw } from '../../src/verification/verify-draw';
import { naiveRoot } from '../verification/naive-tree';
import { digestsOf, disclosuresOf } from '../verification/sample-proof';
import { listsOf } from './lists';
import { logKey, notary, ORIGIN, published, TestKey, university } from './signing';

const trusting = (...witnesses: TestKey[]): Promise<Policy> =>
  parsePolicy(
    [
      `log ${logKey.line}`,
      ...witnesses.map(({ line }, at) => `witness w${at} ${line}`),
      witnesses.length > 0
        ? `group all all ${witnesses.map((_, at) => `w${at}`).join(' ')}\nquorum all`
        : 'quorum none',
    ].join('\n'),
  );

/** A draw that holds but for who its announced witnesses are: the only event of a log. */
async function noticeOf(...announced: TestKey[]): Promise<DrawNotice> {
  const lists = listsOf(6, { A: [5, 20], B: [3, 50] });
  const terms = { itemId: 'item-1', itemVersion: 1, title: '抽查', bodyId: 'body-1', legalBasis: '依据' };
  const witnesses = announced.map(({ line }) => line);
  const data = { ...terms, ...lists, algorithm: DRAW_ALGORITHM, logOrigin: ORIGIN, witnesses };
  const fields = Object.fromEntries(Object.entries(data).map(([name, value]) => [`data.${name}`, value]));
  const disclosures = [
    ...disclosuresOf({ type: 'DrawAnnounced', stream: 'draw-d-1', position: 1, ...fields }).values(),
  ];
  const _sd = await digestsOf(disclosures);
  const entry = await entryOf(_sd);
  const signers = [...new Set([logKey, ...announced])];
  const checkpoint = published(1, signers, { root: naiveRoot([entry]) });
  const extra = encodeDisclosed({ _sd, _sd_alg: 'sha-256', disclosures });
  const seed = seedOf(Buffer.from(entry).toString('base64'), checkpoint, data);
  return {
    ...data,
    format: DRAW_NOTICE_FORMAT,
    id: 'd-1',
    status: 'held',
    position: 1,
    held: { entry: Buffer.from(entry).toString('base64'), checkpoint, seed, passedOver: [] },
    drawn: dealt(lists, ranksOf(seed, lists)),
    proof: formatProofFile({ extra, index: 0, hashes: [], checkpoint }),
  };
}

describe('the witnesses of a draw', () => {
  it('are as many parties as it says', async () => {
    const { warnings } = await verifyDraw(await noticeOf(notary, university), await trusting(notary, university));
    expect(warnings).toEqual([]);
  });

  it.each<[string, TestKey[], boolean]>([
    ['one under two names', [notary, new TestKey('another.example', 0x04, 'notary.example')], false],
    ['a key that signs no time', [notary, new TestKey('plain.example', 0x01)], false],
    ['the log by its own key', [notary, logKey], false],
    ['the log’s key under another name', [notary, new TestKey('independent.example', 0x04, ORIGIN)], true],
  ])('are not %s', async (_, announced, knowsTheLog) => {
    const notice = await noticeOf(...announced);
    await expect(verifyDraw(notice, await trusting(notary))).rejects.toMatchObject({
      code: 'draw_notice.witness_not_counted',
    });
    // Without a policy nobody says which key is the log's.
    if (!knowsTheLog)
      await expect(verifyDraw(notice)).rejects.toMatchObject({ code: 'draw_notice.witness_not_counted' });
  });

  it('are all of the reader’s policy, or the draw does not hold: the last to sign could choose', async () => {
    const notice = await noticeOf(notary, university);
    for (const known of [[notary], []]) {
      await expect(verifyDraw(notice, await trusting(...known))).rejects.toMatchObject({
        code: 'draw_notice.unknown_witness',
        detail: { en: expect.stringContaining('university.example') as unknown },
      });
    }
    expect((await verifyDraw(notice)).warnings.map(({ warning }) => warning)).toEqual(['no_policy']);
  });
});
