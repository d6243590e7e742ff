/** One metric: what Prometheus is told of it. Labels come from closed sets: names of the program's own, never ids or free text. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in seconds. */
  readonly buckets?: readonly number[];
}

const APPEND_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const REQUEST_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const histogram = (help: string, labels: readonly string[], buckets: readonly number[]): MetricDefinition => ({
  ...{ type: 'histogram', help, labels, buckets },
});
const counter = (help: string, ...labels: string[]): MetricDefinition => ({ type: 'counter', help, labels });
const gauge = (help: string, ...labels: string[]): MetricDefinition => ({ type: 'gauge', help, labels });

/** Counted as things happen. */
export const COUNTED = {
  mingjing_append_duration_seconds: histogram(
    'From giving events to the event store until they are durable, or why not',
    ['outcome'],
    APPEND_S,
  ),
  mingjing_events_appended_total: counter('Events that this node has made durable'),
  mingjing_command_duration_seconds: histogram('Carrying out a command', ['category'], REQUEST_S),
  mingjing_commands_total: counter('Commands by what came of them', 'category', 'command', 'outcome'),
  mingjing_http_request_duration_seconds: histogram(
    'Requests, until their answer was sent',
    ['method', 'route', 'status'],
    REQUEST_S,
  ),
  mingjing_scrape_failures_total: counter('What could not be read at a scrape and was left out', 'collector'),
} as const satisfies Record<string, MetricDefinition>;

/** Read when somebody asks. */
export const GAUGES = {
  mingjing_build_info: gauge('Always 1', 'version', 'node_version', 'node'),
  mingjing_ledger_head_position: gauge('Position of the last event'),
  mingjing_projection_position: gauge('Position of the last event in its rows', 'projection'),
  mingjing_projection_lag_events: gauge('Events that are not in its rows yet', 'projection'),
  mingjing_projection_lag_seconds: gauge('Age of the oldest event that is not in its rows yet', 'projection'),
  mingjing_projection_state: gauge('1 for the state it is in: live, building, waiting, stalled', 'projection', 'state'),
  mingjing_process_position: gauge('Position of the last event it has acted on', 'process'),
  mingjing_process_lag_events: gauge('Events it has not acted on yet', 'process'),
  mingjing_process_refusals: gauge('Events that a rule kept it from acting on, since the beginning', 'process'),
  mingjing_process_state: gauge('1 for the state it is in: running, waiting, stalled', 'process', 'state'),
  mingjing_log_size_events: gauge('Events under the newest published checkpoint'),
  mingjing_log_unsealed_events: gauge('Events under no published checkpoint yet'),
  mingjing_log_oldest_unsealed_seconds: gauge('How long the oldest of them has waited; 0 when there is none'),
  mingjing_log_checkpoint_age_seconds: gauge(
    'Since this node last published a checkpoint; grows while nothing happens',
  ),
  mingjing_log_state: gauge('1 for the state it is in: live, frozen, off (this node does not seal)', 'state'),
  mingjing_log_trouble: gauge('1: the node that seals has said why it cannot; GET /api/operations/log tells it'),
  mingjing_log_witness_missing: gauge('1: it has not cosigned the newest checkpoint', 'witness'),
  mingjing_duties: gauge('Running legal clocks: overdue, due today, within_3_days after today', 'due'),
  mingjing_node_leads: gauge('1: this node runs projections, processes and the sealer'),
  mingjing_lease_epoch: gauge('Fencing number of the lease while this node holds it'),
  mingjing_event_store_following_position: gauge('How far this node has counted the events of the store'),
  mingjing_event_store_following_silence_seconds: gauge('Since the last sign of the subscription'),
  mingjing_event_store_following_trouble: gauge('1: the subscription is being opened again'),
  mingjing_postgres_up: gauge('0: PostgreSQL does not answer this node'),
  mingjing_postgres_connections: gauge('Connections of the pool: idle, busy', 'state'),
  mingjing_postgres_waiting: gauge('Statements that wait for a connection'),
} as const satisfies Record<string, MetricDefinition>;

/** Names of what is counted as it happens. */
export type CountedName = keyof typeof COUNTED;
/** Names of what is read when it is asked for. */
export type GaugeName = keyof typeof GAUGES;
