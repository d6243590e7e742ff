import { hash } from 'node:crypto';
import iconv from 'iconv-lite';
import { ImportHistoricalPenalty, StatedOutcome } from '../enforcement/historical/historical-commands';
import type { PartyKind } from '../enforcement/penalty-types';
import { Failure } from '../kernel/errors';
import { startOfDay, type LocalDate } from '../kernel/time';
import { matchViolations, readCitations } from './articles';
import { readDate } from './dates';
import { Occurrences } from './occurrences';
import type { Field, Profile } from './profile';

/** A row as the command it stands for, addressed to the act it is. */
export interface ReadRow {
  readonly id: string;
  readonly command: ImportHistoricalPenalty;
  /** It holds bytes that are no character of the file's encoding. */
  readonly undecodable: boolean;
  /** It holds characters that were lost before this file was written, such as a `?` within a name. */
  readonly damaged: boolean;
}

const UNDECODABLE = /\uFFFD/;
const DAMAGED = /\p{Script=Han}\?|\?\p{Script=Han}|[\uFFFD\uE000-\uF8FF]/u;

type Cells = Record<Field, string>;

/** Reads the rows of one file by its profile. Remembers which rows it has seen, so one reader serves one file. */
export class RowReader {
  private readonly seen = new Occurrences();
  private readonly columns: ReadonlyArray<readonly [field: Field, index: number]>;

  /** @throws Failure `import.header_wrong` when the file's columns are not the profile's */
  constructor(
    private readonly profile: Profile,
    header: readonly string[],
  ) {
    const names = header.map((name) => name.trim());
    const expected = [...profile.columns.keys()];
    const missing = expected.filter((name) => !names.includes(name));
    const unknown = names.filter((name, i) => !profile.columns.has(name) || names.indexOf(name) !== i);
    if (missing.length > 0 || unknown.length > 0) throw wrongHeader(profile, missing, unknown);
    this.columns = names.map((name, i) => [profile.columns.get(name) ?? 'ignored', i]);
  }

  /** @throws Failure `import.*` when a cell cannot be read; what is readable but missing is left to the rules of the act */
  read(row: readonly string[]): ReadRow {
    const { profile } = this;
    const cells = this.cellsOf(row);
    const repairs = this.putBack(cells);
    const damagedFields = this.columns.filter(([, i]) => DAMAGED.test(row[i])).map(([field]) => field);
    repairs.push(...damagedFields.map((field) => `damaged:${field}`));

    const documentNumber = cells.documentNumber.replace(/\s/g, '');
    const malformed = UNDECODABLE.test(documentNumber) || profile.documentNumber?.test(documentNumber) === false;
    if (documentNumber && malformed) {
      throw unreadable(
        'document_number_malformed',
        'documentNumber',
        '文书号格式不符',
        'not a document number of this list',
      );
    }
    const decidedOn = this.date(cells, 'decidedOn');
    const publishedOn = this.date(cells, 'publishedOn');
    const { articles, unread } = readCitations(cells.articles, profile.citations);
    if (unread) throw unreadable('article_unreadable', 'articles', '违反条款无法识别', 'a citation cannot be read');
    matchViolations(articles, cells.violation, profile.violationMarks);
    const id = this.identify(cells, documentNumber, decidedOn, publishedOn);
    const { organisation, ...party } = this.party(cells);

    const command: ImportHistoricalPenalty = Object.assign(new ImportHistoricalPenalty(), {
      documentNumber,
      ...(decidedOn && { decidedOn, occurredAt: startOfDay(decidedOn) }),
      ...(publishedOn && { publishedOn }),
      jurisdiction: profile.jurisdiction,
      bodyName: cells.bodyName || profile.body,
      // An organisation is the same party in all its acts. A person is not followed from act to act.
      partyId: organisation ? `party-${digest(this.surviving(party.partyName))}` : `party-${id}`,
      ...party,
      articles,
      violation: cells.violation,
      ...this.penalty(cells),
      ...this.remarks(cells.remarks),
      repairs,
      rowSha256: hash('sha256', row.join('\u001f')),
    });
    return { id, command, undecodable: row.some((cell) => UNDECODABLE.test(cell)), damaged: damagedFields.length > 0 };
  }

  private cellsOf(row: readonly string[]): Cells {
    const cells: Cells = {
      documentNumber: '',
      decidedOn: '',
      publishedOn: '',
      bodyName: '',
      partyName: '',
      representative: '',
      articles: '',
      violation: '',
      kind: '',
      amount: '',
      remarks: '',
      ignored: '',
    };
    for (const [field, i] of this.columns) cells[field] = row[i].trim();
    return cells;
  }

  /** Puts cells back that stand in each other's column: only where the one is unreadable and the other is what it should be. */
  private putBack(cells: Cells): string[] {
    const repairs: string[] = [];
    for (const [one, other] of this.profile.exchanged) {
      if (this.fits(one, cells[one]) || !this.fits(one, cells[other])) continue;
      [cells[one], cells[other]] = [cells[other], cells[one]];
      repairs.push(`exchanged:${one},${other}`);
    }
    return repairs;
  }

  private fits(field: Field, cell: string): boolean {
    if (field === 'documentNumber') return this.profile.documentNumber?.test(cell.replace(/\s/g, '')) ?? cell !== '';
    return readDate(cell, this.profile.dates) !== undefined;
  }

  private date(cells: Cells, field: 'decidedOn' | 'publishedOn'): LocalDate | undefined {
    if (cells[field] === '') return undefined;
    const date = readDate(cells[field], this.profile.dates);
    if (!date) throw unreadable('date_unreadable', field, '日期无法识别', 'a date cannot be read');
    return date;
  }

  /**
   * The act's id. Of the party only the first character goes into it: a digest of a whole name can be guessed back to the
   * name, the surname stands in the published notice anyway. Remarks and violations are left out: later editions of a list
   * add to them. Rows that are still alike are told apart by their order.
   */
  private identify(cells: Cells, documentNumber: string, decidedOn = '', publishedOn = ''): string {
    const [first = ''] = this.surviving(cells.partyName);
    const articles = this.surviving(cells.articles.replace(/\s/g, ''));
    const key = digest([this.profile.family, documentNumber, decidedOn, publishedOn, first, articles].join('\n'));
    const count = this.seen.count(key);
    return count === 1 ? key : `${key}-${count}`;
  }

  /** What of a text is the same in every encoding the publisher uses. */
  private surviving(text: string): string {
    const { survives } = this.profile;
    const narrow = survives ? iconv.decode(iconv.encode(text, survives), survives) : text;
    return narrow.replace(/[?\uFFFD\uE000-\uF8FF]/g, '');
  }

  private party(cells: Cells): {
    organisation: boolean;
    partyKind: PartyKind;
    partyName: string;
    personName?: string;
    representative?: string;
  } {
    for (const { match, kind } of this.profile.party) {
      const found = match.exec(cells.partyName);
      if (!found) continue;
      const { name, person, representative } = found.groups ?? {};
      const represented = cells.representative || representative;
      return {
        organisation: kind === 'organisation',
        partyKind: kind,
        partyName: name ?? cells.partyName,
        ...(person && { personName: person }),
        ...(represented && { representative: represented }),
      };
    }
    return {
      organisation: false,
      partyKind: 'natural_person',
      partyName: cells.partyName,
      ...(cells.representative && { representative: cells.representative }),
    };
  }

  private penalty(cells: Cells): Pick<ImportHistoricalPenalty, 'kind' | 'amount' | 'currency'> {
    const kind = cells.kind === '' ? 'unspecified' : this.profile.kinds.get(cells.kind);
    if (!kind)
      throw unreadable(
        'kind_unknown',
        'kind',
        '处罚种类未在配置中列出',
        'the profile does not know this kind of penalty',
      );
    if (cells.amount === '') return { kind };
    const figure = /^(?:NT\$|[$￥¥])?([\d,]+(?:\.\d{1,2})?)元?$/.exec(cells.amount.replace(/\s/g, ''))?.[1];
    if (!figure) throw unreadable('amount_unreadable', 'amount', '金额无法识别', 'an amount cannot be read');
    const { currency } = this.profile;
    return { kind, amount: Number(figure.replaceAll(',', '')), ...(currency && { currency }) };
  }

  private remarks(cell: string): Pick<ImportHistoricalPenalty, 'aggravation' | 'campaign' | 'remarks' | 'outcome'> {
    if (cell === '') return { aggravation: [] };
    for (const { match, outcome } of this.profile.outcomes) {
      const found = match.exec(cell);
      if (!found) continue;
      const { authority = '', date, number } = found.groups ?? {};
      const decidedOn = date && readDate(date, this.profile.dates);
      const stated = Object.assign(new StatedOutcome(), {
        outcome,
        authority,
        ...(number && { documentNumber: number }),
        ...(decidedOn && { decidedOn }),
        text: cell,
      });
      return { aggravation: [], outcome: stated };
    }
    const campaign = this.profile.campaign?.exec(cell)?.groups?.campaign;
    return {
      aggravation: this.profile.aggravation.filter((rule) => rule.match.test(cell)).map((rule) => rule.ground),
      ...(campaign && { campaign }),
      remarks: cell,
    };
  }
}

const digest = (text: string): string => hash('sha256', text).slice(0, 32);

/** A cell that cannot be read. Never shows the cell: it may be personal. */
const unreadable = (code: string, field: Field, zh: string, en: string): Failure =>
  new Failure('invalid', `import.${code}`, { zh: `${zh}。`, en: `${field}: ${en}.`, field });

function wrongHeader(profile: Profile, missing: readonly string[], unknown: readonly string[]): Failure {
  const shown = (names: readonly string[]): string =>
    names
      .slice(0, 20)
      .map((n) => `“${n.slice(0, 40)}”`)
      .join(' ');
  return new Failure('invalid', 'import.header_wrong', {
    zh: `首行与配置“${profile.name}”不符：缺少 ${shown(missing) || '无'}；多出 ${shown(unknown) || '无'}。若为乱码，请换用其他编码的配置（当前 ${profile.encoding}）。`,
    en:
      `the first line is not that of “${profile.name}”: missing ${shown(missing) || 'nothing'}, ` +
      `unexpected ${shown(unknown) || 'nothing'}. If it looks garbled, the encoding is not ${profile.encoding}.`,
  });
}
