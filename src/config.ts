import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from './kernel/errors';
import type { VaultLocation } from './ledger/commitment/open-ledger';
import type { LedgerLocation, LogLocation } from './ledger/location';

/** One setting: its environment variable, what it means with its unit, its default, and what values are allowed. */
interface Setting<T> {
  readonly env: string;
  readonly means: string;
  readonly default: T;
  /** For numbers: smallest and largest. */
  readonly bound?: readonly [number, number];
  /** Never printed. */
  readonly secret?: boolean;
}

const setting = <T>(env: string, fallback: T, means: string, bound?: readonly [number, number]): Setting<T> => ({
  env,
  means,
  default: fallback,
  ...(bound && { bound }),
});

/** Every setting there is. `mingjing serve --help` prints this table. */
export const SETTINGS = {
  port: setting('PORT', 3000, 'TCP port of the HTTP server; 0 picks a free one', [0, 65535]),
  host: setting('MINGJING_HOST', '127.0.0.1', 'address the HTTP server listens on'),
  dataDirectory: setting(
    'MINGJING_DATA',
    'data',
    'directory of the ledger, its key vault, the public log and its key, the read model and the accounts',
  ),
  publicUrl: setting('MINGJING_PUBLIC_URL', '', 'address people reach the portal at; empty: http://<host>:<port>'),
  agencyNameZh: setting('MINGJING_AGENCY_ZH', '明镜市行政执法', 'name on the public pages, Chinese'),
  agencyNameEn: setting('MINGJING_AGENCY_EN', 'Mingjing City Administrative Enforcement', 'the same in English'),
  eventStoreUrl: {
    ...setting('MINGJING_EVENTSTORE', '', 'esdb://… of an EventStoreDB or KurrentDB for the events; empty: ledger.db'),
    secret: true,
  },
  eventStoreUrlFile: setting(
    'MINGJING_EVENTSTORE_FILE',
    '',
    'file that holds that address instead, such as a mounted secret',
  ),
  eventStorePrefix: setting(
    'MINGJING_EVENTSTORE_PREFIX',
    'mingjing-',
    'begins the name of every stream of this ledger',
  ),
  postgresUrl: {
    ...setting(
      'MINGJING_POSTGRES',
      '',
      'postgres://… for rows, keys of subjects, accounts, the public log and the lease; empty: SQLite and files',
    ),
    secret: true,
  },
  postgresUrlFile: setting(
    'MINGJING_POSTGRES_FILE',
    '',
    'file that holds that address instead, such as a mounted secret',
  ),
  postgresSchema: setting('MINGJING_POSTGRES_SCHEMA', 'mingjing', 'schema of this ledger in that database'),
  vaultKeyFile: setting(
    'MINGJING_VAULT_KEY_FILE',
    '',
    'keys under which the keys of subjects are kept in PostgreSQL; empty: vault.key in the data directory, made on the first start',
  ),
  vaultKey: {
    ...setting('MINGJING_VAULT_KEY', '', 'the same, from the environment: before those of the file'),
    secret: true,
  },
  nodeName: setting('MINGJING_NODE', '', 'name of this node among several; empty: host name and process id'),
  lawFile: setting('MINGJING_LAW_FILE', '', 'YAML of further legal parameters, such as a province’s own'),
  metricsPort: setting(
    'MINGJING_METRICS_PORT',
    0,
    'TCP port of /metrics for Prometheus, which is not for the public; 0: none',
    [0, 65535],
  ),
  metricsHost: setting('MINGJING_METRICS_HOST', '', 'address that port listens on; empty: MINGJING_HOST'),
  tracing: setting(
    'MINGJING_TRACING',
    '',
    'on or off: spans to OTEL_EXPORTER_OTLP_ENDPOINT; empty: on where that is set',
  ),
  logLevel: setting('MINGJING_LOG_LEVEL', 'info', 'trace, debug, info, warn, error or silent'),
  readYourWritesTimeoutMs: setting('MINGJING_READ_WAIT_MS', 5000, 'longest wait for the read model, in ms', [0, 60000]),
  dutyCheckIntervalSeconds: setting(
    'MINGJING_DUTY_CHECK_SECONDS',
    60,
    'between two looks at legal clocks, in s',
    [1, 86400],
  ),
  tokenLifetimeHours: setting('MINGJING_TOKEN_HOURS', 12, 'life of a bearer token, in hours', [1, 720]),
  requestsPerMinute: setting('MINGJING_REQUESTS_PER_MINUTE', 1200, 'per address, before 429', [1, 1000000]),
  publicWritesPerHour: setting(
    'MINGJING_PUBLIC_WRITES_PER_HOUR',
    30,
    'complaints and ratings, per address',
    [1, 1000000],
  ),
  trustedProxies: setting(
    'MINGJING_TRUSTED_PROXIES',
    '',
    'addresses of reverse proxies, comma-separated; theirs is not the visitor’s',
  ),
  logOrigin: setting(
    'MINGJING_LOG_ORIGIN',
    '',
    'name of the transparency log, its address without https://; empty: the public URL’s and /log; fixed once the log is made',
  ),
  sealIntervalMs: setting(
    'MINGJING_SEAL_MS',
    1000,
    'from an act to the signed checkpoint that covers it, in ms',
    [10, 60_000],
  ),
  logKeyFile: setting(
    'MINGJING_LOG_KEY_FILE',
    '',
    'keys that sign the log; empty: log.key in the data directory, made on the first start',
  ),
  logKey: {
    ...setting(
      'MINGJING_LOG_KEY',
      '',
      'keys that sign, before those of the file: the newest as PKCS #8 (DER, base64), or lines of such a file',
    ),
    secret: true,
  },
  witnessPolicyFile: setting(
    'MINGJING_WITNESS_POLICY',
    '',
    'file (c2sp.org/tlog-policy) of the witnesses that are asked to cosign, and how many must; empty: none',
  ),
  witnessTimeoutMs: setting('MINGJING_WITNESS_TIMEOUT_MS', 2000, 'longest wait for a witness, in ms', [50, 60_000]),
} as const;

/** Every setting with its value, from the environment or by default (设置). */
export type Config = {
  readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K]['default'] extends number ? number : string;
};

/**
 * The settings from an environment, and of addresses that hold a password from the files it names.
 * @throws Failure `config.invalid`, `config.file_unreadable` naming the variable
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  refuseUnknown(env);
  const entries = Object.entries(SETTINGS).map(([name, s]: [string, Setting<string | number>]) => {
    const raw = env[s.env];
    if (raw === undefined || raw === '') return [name, s.default];
    if (typeof s.default === 'string') return [name, raw];
    const value = Number(raw);
    const [least, most] = s.bound ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new Failure('invalid', 'config.invalid', {
        zh: `环境变量 ${s.env} 应为 ${least} 至 ${most} 之间的整数。`,
        en: `${s.env} must be a whole number from ${least} to ${most}.`,
        field: s.env,
      });
    }
    return [name, value];
  });
  const config = Object.fromEntries(entries) as Config;
  return {
    ...config,
    dataDirectory: resolve(config.dataDirectory),
    eventStoreUrl: config.eventStoreUrl || contentOf(config.eventStoreUrlFile, SETTINGS.eventStoreUrlFile.env),
    postgresUrl: config.postgresUrl || contentOf(config.postgresUrlFile, SETTINGS.postgresUrlFile.env),
  };
}

/** The only line of a file; empty when no file is named. @throws Failure `config.file_unreadable` */
function contentOf(file: string, env: string): string {
  if (!file) return '';
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? '';
    throw new Failure('invalid', 'config.file_unreadable', {
      zh: `无法读取 ${env} 所指的文件 ${file}（${reason}）。`,
      en: `The file that ${env} names, ${file}, cannot be read (${reason}).`,
      field: env,
    });
  }
}

/** What begins like a setting and is none of the server's: the witness's own, and those of tests. */
const OTHERS = /^MINGJING_(WITNESS_(NAME|DATA|LISTEN|LOGS?)|TEST_.*|SHARED)$/;

/** A misspelt setting would be a default without a word: a node of a cluster with stores of its own. @throws Failure `config.unknown`, `config.twice` */
function refuseUnknown(env: NodeJS.ProcessEnv): void {
  const known = new Set<string>(Object.values(SETTINGS).map((s) => s.env));
  const given = Object.keys(env).filter((name) => name.startsWith('MINGJING_') && env[name]);
  const unknown = given.find((name) => !known.has(name) && !OTHERS.test(name));
  if (unknown) {
    throw new Failure('invalid', 'config.unknown', {
      zh: `没有名为 ${unknown} 的设置；mingjing serve --help 列出全部设置。`,
      en: `There is no setting ${unknown}; mingjing serve --help lists all of them.`,
      field: unknown,
    });
  }
  const twice = ['MINGJING_EVENTSTORE', 'MINGJING_POSTGRES'].find((name) => env[name] && env[`${name}_FILE`]);
  if (twice) {
    throw new Failure('invalid', 'config.twice', {
      zh: `${twice} 与 ${twice}_FILE 只能设置一个。`,
      en: `Set either ${twice} or ${twice}_FILE.`,
      field: twice,
    });
  }
}

/** Where each store keeps its files. */
export const paths = ({
  dataDirectory,
  logKeyFile,
  vaultKeyFile,
}: Pick<Config, 'dataDirectory'> & Partial<Config>) => ({
  ledger: dataDirectory,
  readModel: dataDirectory,
  accounts: join(dataDirectory, 'accounts.db'),
  vault: dataDirectory,
  vaultKey: vaultKeyFile ? resolve(vaultKeyFile) : join(dataDirectory, 'vault.key'),
  log: join(dataDirectory, 'log'),
  logKey: logKeyFile ? resolve(logKeyFile) : join(dataDirectory, 'log.key'),
});

/** Where the events are. */
export const ledgerLocation = ({
  eventStoreUrl,
  eventStorePrefix,
  dataDirectory,
}: Pick<Config, 'eventStoreUrl' | 'eventStorePrefix' | 'dataDirectory'>): LedgerLocation =>
  eventStoreUrl ? { eventStore: eventStoreUrl, prefix: eventStorePrefix } : { directory: dataDirectory };

/** Where the public log is. */
export const logLocation = (config: Pick<Config, 'postgresUrl' | 'postgresSchema' | 'dataDirectory'>): LogLocation =>
  config.postgresUrl
    ? { postgres: { url: config.postgresUrl, schema: config.postgresSchema, applicationName: 'mingjing log' } }
    : { directory: paths(config).log };

/** Where the keys of subjects are. */
export const vaultLocation = (config: Config): VaultLocation =>
  config.postgresUrl
    ? {
        postgres: { url: config.postgresUrl, schema: config.postgresSchema },
        wrappingKeys: {
          file: paths(config).vaultKey,
          ...(config.vaultKey && { secret: config.vaultKey }),
        },
      }
    : { directory: paths(config).vault };

/** Where a ledger is: its events and the keys of subjects. */
export const locations = (config: Config): { readonly ledger: LedgerLocation; readonly vault: VaultLocation } => ({
  ledger: ledgerLocation(config),
  vault: vaultLocation(config),
});

/** A name that every line of a signed note can bear (c2sp.org/signed-note): no white space, no plus sign. */
const LOG_ORIGIN = /^[^\s+\p{Cc}]{1,200}$/u;

/**
 * The transparency log's name, its origin: as it is set, or the public URL's host and path with `/log`; undefined when
 * neither is set.
 * @throws Failure `config.log_origin` when it can be no log's name
 */
export function logOriginOf({ logOrigin, publicUrl }: Pick<Config, 'logOrigin' | 'publicUrl'>): string | undefined {
  if (!logOrigin && !publicUrl) return undefined;
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  const origin = logOrigin || (url ? `${url.host}${url.pathname.replace(/\/+$/, '')}/log` : '');
  if (LOG_ORIGIN.test(origin)) return origin;
  const field = logOrigin ? SETTINGS.logOrigin.env : SETTINGS.publicUrl.env;
  throw new Failure('invalid', 'config.log_origin', {
    zh: `由 ${field} 得不到透明日志的名称：应为不带协议的网址，不含空格和加号。`,
    en: `${field} gives no name for the transparency log: an address without its scheme, with no space and no plus sign.`,
    field,
  });
}
