import { createHash } from 'node:crypto';
import { seedText, ticketsOf, type DrawLists, type SeedRule } from '../verification/draw';

const sha256 = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();

/** The seed that follows from the announcement's entry in the log (32 bytes, base64) and a checkpoint. */
export const seedOf = (entry: string, checkpoint: string, rule: SeedRule): string =>
  sha256(seedText(Buffer.from(entry, 'base64'), checkpoint, rule)).toString('hex');

/** The ranks of parties and officers, in the order of the lists. */
export const ranksOf = (seed: string, lists: Pick<DrawLists, 'parties' | 'officers'>): string[] =>
  ticketsOf(seed, lists).map((ticket) => sha256(ticket).toString('hex'));
