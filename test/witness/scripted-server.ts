import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from './running-witness';

export interface ScriptedServer {
  readonly url: string;
  /** The bodies it was sent, in order. */
  readonly requests: string[];
}

export type Script = (body: string, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

/** A server that does what no honest one does: for faults alone. */
export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push(Buffer.concat(chunks).toString());
      void script(requests.at(-1)!, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** An address at which nobody listens. */
export const DEAD = 'http://127.0.0.1:1';
