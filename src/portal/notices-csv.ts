import { stringify } from 'csv-stringify';
import type { NoticeRow } from '../../projections/public-notices/rows';
import { penaltyColumns, toCreditRow } from '../disclosure/credit-fields';
import type { KeyedRow } from '../ledger/projecting/read-model';
import { messages } from './messages';
import { kindName } from './shown-notice';

/** A row of the 双公示 table from a notice as anybody may see it. A withdrawn one keeps its number and says that it is gone. */
export function creditRowOf(row: NoticeRow): string[] {
  const { bodyName, documentNumber, decidedOn, partyKind, channels, historical } = row;
  const bodyUscc = row.bodyUscc ?? '';
  if (row.status === 'withdrawn') {
    const remarks = `${messages['status.withdrawn'].zh}：${row.withdrawal?.reason ?? ''}`;
    const nothing = { partyPublicName: '', violation: '', facts: '', basis: '', penaltyKinds: [], content: '' };
    return toCreditRow({ ...nothing, bodyName, bodyUscc, documentNumber, decidedOn, partyKind, remarks }).map(
      (cell, i) => (KEPT.has(penaltyColumns[i].code) ? cell : ''),
    );
  }
  const { text } = row;
  return toCreditRow({
    partyPublicName: text.partyPublicName,
    partyKind,
    partyUscc: row.partyUscc,
    documentNumber,
    violation: text.violation,
    facts: text.facts,
    basis: text.basis,
    penaltyKinds: text.penaltyKinds.map((kind) => kindName(kind).zh),
    content: text.content,
    fineYuan: row.fineYuan ?? (historical?.currency === 'CNY' ? historical.amount : undefined),
    confiscatedYuan: row.confiscatedYuan,
    licence: row.licence,
    decidedOn,
    publicUntil: channels.find(({ channel }) => channel === 'credit_site')?.publicUntil,
    bodyName,
    bodyUscc,
    remarks: historical
      ? `${messages['status.historical'].zh}：${historical.sourceName} ${historical.row}`
      : text.remarks,
  });
}

/** The columns that a withdrawn notice may still fill. */
const KEPT = new Set(['CF_WSH', 'CF_JDRQ', 'CF_CFJG', 'CF_CFJGDM', 'CF_SJLY', 'CF_SJLYDM', 'BZ']);

/**
 * The table as it is read, row by row. Cells that a spreadsheet would run as a formula are defused with an apostrophe; the mark
 * in front makes spreadsheets read UTF-8.
 */
export function noticesCsv(rows: AsyncIterable<KeyedRow<NoticeRow>>) {
  const csv = stringify({ bom: true, escape_formulas: true, record_delimiter: 'windows' });
  const write = async function* (): AsyncGenerator<string[]> {
    yield penaltyColumns.map(({ zh }) => zh);
    for await (const { row } of rows) yield creditRowOf(row);
  };
  return { csv, records: write() };
}
