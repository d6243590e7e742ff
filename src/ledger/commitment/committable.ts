import { Failure } from '../../kernel/errors';
import type { NewEvent } from '../../kernel/event';
import { MAX_DIGESTS } from '../../verification/disclosure';
import { isSealed } from './sealed-field';

/** A sealed field has two digests, and the envelope has its own. */
const MAX_DATA_FIELDS = MAX_DIGESTS / 2 - 32;
/** A field's name becomes part of a path, which verifiers show to people; `#` begins our own suffix. */
const FIELD_NAME = /^[^\p{C}#]{1,128}$/u;
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * Refuses, before it is recorded, what could be stored but not proven to everybody: RFC 8785 has no text for half a character,
 * and a plain value that looks like a sealed one would be taken for it.
 * @throws Failure `ledger.bad_text`, `ledger.reserved_member`; Error for a shape that no event class may have
 */
export function assertCommittable({ type, data, metadata }: NewEvent): void {
  const names = Object.keys(data);
  if (names.length > MAX_DATA_FIELDS) throw new Error(`${type} has more than ${MAX_DATA_FIELDS} fields`);
  for (const name of names) {
    if (!FIELD_NAME.test(name)) throw new Error(`${type}: ${JSON.stringify(name)} cannot be the name of a field`);
    if (isSealed(data[name])) throw reservedMember(name);
    assertText(data[name], name);
  }
  assertText(metadata, 'metadata');
}

function assertText(value: unknown, field: string): void {
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) throw badText(field);
  } else if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) {
      if (!Array.isArray(value)) assertText(name, field);
      assertText((value as Record<string, unknown>)[name], field);
    }
  }
}

const badText = (field: string): Failure =>
  new Failure('invalid', 'ledger.bad_text', {
    zh: '文本中有残缺的字符（单独的代理码位），无法记录。',
    en: 'The text has half of a character (a lone surrogate) and cannot be recorded.',
    field,
  });

const reservedMember = (field: string): Failure =>
  new Failure('invalid', 'ledger.reserved_member', {
    zh: '成员名 $sealed 为加密字段专用。',
    en: 'The member $sealed is for encrypted fields alone.',
    field,
  });
