import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

const COMMIT = Buffer.from('COMMIT');

/**
 * A way to PostgreSQL that breaks at a commit: before it reaches the server (`question`), so that nothing was committed, or after the
 * server has done it and before the client hears of it (`answer`).
 */
export class LosingProxy {
  /** How many commits were met with a broken connection. */
  lost = 0;
  private losing = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    private readonly what: 'answer' | 'question',
  ) {
    server.on('connection', (client) => this.carry(client));
  }

  /** `url`: of the server; by its socket where it names a folder as host. */
  static async start(url: string, what: 'answer' | 'question'): Promise<LosingProxy> {
    const server = createServer();
    const proxy = new LosingProxy(server, new URL(url), what);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `postgres://${this.target.username}@127.0.0.1:${port}${this.target.pathname}`;
  }

  /** Breaks the connection of the next commit. */
  loseNext(): void {
    this.losing = true;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private carry(client: Socket): void {
    const folder = this.target.searchParams.get('host');
    const upstream = folder
      ? connect(join(folder, '.s.PGSQL.5432'))
      : connect(Number(this.target.port || 5432), this.target.hostname);
    const pair = [client, upstream];
    let silenced = false;
    const end = (): void => pair.forEach((socket) => socket.destroy());
    for (const socket of pair) {
      this.sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    client.on('data', (data: Buffer) => {
      if (this.losing && data.includes(COMMIT)) {
        this.losing = false;
        this.lost += 1;
        if (this.what === 'question') return end();
        silenced = true;
      }
      upstream.write(data);
    });
    upstream.on('data', (data: Buffer) => {
      if (silenced) end();
      else client.write(data);
    });
  }
}
