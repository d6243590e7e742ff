import { applyDecorators, Get, Header, Post } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Public } from '../access/access.decorators';
import { ReadsFrom } from '../api/reads-from';

const HTML = 'text/html; charset=utf-8';

const page = (projection?: string): MethodDecorator[] => [
  Public(),
  Header('Content-Type', HTML),
  // What was withdrawn must be gone at once: every page is asked for anew.
  Header('Cache-Control', 'no-cache'),
  ApiExcludeEndpoint(),
  ...(projection ? [ReadsFrom(projection)] : []),
];

/** A page for everybody, as HTML. `projection`: waits for `?position=` of it, and says how far the answer reaches. */
export const PageAt = (path: string, projection?: string): MethodDecorator =>
  applyDecorators(Get(path), ...page(projection));

/** Where a page's form goes. */
export const FormAt = (path: string): MethodDecorator => applyDecorators(Post(path), ...page());
