import { locations, logLocation, paths, readConfig, type Config } from '../config';
import { exportLedger, type MovingProgress, type Place } from '../ledger/moving/export-ledger';
import { importLedger } from '../ledger/moving/import-ledger';
import { whileNobodyLeads, type Fence } from '../ledger/postgres/lease';
import { assertErasuresHold } from '../privacy/erasure.manager';
import { interruption, progressBar } from './terminal';

export interface ExportWholeOptions {
  /** The archive's directory. */
  readonly ledger: string;
  readonly withoutVault?: boolean;
  readonly withLogKey?: boolean;
  readonly running?: boolean;
}

/** `mingjing export --ledger`: the whole ledger that the settings name, as an archive. */
export async function exportWhole({ ledger, withoutVault, withLogKey, running }: ExportWholeOptions): Promise<void> {
  const config = readConfig(process.env);
  const bars = movingBars();
  const work = () =>
    exportLedger({
      directory: ledger,
      from: placeOf(config),
      withoutVault,
      withLogKey,
      running,
      assertSound: ({ stored, vault }) => assertErasuresHold(stored, vault),
      onProgress: bars.at,
    });
  try {
    const { events, vault: keys, log } = await (running ? work() : alone(config, work));
    bars.end();
    say(`已导出 exported: ${events.count} 条事件 events`);
    if (keys) say(`密钥库 vault: ${keys.keys} 个密钥 keys, ${keys.destroyed} 个已销毁 destroyed — 须保密 secret`);
    else
      say(
        '未含密钥库，导入时须以 --vault 指明 The keys of subjects are not in it: name them to the import with --vault',
      );
    if (log) say(`日志 log: ${log.origin}, ${log.size} 条 events, ${log.published} 个检查点 checkpoints`);
    if (log && !withLogKey) say(`未含日志密钥 The keys that sign the log are not in it: ${paths(config).logKey}`);
  } finally {
    bars.end();
  }
}

export interface ImportWholeOptions {
  /** The archive's directory. */
  readonly ledger: string;
  readonly vault?: string;
  readonly eventsOnly?: boolean;
}

/** `mingjing import --ledger`: an archive, into the empty place that the settings name. */
export async function importWhole({ ledger, vault, eventsOnly }: ImportWholeOptions): Promise<void> {
  const config = readConfig(process.env);
  const signal = interruption();
  const bars = movingBars();
  const to = placeOf(config);
  const options = { directory: ledger, to, vaultFile: vault, eventsOnly, signal, onProgress: bars.at };
  try {
    const done = await alone(config, (fence) => importLedger({ ...options, ...(fence && { fence }) }));
    bars.end();
    say(`已导入 imported: ${done.events} 条事件 events（本次 now ${done.appended}）`);
    if (done.keys !== undefined) say(`密钥库 vault: ${done.keys} 个密钥 keys, ${done.destroyed} 个已销毁 destroyed`);
    if (!done.log) return;
    const { origin, size, compared, vkeys } = done.log;
    say(`日志 log: ${origin}, ${size} 条 events；${compared} 个检查点的根哈希一致 checkpoints whose roots agree`);
    say(`公钥，应与外界所知一致 Its verifier keys, which must be those that its readers have:\n${vkeys.join('\n')}`);
  } finally {
    bars.end();
  }
}

const placeOf = (config: Config): Place => ({
  ...locations(config),
  log: logLocation(config),
  logKey: paths(config).logKey,
});

/** While no node leads: the lease says so where there is one, elsewhere the ledger's own lock. @throws Failure `lease.held` */
async function alone<T>(config: Config, work: (fence?: Fence) => Promise<T>): Promise<T> {
  if (!config.postgresUrl) return work();
  const { postgresUrl: url, postgresSchema: schema } = config;
  return whileNobodyLeads({ url, schema }, 'mingjing moving', work);
}

const LABELS: Readonly<Record<MovingProgress['step'], string>> = {
  export: '导出 export',
  files: '核对文件 files',
  roots: '核对归档 archive',
  compare: '核对已有 already there',
  append: '写入 append',
  verify: '复核 verify',
};

/** A bar for each step, one after the other. */
function movingBars(): { at(progress: MovingProgress): void; end(): void } {
  let current: { readonly step: string; readonly bar: ReturnType<typeof progressBar> } | undefined;
  const end = (): void => {
    current?.bar.end();
    current = undefined;
  };
  return {
    at({ step, done, total }) {
      if (current?.step !== step) {
        end();
        current = { step, bar: progressBar(LABELS[step]) };
      }
      current.bar.at(done, total);
    },
    end,
  };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
