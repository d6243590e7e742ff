import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TreeEdge } from '../../src/ledger/transparency/tree-edge';
import { formatVerifierKey } from '../../src/verification/verifier-key';
import { signedCheckpoint, signerOf, type Signer } from '../verification/signing';
import { atEnd } from '../witness/running-witness';

export const ORIGIN = 'jc.example.gov.cn/mingjing/log';

/** The entry of a leaf; another one for each history. */
export const entryOf = (index: number, history = 0): Buffer =>
  createHash('sha256').update(`entry ${index} of history ${history}`).digest();

/** The files of a tree of `size` leaves whose entries from `divergesAt` on are those of another history, and its root. */
export function treeFiles(size: number, divergesAt = Infinity): { files: Map<string, Buffer>; root: Buffer } {
  const edge = TreeEdge.empty();
  const files = new Map<string, Buffer>();
  const put = (objects: ReturnType<TreeEdge['partials']>): void =>
    objects.forEach(({ path, bytes }) => files.set(path, Buffer.from(bytes)));
  for (let index = 0; index < size; index++) put(edge.append(entryOf(index, index >= divergesAt ? 1 : 0)));
  put(edge.partials());
  return { files, root: edge.root() };
}

export interface ServedLog {
  readonly url: string;
  readonly signer: Signer;
  readonly vkey: string;
  /** By path under the prefix; a test may change or remove what it likes. */
  readonly files: Map<string, Buffer>;
  /** The paths that were asked for, in order. */
  readonly requests: string[];
  /** Answers instead of the files when it returns true. */
  interfere: (path: string, response: ServerResponse, request: IncomingMessage) => boolean;
  /** Signs and serves a tree, honest or not. */
  show(size: number, how?: Shown): string;
  close(): Promise<void>;
}

export interface Shown {
  readonly divergesAt?: number;
  readonly signer?: Signer;
  readonly origin?: string;
  readonly cosigners?: readonly (readonly [Signer, time: number])[];
}

/** A log behind a real port, which signs whatever it is told to. */
export async function servedLog(): Promise<ServedLog> {
  const signer = await signerOf(ORIGIN, 1);
  const files = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/log/', '');
    requests.push(path);
    if (log.interfere(path, response, request)) return;
    const bytes = files.get(path);
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  atEnd(close);
  const log: ServedLog = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`,
    signer,
    vkey: formatVerifierKey(signer.key),
    files,
    requests,
    interfere: () => false,
    close,
    show(size, { divergesAt, signer: by = signer, origin = ORIGIN, cosigners } = {}) {
      const tree = treeFiles(size, divergesAt);
      const note = signedCheckpoint({ origin, size, root: tree.root }, by, cosigners);
      files.clear();
      for (const [path, bytes] of tree.files) files.set(path, bytes);
      files.set('checkpoint', Buffer.from(note));
      return note;
    },
  };
  return log;
}
