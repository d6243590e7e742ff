import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CqrsModule } from '@nestjs/cqrs';
import { NestFactory } from '@nestjs/core';
import iconv from 'iconv-lite';
import { historicalDeciders } from '../../src/enforcement/historical/deciders';
import { importFile } from '../../src/importing/import-file';
import { systemClock } from '../../src/kernel/time';
import { openLedger } from '../../src/ledger/commitment/open-ledger';
import { CLOCK, Commands, decidingProviders } from '../../src/ledger/deciding/commands';
import { EventStore } from '../../src/ledger/event-store';

/** Rows a second that the import has to reach, from file to fsync. */
export const IMPORT_TARGET_ROWS_PER_SECOND = 3000;

const HEADER = '公告日期,處分日期,處分字號,事業單位名稱/自然人姓名,事業單位代表人,違反勞動基準法條款,違反法規內容,備註';
const VIOLATIONS = ['延長工作時間未依規定加給工資', '未依規定置備勞工出勤紀錄', '每七日中未有一日之休息作為例假'];

/** A file of invented penalties in the form of the Taipei list: 1 to 3 articles a row, no remarks, so one event a row. */
export function writeSampleFile(path: string, rows: number): void {
  const lines = [HEADER];
  for (let i = 0; i < rows; i++) {
    const articles = ['24條', '30條第5項', '36條'].slice(0, 1 + (i % 3)).map((a) => `勞動基準法第${a}`);
    const violations = VIOLATIONS.slice(0, 1 + (i % 3));
    const decided = `10${4 + (i % 2)}/0${1 + (i % 9)}/1${i % 10}`;
    const party = i % 10 === 0 ? `陳大明(即明鏡第${i}小吃店)` : `明鏡第${i}股份有限公司`;
    const number = `府勞動字第${10_400_000_000 + i}號`;
    lines.push(`106/07/29,${decided},${number},${party},王○○,${articles.join(';')},${violations.join(';')},`);
  }
  writeFileSync(path, iconv.encode(`${lines.join('\r\n')}\r\n`, 'cp950'));
}

export interface ImportBenchResult {
  readonly rows: number;
  readonly rowsPerSecond: number;
  readonly againRowsPerSecond: number;
  readonly residentMb: number;
}

/** Imports a generated file into a fresh ledger through the command bus, twice. */
export async function benchImport(rows = 30_000): Promise<ImportBenchResult> {
  const directory = mkdtempSync(join(tmpdir(), 'mingjing-bench-import-'));
  const { store } = await openLedger({ ledger: directory, vault: directory });
  class BenchModule {}
  const app = await NestFactory.createApplicationContext(
    {
      module: BenchModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        { provide: EventStore, useValue: store },
        { provide: CLOCK, useValue: systemClock },
        ...decidingProviders(historicalDeciders),
      ],
    },
    { logger: false },
  );
  try {
    const file = join(directory, 'sample.csv');
    writeSampleFile(file, rows);
    const run = async (): Promise<number> => {
      const start = performance.now();
      const summary = await importFile({ file, profile: 'taipei-labour.cp950', commands: app.get(Commands) });
      if (summary.imported + summary.alreadyThere !== rows)
        throw new Error(`rows are missing: ${JSON.stringify(summary)}`);
      return Math.round((rows * 1000) / (performance.now() - start));
    };
    const rowsPerSecond = await run();
    const againRowsPerSecond = await run();
    return { rows, rowsPerSecond, againRowsPerSecond, residentMb: Math.round(process.memoryUsage().rss / 2 ** 20) };
  } finally {
    await app.close();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

if (require.main === module) {
  void benchImport(Number(process.argv[2] ?? 30_000)).then((result) => console.log(result));
}
