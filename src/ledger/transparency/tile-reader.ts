import { LogCorrupt, type LogStorage } from './log-storage';
import { HASH_BYTES } from './merkle';
import { pathOf, TILE_WIDTH, type TileAddress } from './tile-path';

/** The width of tile `n` on a level of a tree of `size` leaves: 0 when there is no such tile. */
export function widthOf(level: number | 'entries', n: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, hashes - n * TILE_WIDTH));
}

/**
 * The bytes of a tile or bundle. A partial one that has been removed is the beginning of its full one, so every size that was
 * ever published can be read for ever. Undefined when the log has neither.
 * @throws LogCorrupt when the stored file does not have the length its name says
 */
export async function readTile(storage: Pick<LogStorage, 'read'>, address: TileAddress): Promise<Buffer | undefined> {
  const stored = await storage.read(pathOf(address));
  if (stored) return prefix(stored, address, address.width);
  if (address.width === TILE_WIDTH) return undefined;
  const full = { ...address, width: TILE_WIDTH };
  const whole = await storage.read(pathOf(full));
  return whole && prefix(prefix(whole, full, TILE_WIDTH), address, address.width, true);
}

/** The entries of a bundle, in order. @throws LogCorrupt */
export function entriesOf(bundle: Buffer, path: string): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 <= bundle.length ? at + 2 + bundle.readUInt16BE(at) : Infinity;
    if (end > bundle.length) throw new LogCorrupt(path, 'the bundle ends within an entry');
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

/** The first `width` hashes or entries, which must be all there are unless `mayBeMore`. */
function prefix(bytes: Buffer, address: TileAddress, width: number, mayBeMore = false): Buffer {
  const path = pathOf(address);
  const length =
    address.level === 'entries'
      ? entriesOf(bytes, path)
          .slice(0, width)
          .reduce((sum, entry) => sum + 2 + entry.length, 0)
      : width * HASH_BYTES;
  const fits = mayBeMore ? bytes.length >= length : bytes.length === length;
  if (!fits) throw new LogCorrupt(path, `${bytes.length} bytes are stored, ${length} belong there`);
  return bytes.subarray(0, length);
}
