import type { LogHealth } from '../api/log-health';
import { dateInChina, type Clock, type LocalDate } from '../kernel/time';
import type { EventStore } from '../ledger/event-store';
import type { ProcessStatus } from '../ledger/projecting/process-manager';
import type { ReadModel, RowFilter } from '../ledger/projecting/read-model';
import type { GaugeName } from './metric-table';

/** What there is to look at; whatever a node has not is left out. */
export interface Watched {
  readonly store?: Pick<EventStore, 'head'>;
  readonly readModel?: Pick<ReadModel, 'status' | 'count'>;
  readonly processes?: { status(): Promise<ProcessStatus[]> };
  readonly logHealth?: Pick<LogHealth, 'now'>;
  /** Names of the witnesses that are asked to cosign. */
  readonly witnesses?: readonly string[];
  /** Where several nodes share the work. */
  readonly lease?: { readonly fence: { readonly epoch: number } | undefined };
  /** How the subscription to an event store goes: `heardAt` in milliseconds since 1970, and what is wrong with it. */
  readonly following?: () => { readonly position: number; readonly heardAt: number; readonly trouble?: string };
  readonly postgres?: {
    usage(): { readonly idle: number; readonly busy: number; readonly waiting: number };
    /** Undefined while it answers. */
    trouble(): Promise<unknown>;
  };
}

/** One reading of a gauge. */
export type Sample = readonly [name: GaugeName, value: number, labels?: Readonly<Record<string, string>>];

/** Reads one part of the program; undefined where the node has no such part. */
export type Collector = (watched: Watched) => Promise<readonly Sample[] | undefined> | readonly Sample[] | undefined;

/** The legal clocks are counted in the rows: not more often than this, however often somebody asks. */
const DUTIES_KEPT_MS = 15_000;
const DUE_SOON_DAYS = 3;
const DAY_MS = 86_400_000;

/** One sample for each state there is, so that a state that is left goes to 0. */
const stateOf = <S extends string>(
  name: GaugeName,
  states: readonly S[],
  state: S,
  labels: Readonly<Record<string, string>> = {},
): Sample[] => states.map((each) => [name, Number(each === state), { ...labels, state: each }]);

/** A collector for each part of the program. */
export function collectors(clock: Clock): Readonly<Record<string, Collector>> {
  const duties = kept(DUTIES_KEPT_MS, (rows: NonNullable<Watched['readModel']>) => dutiesIn(rows, clock));
  return {
    // First: the others ask the database, and would be counted as waiting.
    postgres: async ({ postgres }) => {
      if (!postgres) return undefined;
      const { idle, busy, waiting } = postgres.usage();
      return [
        ['mingjing_postgres_connections', idle, { state: 'idle' }],
        ['mingjing_postgres_connections', busy, { state: 'busy' }],
        ['mingjing_postgres_waiting', waiting],
        ['mingjing_postgres_up', Number((await postgres.trouble()) === undefined)],
      ];
    },
    ledger: ({ store }) => store?.head().then((head) => [['mingjing_ledger_head_position', head]]),
    projections: inPostgres(({ readModel }) => readModel && projectionsOf(readModel)),
    processes: inPostgres(({ processes }) => processes && processesOf(processes)),
    log: inPostgres(({ logHealth, witnesses = [] }) => logHealth && logOf(logHealth, witnesses)),
    duties: inPostgres(({ readModel }) => readModel && duties(readModel)),
    lease: ({ lease }) => [
      ['mingjing_node_leads', Number(!lease || lease.fence !== undefined)],
      ...(lease?.fence ? [['mingjing_lease_epoch', lease.fence.epoch] as const] : []),
    ],
    following: ({ following }) => following && followingOf(following()),
  };
}

/** What PostgreSQL holds, where there is one. While it is away that is not known, which is neither a figure nor a second failure. */
const inPostgres =
  (collect: Collector): Collector =>
  async (watched) =>
    (await watched.postgres?.trouble()) === undefined ? collect(watched) : undefined;

async function projectionsOf(readModel: Pick<ReadModel, 'status'>): Promise<Sample[]> {
  return (await readModel.status()).flatMap(({ name, position, lagEvents, lagMs, state }): Sample[] => {
    const projection = { projection: name };
    return [
      ['mingjing_projection_position', position, projection],
      ['mingjing_projection_lag_events', lagEvents, projection],
      ['mingjing_projection_lag_seconds', lagMs / 1000, projection],
      ...stateOf('mingjing_projection_state', ['live', 'building', 'waiting', 'stalled'], state, projection),
    ];
  });
}

async function processesOf(processes: { status(): Promise<ProcessStatus[]> }): Promise<Sample[]> {
  return (await processes.status()).flatMap(({ name, position, lagEvents, refusals, state }): Sample[] => {
    const process = { process: name };
    return [
      ['mingjing_process_position', position, process],
      ['mingjing_process_lag_events', lagEvents, process],
      ['mingjing_process_refusals', refusals, process],
      ...stateOf('mingjing_process_state', ['running', 'waiting', 'stalled'], state, process),
    ];
  });
}

async function logOf(health: Pick<LogHealth, 'now'>, witnesses: readonly string[]): Promise<Sample[]> {
  const { size, behind, ageMs, publishedAt, state, trouble, witnessTroubles } = await health.now();
  const missing = new Set(witnessTroubles.map(({ witness }) => witness));
  return [
    ['mingjing_log_size_events', size],
    ['mingjing_log_unsealed_events', behind],
    ['mingjing_log_oldest_unsealed_seconds', ageMs / 1000],
    ...(publishedAt ? [['mingjing_log_checkpoint_age_seconds', secondsSince(Date.parse(publishedAt))] as const] : []),
    ...stateOf('mingjing_log_state', ['live', 'frozen', 'off'], state),
    ['mingjing_log_trouble', Number(trouble !== undefined)],
    ...(state === 'off' ? [] : witnesses).map((witness): Sample => {
      return ['mingjing_log_witness_missing', Number(missing.has(witness)), { witness }];
    }),
  ];
}

async function dutiesIn(rows: Pick<ReadModel, 'count'>, clock: Clock): Promise<Sample[]> {
  const today = dateInChina(clock.now());
  const ranges: Record<string, NonNullable<RowFilter['where']>[string]> = {
    overdue: { to: daysAfter(today, -1) },
    today,
    within_3_days: { from: daysAfter(today, 1), to: daysAfter(today, DUE_SOON_DAYS) },
  };
  return Promise.all(
    Object.entries(ranges).map(async ([due, range]): Promise<Sample> => {
      const where = { state: 'running', due: range };
      return ['mingjing_duties', await rows.count('accountability', 'clock', { where }), { due }];
    }),
  );
}

const followingOf = ({ position, heardAt, trouble }: ReturnType<NonNullable<Watched['following']>>): Sample[] => [
  ['mingjing_event_store_following_position', position],
  ['mingjing_event_store_following_silence_seconds', secondsSince(heardAt)],
  ['mingjing_event_store_following_trouble', Number(trouble !== undefined)],
];

/** By the real clock, which the log and subscriptions go by whatever time the ledger has. */
const secondsSince = (ms: number): number => Math.max(0, (Date.now() - ms) / 1000);

const daysAfter = (date: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Asks again only when the answer is older than `ms`, or was about something else, or there was none. */
function kept<Of, T>(ms: number, ask: (of: Of) => Promise<T>): (of: Of) => Promise<T> {
  let last: { readonly of: Of; readonly answer: T; readonly until: number } | undefined;
  return async (of) => {
    if (last?.of === of && performance.now() < last.until) return last.answer;
    const answer = await ask(of);
    last = { of, answer, until: performance.now() + ms };
    return answer;
  };
}
