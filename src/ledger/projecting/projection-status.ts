import type { Projection } from '../../../projections/projection';
import type { Clock } from '../../kernel/time';
import type { EventStore } from '../event-store';
import type { Stall } from './generation';
import type { Progress } from './progress';
import type { ProjectionState, ProjectionStatus } from './read-model';
import type { Fault } from './reason-of';

/** A generation of this version of the program that follows the ledger, or is on its way. */
export interface KnownGeneration {
  readonly id: number;
  readonly projection: string;
  readonly live: boolean;
  readonly position: number;
  readonly stalled?: Stall;
}

/** Status of every projection. With the ledger away it is still given, against the last position that was seen. */
export async function statusOf(of: {
  projections: readonly Projection[];
  running: readonly KnownGeneration[];
  progress: Progress;
  store: EventStore;
  clock: Clock;
  fault: Fault | undefined;
  seen: number;
}): Promise<ProjectionStatus[]> {
  const head = await of.store.head().catch(() => of.seen);
  return Promise.all(
    of.projections.map(async ({ name, version }) => {
      const own = of.running.filter((each) => each.projection === name);
      const live = own.find((each) => each.live);
      const building = own.find((each) => !each.live);
      const stalled = live?.stalled ?? building?.stalled;
      const position = of.progress.position(name);
      return {
        name,
        version,
        generation: of.progress.generationOrNone(name),
        position,
        head,
        lagEvents: Math.max(0, head - position),
        lagMs: position < head ? await ageMs(of.store, position + 1, of.clock) : 0,
        state: stateOf(of.fault, { stalled, live }),
        ...(building && { building: { generation: building.id, position: building.position } }),
        ...(stalled && { error: stalled }),
        ...(!stalled && of.fault && { error: { position, reason: of.fault.reason } }),
      };
    }),
  );
}

function stateOf(fault: Fault | undefined, { stalled, live }: { stalled: unknown; live: unknown }): ProjectionState {
  if (stalled) return 'stalled';
  if (fault) return fault.storeAway ? 'waiting' : 'stalled';
  return live ? 'live' : 'building';
}

async function ageMs(store: EventStore, position: number, clock: Clock): Promise<number> {
  const [oldest] = await store.readAll({ direction: 'forwards', from: position, limit: 1 }).catch(() => []);
  return oldest ? Math.max(0, Date.parse(clock.now()) - Date.parse(oldest.metadata.recordedAt)) : 0;
}
