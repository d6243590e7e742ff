import { Controller, Get, HttpStatus, Inject, NotFoundException, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../access/access.decorators';
import { isKnown, type HttpReply, type HttpRequest } from '../access/http-exchange';
import { CONFIG, type ApiConfig } from '../api/api-config';
import { ReadsFrom } from '../api/reads-from';
import { assets } from './assets';
import { noticeFeed, type FeedFormat } from './feed';
import { PUBLIC, PublicRows } from './public-rows';
import { textOf } from './query-text';
import type { ListedNotice } from './shown-notice';
import { viewOf } from './view';

const FEED_ENTRIES = 50;
const ONE_YEAR_S = 31_536_000;
const TYPES: Readonly<Record<FeedFormat, string>> = {
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** The feeds, and the files that pages refer to. */
@ApiExcludeController()
@Public()
@Controller()
export class FeedsController {
  constructor(
    @Inject(CONFIG) private readonly config: ApiConfig,
    private readonly rows: PublicRows,
  ) {}

  @Get('feed.atom')
  @ReadsFrom('public-notices')
  atom(@Req() request: HttpRequest, @Res() reply: HttpReply, @Query() asked: unknown): Promise<void> {
    return this.answer('atom', request, reply, textOf(asked, 'body', 200));
  }

  @Get('feed.json')
  @ReadsFrom('public-notices')
  json(@Req() request: HttpRequest, @Res() reply: HttpReply, @Query() asked: unknown): Promise<void> {
    return this.answer('json', request, reply, textOf(asked, 'body', 200));
  }

  @Get('assets/:name')
  asset(@Res() reply: HttpReply, @Param('name') name: string): void {
    const found = assets.find(({ path }) => path === `/assets/${name}`);
    if (!found) throw new NotFoundException();
    reply
      .header('Content-Type', found.type)
      .header('Cache-Control', `public, max-age=${ONE_YEAR_S}, immutable`)
      .send(found.content);
  }

  private async answer(format: FeedFormat, request: HttpRequest, reply: HttpReply, body?: string): Promise<void> {
    const { items } = await this.rows.list<ListedNotice>(PUBLIC.notices, {
      where: { body },
      orderBy: { column: 'changed', direction: 'desc' },
      limit: FEED_ENTRIES,
    });
    const feed = noticeFeed(viewOf(this.config, request), items, format, body);
    reply
      .header('ETag', feed.etag)
      .header('Last-Modified', feed.updated.toUTCString())
      .header('Cache-Control', 'no-cache')
      .header('Access-Control-Allow-Origin', '*');
    // Only the tag tells: days are all that notices change by, and a day may bring two changes.
    if (isKnown(request, feed.etag)) reply.status(HttpStatus.NOT_MODIFIED).send();
    else reply.header('Content-Type', TYPES[format]).send(feed.body);
  }
}
