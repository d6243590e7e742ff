import { randomInt } from 'node:crypto';

/** Without 0, O, 1, I and L: it is written down by hand. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const RECEIPT = new RegExp(`^T\\d{8}(-[${ALPHABET}]{4}){3}$`);

/**
 * A receipt number 受理编号: `T20260310-7KQM-2XWD-9HTR`. Whoever holds it may see how far the complaint has come, so it must not be
 * guessed: twelve characters are 59 bits. `below` draws a whole number from 0 up to but not including its argument.
 */
export function newReceipt(date: string, below: (end: number) => number = randomInt): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET[below(ALPHABET.length)]).join('');
  return `T${date.replaceAll('-', '')}-${group()}-${group()}-${group()}`;
}

export const isReceipt = (id: string): boolean => RECEIPT.test(id);
