import { equalBytes, toBase64 } from '../../src/verification/bytes';
import { parsePolicy, type Policy } from '../../src/verification/policy';
import { verifyCheckpoint, verifyProof, type VerificationReport } from '../../src/verification/verify-proof';
import { naiveLeaf, naiveRoot } from '../verification/naive-tree';
import { until } from '../until';

const TILE = 256;
const HASH = 32;

/** Somebody who knows the log's address, its key, and no line of the program that runs it. */
export class Outsider {
  constructor(readonly origin: string) {}

  get(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.origin + path, init);
  }

  async text(path: string): Promise<string> {
    const response = await this.get(path);
    if (response.status !== 200) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.text();
  }

  async policy(): Promise<Policy> {
    return parsePolicy(await this.text('/log/policy'));
  }

  /** Size and root of the newest checkpoint, once its signature holds. */
  async checkpoint(): Promise<{ size: number; root: string }> {
    const { checkpoint } = await verifyCheckpoint(await this.text('/log/checkpoint'), await this.policy());
    return { size: checkpoint.size, root: toBase64(checkpoint.root) };
  }

  /** Until a checkpoint covers a position. */
  async sealed(position: number): Promise<void> {
    await until(async () => {
      const response = await this.get('/log/checkpoint');
      const text = await response.text();
      return response.status === 200 && Number(text.split('\n')[1]) >= position;
    }, `a checkpoint covers ${position}`);
  }

  /** The root of the first `size` leaves: from the entries, compared on the way with the hashes of level 0. */
  async recomputedRoot(size: number): Promise<string> {
    const entries: Uint8Array[] = [];
    for (let n = 0; n * TILE < size; n++) {
      const width = Math.min(TILE, size - n * TILE);
      const path = `${String(n).padStart(3, '0')}${width < TILE ? `.p/${width}` : ''}`;
      const hashes = await this.bytes(`/log/tile/0/${path}`);
      const bundle = entriesIn(await this.bytes(`/log/tile/entries/${path}`));
      if (hashes.length !== width * HASH || bundle.length !== width) throw new Error(`${path} is not ${width} wide`);
      bundle.forEach((entry, i) => {
        if (!equalBytes(naiveLeaf(entry), hashes.subarray(i * HASH, (i + 1) * HASH)))
          throw new Error(`leaf ${i} of ${path}`);
      });
      entries.push(...bundle);
    }
    return toBase64(naiveRoot(entries));
  }

  async verified(path: string): Promise<VerificationReport> {
    return verifyProof(await this.text(path), await this.policy());
  }

  private async bytes(path: string): Promise<Uint8Array> {
    const response = await this.get(path);
    if (response.status !== 200) throw new Error(`GET ${path}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

function entriesIn(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + view.getUint16(at);
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}
