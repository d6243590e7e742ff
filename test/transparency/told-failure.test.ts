import { tellFailure } from '../../src/cli/terminal';
import { LedgerCorrupt, LedgerLocked } from '../../src/ledger/event-store';

it('a failure of the ledger is told on the command line like any other: both languages and a code', () => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  tellFailure(new LedgerLocked('data'));
  tellFailure(new LedgerCorrupt(7, 'hash'));
  const told = write.mock.calls.map(([text]) => String(text));
  write.mockRestore();
  expect(told).toEqual([
    '✗ 另一个进程正在使用 data 中的台账。\n  Another process is using the ledger in data.\n  [ledger.locked]\n',
    '✗ 台账第 7 条已损坏，请用备份恢复。\n  The ledger is damaged at position 7 (hash); restore it from a backup.\n  [ledger.corrupt]\n',
  ]);
});
