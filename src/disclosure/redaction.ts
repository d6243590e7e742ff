import { Failure, refused, require_ } from '../kernel/errors';
import { maskAddress, maskIdentifier, maskPersonName, maskPhone } from '../law/identifiers';
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

/** What a case knows of its party and no public text of a natural person's case may hold. */
export interface PartyData {
  readonly partyName?: string;
  readonly partyIdentifier?: string;
  readonly phone?: string;
  readonly address?: string;
}

/** A datum however it is spaced, as `张 建国` or `138-0000-0000`, and not as part of a longer number; undefined for none, or too short a one. */
function anySpacing(datum: string | undefined, least: number): RegExp | undefined {
  const characters = [...(datum ?? '').replace(/[\s-]/gu, '')];
  if (characters.length < least) return undefined;
  const text = characters.map((c) => c.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')).join('[\\s-]*');
  const before = /\d/.test(characters[0]) ? '(?<!\\d)' : '';
  const after = /\d/.test(characters[characters.length - 1]) ? '(?!\\d)' : '';
  return new RegExp(`${before}${text}${after}`, 'giu');
}

/** The name of a person; undefined when it is masked already, or too short to be told from other words. */
const nameIn = (name: string | undefined): RegExp | undefined =>
  name === undefined || maskPersonName(name) === name ? undefined : anySpacing(name, 2);

/** The text with each datum of the party as it may be shown: name and numbers masked, the address down to the district. */
export function hidePartyData(text: string, party: PartyData): string {
  const { partyName = '', partyIdentifier = '', phone = '', address = '' } = party;
  const district = maskAddress(address);
  const rows: ReadonlyArray<readonly [datum: RegExp | undefined, shown: string]> = [
    [district === address ? undefined : anySpacing(address, 4), `${district}某处`],
    [anySpacing(partyIdentifier, 6), maskIdentifier(partyIdentifier)],
    [anySpacing(phone, 7), maskPhone(phone)],
    [nameIn(partyName), maskPersonName(partyName)],
  ];
  return rows.reduce((shown, [datum, masked]) => (datum ? shown.replace(datum, () => masked) : shown), text);
}

/** A name that hides all but its family name or initials: `张某`, `欧阳某某`, `姜○○`, `J*** S***`. */
const MASKED_NAME = /^(?:\p{Script=Han}{1,2}[某*＊○〇Ｏ×●□]{1,3}|\S\*{3}(?: \S\*{3})*)$/u;

const isMasked = (shown: string, full: string | undefined): boolean =>
  full === undefined ? MASKED_NAME.test(shown) : shown === maskPersonName(full);

/** Whom a notice is of: what its texts are checked against. */
export interface PartyOfNotice {
  readonly partyKind: PartyKind;
  /** The full name of a natural person, where it is known. */
  readonly partyName?: string;
}

/** One failure for each field that names the party. The name itself is not repeated. */
function namesParty(text: Readonly<Record<string, unknown>>, { partyKind, partyName }: PartyOfNotice): Failure[] {
  const name = partyKind === 'natural_person' ? nameIn(partyName) : undefined;
  if (!name) return [];
  return Object.entries(text)
    .filter(([, value]) => typeof value === 'string' && value.search(name) >= 0)
    .map(([field]) =>
      refused('notice.names_party', {
        zh: `“${field}”中含有当事人姓名，公示前应当作隐去处理。`,
        en: `${field} holds the full name of the party, which is not published.`,
        basis: '个人信息保护法第6条、I08',
        field,
      }),
    );
}

/**
 * Refuses a text that holds the full name of the party.
 * @throws Failure `notice.names_party`, one for each field
 */
export function checkNames(text: Readonly<Record<string, unknown>>, party: PartyOfNotice): void {
  throwAll(namesParty(text, party));
}

function throwAll([first, ...rest]: readonly Failure[]): void {
  if (first) throw new Failure(first.kind, first.code, first.detail, rest);
}

/**
 * Refuses a text that would publish what 内蒙古办法 10 keeps back, with one failure for each field and kind.
 * @throws Failure `notice.personal_data`, `notice.names_party` or `notice.name_not_masked`
 */
export function checkPublishable(
  text: Readonly<Record<string, unknown>> & { readonly partyPublicName?: string },
  party: PartyOfNotice,
): void {
  const found = findPersonalData(text, party.partyKind).map(({ field, datum }) =>
    refused('notice.personal_data', {
      zh: `“${field}”中含有${datum.zh}，公示前应当隐去。`,
      en: `${field} holds ${datum.en}, which is not published.`,
      basis: datum.basis,
      field,
    }),
  );
  throwAll([...found, ...namesParty(text, party)]);
  const name = text.partyPublicName;
  require_(
    party.partyKind !== 'natural_person' || name === undefined || isMasked(name, party.partyName),
    'notice.name_not_masked',
    {
      zh: '自然人姓名公示时应当作隐去处理。',
      en: 'The name of a natural person is masked when it is published.',
      basis: '个人信息保护法第6条、I08',
      field: 'partyPublicName',
    },
  );
}
