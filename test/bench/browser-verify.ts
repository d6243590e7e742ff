import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cosignedMessage, formatCheckpoint } from '../../src/verification/checkpoint';
import { decodeDisclosed, entryOf } from '../../src/verification/disclosure';
import { leafHash, rootFromInclusion } from '../../src/verification/merkle-proof';
import { formatNote } from '../../src/verification/note';
import { formatProofFile, parseProofFile } from '../../src/verification/proof-file';
import { formatVerifierKey, timestampedSignature, verifierKeyOf } from '../../src/verification/verifier-key';
import type { VerifierKey } from '../../src/verification/verifier-key';
import { launchBrowser } from '../browser/browser';
import { startPortalCity } from '../browser/portal-city';
import { bound, type Measured } from './measured';

const LEAVES = 10_000_000;
const PATH_HASHES = 24;
const RUNS = 100;
const LOADS = 15;
const LIMIT_MS = 50;
const ORIGIN = 'bench.example/log';

interface Signer {
  readonly key: VerifierKey;
  readonly secret: KeyObject;
}

interface CarriedProof {
  readonly proof: string;
}

/**
 * One click on 「在浏览器中核对」 in a real browser, to the words on the page: a notice of four events, each under a path of 24
 * hashes in a log of ten million, the checkpoint signed by the log and two witnesses.
 */
export async function browserVerify(): Promise<Measured[]> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-browser-'));
  const [city, browser] = [await startPortalCity(), await launchBrowser()];
  try {
    const [copy, events] = await inLargeLog(await (await fetch(`${city.origin}/notices/n-3/verifiable.html`)).text());
    const file = join(directory, 'notice.html');
    writeFileSync(file, copy);
    const page = await (await browser.context()).newPage();
    const firsts: number[] = [];
    for (let load = 0; load < LOADS; load++) {
      await page.goto(`file://${file}`);
      firsts.push(...(await page.evaluate<number[]>(`(${clicks})(1)`)));
    }
    const times = await page.evaluate<number[]>(`(${clicks})(${RUNS})`);
    const verdict = await page.locator('.verdict').getAttribute('class');
    if (verdict !== 'verdict good') throw new Error(`the notice did not verify: ${verdict}`);
    const what = `verification in the browser of a notice of ${events} events in a log of ${LEAVES}`;
    return [
      bound(`${what}, first click on a fresh page, median`, 'ms', quantile(firsts, 0.5), LIMIT_MS),
      bound(`${what}, median of ${RUNS}`, 'ms', quantile(times, 0.5), LIMIT_MS),
      bound(`${what}, 95 % of ${RUNS}`, 'ms', quantile(times, 0.95), LIMIT_MS),
      bound('of it one proof, 95 %', 'ms', quantile(times, 0.95) / events, LIMIT_MS),
    ];
  } finally {
    await browser.close();
    await city.close();
    rmSync(directory, { recursive: true });
  }
}

function quantile(of: readonly number[], share: number): number {
  const sorted = [...of].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** In the page: presses the button so often, and how long each time took to the words, in ms. */
const clicks = `async (runs) => {
  const [panel, button] = ['.verify', '[data-part=start]'].map((s) => document.querySelector(s));
  const times = [];
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    button.click();
    await new Promise((done) => {
      const look = () => panel.dataset.state === 'done' ? (seen.disconnect(), done()) : undefined;
      const seen = new MutationObserver(look);
      seen.observe(panel, { attributes: true });
    });
    times.push(performance.now() - begin);
  }
  return times;
}`;

/** The copy with each of its events in a log of ten million instead, and how many they are. */
async function inLargeLog(copy: string): Promise<[copy: string, events: number]> {
  const [, before, data, after] = /^(.*<script[^>]*id="proofs">)(.*?)(<\/script>.*)$/s.exec(copy) ?? [];
  const { proofs } = JSON.parse(data) as { proofs: CarriedProof[] };
  const log = await signer(ORIGIN, 'ed25519');
  const witnesses = [await signer('a.example/w', 'cosignature/v1'), await signer('b.example/w', 'cosignature/v1')];
  const policy = [
    `log ${formatVerifierKey(log.key)}`,
    ...witnesses.map(({ key }, i) => `witness w${i} ${formatVerifierKey(key)}`),
    'group both all w0 w1',
    'quorum both\n',
  ].join('\n');
  const large = await Promise.all(
    proofs.map(async (each) => ({ ...each, proof: await grown(each.proof, log, witnesses) })),
  );
  return [before + JSON.stringify({ policy, proofs: large }).replace(/</g, '\\u003c') + after, proofs.length];
}

async function grown(proof: string, log: Signer, witnesses: readonly Signer[]): Promise<string> {
  const { index, extra } = parseProofFile(proof);
  const hashes = Array.from({ length: PATH_HASHES }, () => new Uint8Array(randomBytes(32)));
  const leaf = await leafHash(await entryOf(decodeDisclosed(extra!)._sd));
  const root = await rootFromInclusion({ leafHash: leaf, index: BigInt(index), size: BigInt(LEAVES), proof: hashes });
  const text = formatCheckpoint({ origin: ORIGIN, size: LEAVES, root });
  const time = Math.floor(Date.now() / 1000);
  const signatures = [
    { ...log.key, signature: sign(null, Buffer.from(text), log.secret) },
    ...witnesses.map(({ key, secret }) => ({
      ...key,
      signature: timestampedSignature(time, sign(null, cosignedMessage(time, text), secret)),
    })),
  ];
  return formatProofFile({ extra, index, hashes, checkpoint: formatNote({ text, signatures }) });
}

async function signer(name: string, algorithm: VerifierKey['algorithm']): Promise<Signer> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: await verifierKeyOf(name, algorithm, new Uint8Array(raw)), secret: privateKey };
}
