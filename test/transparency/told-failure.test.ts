import { tellFailure } from '../../src/cli/terminal';
import { LedgerCorrupt, LedgerLocked } from '../../src/ledger/event-store';

it('a failure of the ledger is told on the command line like any other: both languages and a code', () => {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  tellFailure(new LedgerLocked('data'));
  tellFailure(new LedgerCorrupt(7, 'hash'));
  const told = write.mock.calls.map(([text]) => String(text));
  write.mockRestore();
  expect(told).toEqual([
    '✗ 另一个进程正在使用该数据目录中的台账。\n  another process is using the ledger in data.\n  [ledger.locked]\n',
    '✗ 台账数据损坏，请用备份恢复。\n  ledger corrupt at position 7: hash.\n  [ledger.corrupt]\n',
  ]);
});
