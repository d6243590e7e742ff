/** Hashes of a full tile, entries of a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
/** C2SP tlog-tiles: levels 0 to 63. */
export const MAX_TILE_LEVEL = 63;

/** A tile of hashes, or a bundle of entries, by its place. `width` is 1 to 256; 256 is a full one. */
export interface TileAddress {
  readonly level: number | 'entries';
  readonly n: number;
  readonly width: number;
}

/** Path of a tile under the log's prefix, such as `tile/0/x001/x234/067.p/112` (C2SP tlog-tiles). */
export function tilePath(level: number, n: number, width: number = TILE_WIDTH): string {
  return pathOf({ level, n, width });
}

/** Path of an entry bundle under the log's prefix, such as `tile/entries/x001/x234/067`. */
export function entriesPath(n: number, width: number = TILE_WIDTH): string {
  return pathOf({ level: 'entries', n, width });
}

/** Folder of the partial forms of a tile or bundle: `tile/0/000.p`. */
export function partialsPath({ level, n }: Pick<TileAddress, 'level' | 'n'>): string {
  return `tile/${level}/${grouped(n)}.p`;
}

/** Where a tile lies under the log’s prefix (C2SP tlog-tiles): `tile/1/x001/234.p/5`. */
export function pathOf({ level, n, width }: TileAddress): string {
  return width < TILE_WIDTH ? `${partialsPath({ level, n })}/${width}` : `tile/${level}/${grouped(n)}`;
}

/** 1234067 as `x001/x234/067`. */
function grouped(n: number): string {
  const digits = String(n);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The address of a path under the log's prefix; undefined unless it is written exactly as `pathOf` writes it. */
export function parseTilePath(path: string): TileAddress | undefined {
  const [, level, groups, width] = PATH.exec(path) ?? [];
  if (level === undefined) return undefined;
  const address = {
    level: level === 'entries' ? level : Number(level),
    n: Number(groups.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  } as const;
  const known = address.level === 'entries' || address.level <= MAX_TILE_LEVEL;
  return known && Number.isSafeInteger(address.n) && pathOf(address) === path ? address : undefined;
}
