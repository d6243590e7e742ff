import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

export const MAX_PAGE = 200;

/** `?position=`: answer only once the read model holds the event at this position (read your own writes). */
export class PositionQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  position?: number;
}

/** `?limit=&cursor=`: one page of a list. */
export class PageQuery extends PositionQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit: number = 50;

  /** `next` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  @Matches(/^[A-Za-z0-9_=.~-]+$/)
  cursor?: string;
}

/** One page as people receive it. `next` is missing on the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** A page from one item more than was asked for; `cursorOf` says where the next page begins. */
export function pageOf<T>(found: readonly T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const items = found.slice(0, limit);
  return found.length > limit ? { items, next: cursorOf(items[limit - 1]) } : { items };
}
