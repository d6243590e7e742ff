import { createHash } from 'node:crypto';
import { Controller, Get, HttpStatus, Inject, NotFoundException, Options, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { Public } from '../access/access.decorators';
import { isKnown, type HttpReply, type HttpRequest } from '../access/http-exchange';
import { CONFIG, type ApiConfig } from '../api/api-config';
import { LogStorage } from '../ledger/transparency/log-storage';
import { LogProver } from '../ledger/transparency/prover';
import { TILE_WIDTH, parseTilePath, type TileAddress } from '../ledger/transparency/tile-path';
import { readTile } from '../ledger/transparency/tile-reader';
import { logPolicy } from './log-policy';

/** The text of the witnesses' policy; empty when there are none. */
export const WITNESS_POLICY = Symbol('witness policy');

const ONE_YEAR_S = 31_536_000;
const TEXT = 'text/plain; charset=utf-8';

/**
 * The log as files for everybody (c2sp.org/tlog-tiles), under `/log/`. Which browsers may read them, all, is said for every
 * answer under that address, `src/api/http.ts`. No limit a minute: whoever watches the log must be able to read all of it, and
 * each file is small, never changes and may be kept by any cache.
 */
@ApiExcludeController()
@Public()
@SkipThrottle()
@Controller('log')
export class LogFilesController {
  /** A size that was published: the log only grows. */
  private published = 0;

  constructor(
    private readonly storage: LogStorage,
    private readonly prover: LogProver,
    @Inject(CONFIG) private readonly config: Pick<ApiConfig, 'publicUrl'>,
    @Inject(WITNESS_POLICY) private readonly witnessPolicy: string,
  ) {}

  @Get('checkpoint')
  async checkpoint(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { note } = await this.prover.checkpoint();
    answerText(request, reply, note);
  }

  /** The verifier keys, one a line: the one that signs now first, then earlier ones. */
  @Get('vkey')
  async verifierKeys(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    answerText(request, reply, await this.keys());
  }

  @Get('policy')
  async policy(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { publicUrl } = this.config;
    const url = publicUrl && `${publicUrl.replace(/\/+$/, '')}/log`;
    answerText(request, reply, logPolicy(await this.keys(), url, this.witnessPolicy));
  }

  /** A tile or an entry bundle of the published tree; one that is only on its way there is not there yet. */
  @Get('tile/*')
  async tile(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const address = parseTilePath(request.url.slice('/log/'.length));
    const bytes = address && (await this.isPublished(address)) ? await readTile(this.storage, address) : undefined;
    if (!bytes) {
      reply.header('Cache-Control', 'no-store'); // it may be there in a second
      throw new NotFoundException();
    }
    reply
      .header('Content-Type', 'application/octet-stream')
      .header('Cache-Control', `public, max-age=${ONE_YEAR_S}, immutable`)
      .send(bytes);
  }

  /** What a browser asks before it sends a request with headers of its own to another site. */
  @Options('*')
  preflight(@Res() reply: HttpReply): void {
    reply
      .header('Access-Control-Allow-Methods', 'GET, HEAD')
      .header('Access-Control-Allow-Headers', '*')
      .header('Access-Control-Max-Age', 86_400)
      .status(HttpStatus.NO_CONTENT)
      .send();
  }

  private async isPublished(address: TileAddress): Promise<boolean> {
    if (!isWithin(address, this.published)) this.published = (await this.prover.checkpoint()).size;
    return isWithin(address, this.published);
  }

  private async keys(): Promise<string> {
    const keys = await this.storage.read('vkey');
    if (keys) return keys.toString('utf8');
    await this.prover.checkpoint(); // says that nothing has been published yet
    throw new NotFoundException();
  }
}

/** Whether all of a tile is in the tree of `size` leaves. */
function isWithin({ level, n, width }: TileAddress, size: number): boolean {
  return (n * TILE_WIDTH + width) * TILE_WIDTH ** (level === 'entries' ? 0 : level) <= size;
}

/** A text that changes: asked for anew each time, and sent only when it is another one. */
function answerText(request: HttpRequest, reply: HttpReply, text: string): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  reply.header('ETag', etag).header('Cache-Control', 'no-cache');
  if (isKnown(request, etag)) reply.status(HttpStatus.NOT_MODIFIED).send();
  else reply.header('Content-Type', TEXT).send(text);
}
