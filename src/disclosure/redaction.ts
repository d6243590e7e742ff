import { Failure } from '../kernel/errors';
import { forbiddenData, type ForbiddenDatum } from './disclosure-rules';
import type { PartyKind } from './notice-events';

/** A datum that may not be published, and in which field it stands. The datum itself is not repeated. */
export interface Finding {
  readonly field: string;
  readonly datum: ForbiddenDatum;
}

/** What a text that is about to be published may not hold: one finding for each kind and field. */
export function findPersonalData(text: Readonly<Record<string, unknown>>, party: PartyKind): Finding[] {
  return Object.entries(text).flatMap(([field, value]) =>
    typeof value !== 'string'
      ? []
      : forbiddenData
          .filter((datum) => !datum.onlyNaturalPersons || party === 'natural_person')
          .filter(({ pattern, counts }) => [...value.matchAll(pattern)].some(([found]) => counts?.(found) ?? true))
          .map((datum) => ({ field, datum })),
  );
}

/** A name as it may be shown: `张某`, `张某某`, `张*`, `姜○○`. */
const MASKED = /[某*＊○〇Ｏ×xX]/;

/**
 * Refuses a text that would publish what 内蒙古办法 10 keeps back, with one failure for each field and kind.
 * @throws Failure `notice.personal_data` or `notice.name_not_masked`
 */
export function checkPublishable(
  text: Readonly<Record<string, unknown>> & { readonly partyPublicName?: string },
  party: PartyKind,
): void {
  const [first, ...rest] = findPersonalData(text, party).map(
    ({ field, datum }) =>
      new Failure('refused', 'notice.personal_data', {
        zh: `“${field}”中含有${datum.zh}，公示前应当隐去。`,
        en: `${field} holds ${datum.en}, which is not published.`,
        basis: datum.basis,
        field,
      }),
  );
  if (first) throw new Failure(first.kind, first.code, first.detail, rest);
  const name = text.partyPublicName;
  if (party === 'natural_person' && name !== undefined && !MASKED.test(name)) {
    throw new Failure('refused', 'notice.name_not_masked', {
      zh: '自然人姓名公示时应当作隐去处理。',
      en: 'The name of a natural person is masked when it is published.',
      basis: '个人信息保护法第6条、I08',
      field: 'partyPublicName',
    });
  }
}
