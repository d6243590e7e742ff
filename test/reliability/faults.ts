import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './clients';
import { cluster, type Cluster, type ClusterOptions } from './cluster';
import { Hostile } from './hostile';
import { embedded, type Installation } from './installation';
import { refuses, SmallDisk } from './machine';
import { OwnNetwork } from './network';
import type { Watch } from './watch';

/** What a fault happens to, while clients write. */
export interface Situation {
  readonly installation: Installation;
  readonly load: Load;
  readonly watch: Watch;
}

/** Another node took over. */
export interface Taken {
  /** From the fault until rows and log had gone on under another node, in milliseconds. */
  readonly takeoverMs: number;
}

/** An installation in which something is about to go wrong. */
export interface Prepared {
  readonly installation: Installation;
  /** Does it and undoes it; resolves when all is well again but for what the program has to catch up with. */
  happen(situation: Situation): Promise<Taken | void>;
  /** What else has to be removed at the end. */
  remove?(): void;
}

export interface Fault {
  readonly name: string;
  readonly composition: 'embedded' | 'cluster';
  /** What happens, in the document. */
  readonly what: string;
  /** What public readers are promised meanwhile, wherever a node can be reached. */
  readonly reads: 'go on' | 'may stop';
  /** How many acknowledged commands it happens in the middle of. */
  readonly commands: number;
  /** Whether clients must have met with 503, each with a time to come again. */
  readonly turnsAway?: boolean;
  /** Why it cannot be run on this machine. */
  refused?(): string | undefined;
  prepare(): Promise<Prepared>;
}

const DAY_S = 86_400;
const LASTS_MS = 8000;
const LONG_MS = 20_000;
const SLOW_SYNC_MS = 200;
const STORE_AWAY_MS = 10_000;
const POLL_MS = 50;
/** A statement of the node that is paused would end long after that. */
const SLOW_STATEMENT_S = 60;
const DISK_MIB = 384;
const POSTGRES_DISK_MIB = 448;
const MANY = 10_000;
const SOME = 3000;
const ALONE = { composition: 'embedded', reads: 'go on', commands: SOME } as const;
const OTHERS = { composition: 'cluster', reads: 'go on', commands: SOME } as const;

export const faults: readonly Fault[] = [
  {
    ...ALONE,
    name: 'node-killed',
    what: '`kill -9` of the node in the middle; started again at once',
    reads: 'may stop',
    commands: MANY,
    async prepare() {
      const installation = await embedded();
      const [node] = installation.nodes;
      return {
        installation,
        async happen() {
          await node.kill();
          await node.start();
        },
      };
    },
  },
  {
    ...ALONE,
    name: 'node-stopped',
    what: 'SIGTERM in the middle, exit code 0; started again at once',
    reads: 'may stop',
    async prepare() {
      const installation = await embedded();
      return { installation, happen: () => restart(installation, 0) };
    },
  },
  {
    ...ALONE,
    name: 'disk-full',
    what: 'no byte left on the disk of the data directory for 8 s; the node is not restarted',
    turnsAway: true,
    refused: () => SmallDisk.refused(),
    async prepare() {
      const disk = new SmallDisk(DISK_MIB);
      return {
        installation: await embedded({ disk: disk.path }),
        async happen() {
          disk.fill();
          await sleep(LASTS_MS);
          disk.free();
        },
        remove: () => disk.remove(),
      };
    },
  },
  {
    ...ALONE,
    name: 'disk-slow',
    what: 'every fsync takes 200 ms longer for 8 s',
    refused: () => refuses('gcc', '--version'),
    prepare: () =>
      hostile(
        ({ env }) => embedded({ first: env }),
        async (library) => {
          library.set({ syncDelayMs: SLOW_SYNC_MS });
          await sleep(LASTS_MS);
        },
      ),
  },
  {
    ...ALONE,
    name: 'clock-jumps',
    what: 'the node’s clock goes a day ahead for 4 s, then a day behind for 4 s, then right again',
    refused: () => refuses('gcc', '--version'),
    prepare: () => hostile(({ env }) => embedded({ first: env }), jump),
  },
  {
    ...OTHERS,
    name: 'follower-killed',
    commands: MANY,
    what: '`kill -9` of the node without the lease; started again after 8 s',
    prepare: () =>
      clustered({}, async ({ nodes, leader }) => {
        const leading = await leader();
        const other = nodes.find((node) => node !== leading)!;
        await other.kill();
        await sleep(LASTS_MS);
        await other.start();
      }),
  },
  {
    ...OTHERS,
    name: 'leader-killed',
    commands: MANY,
    what: '`kill -9` of the node that holds the lease; started again when the other has taken over',
    prepare: () => clustered({}, leaderKilled),
  },
  {
    ...OTHERS,
    name: 'leader-paused',
    what: 'SIGSTOP of the node that holds the lease for 20 s, then SIGCONT',
    prepare: () =>
      clustered({}, async (made, situation) => {
        const leading = await made.leader();
        const taken = takeover(made, situation);
        leading.pause();
        try {
          const [took] = await Promise.all([taken, sleep(LONG_MS)]);
          return took;
        } finally {
          leading.resume();
        }
      }),
  },
  {
    ...OTHERS,
    name: 'leader-paused-slow',
    what: 'every fsync of PostgreSQL takes 200 ms longer, and a batch of the node that holds the lease 60 s there; in the middle of it SIGSTOP of that node for 20 s',
    refused: () => refuses('gcc', '--version'),
    prepare: () =>
      hostile(
        (library) => cluster({ postgres: { env: library.env } }),
        async (library, made, situation) => {
          const leading = await made.leader();
          library.set({ syncDelayMs: SLOW_SYNC_MS });
          const quicker = await slower(made, leading.name);
          const taken = takeover(made, situation);
          leading.pause();
          try {
            const [took] = await Promise.all([taken, sleep(LONG_MS)]);
            return took;
          } finally {
            await quicker();
            leading.resume();
          }
        },
      ),
  },
  {
    ...OTHERS,
    name: 'two-leaders-of-three-lost',
    what: 'of three nodes, `kill -9` of the one that holds the lease, then SIGSTOP of the one that took over; both go on after the third has taken over',
    prepare: () =>
      clustered({ nodes: 3 }, async (made, situation) => {
        const killed = await made.leader();
        const second = takeover(made, situation);
        await killed.kill();
        const took = await second;
        const paused = await made.leader();
        const third = takeover(made, situation);
        paused.pause();
        try {
          return { takeoverMs: Math.max(took.takeoverMs, (await third).takeoverMs) };
        } finally {
          paused.resume();
          await killed.start();
        }
      }),
  },
  {
    ...OTHERS,
    name: 'leader-killed-witnessed',
    what: '`kill -9` of the node that holds the lease while two witnesses must cosign; started again when the other has taken over',
    prepare: () => clustered({ witnesses: 2 }, leaderKilled),
  },
  {
    ...OTHERS,
    name: 'witness-killed',
    what: '`kill -9` of one of two witnesses that must both cosign; started again after 8 s',
    prepare: () =>
      clustered({ witnesses: 2 }, async ({ witnesses: [witness] }) => {
        await witness.kill();
        await sleep(LASTS_MS);
        await witness.start();
      }),
  },
  {
    ...OTHERS,
    name: 'leader-cut-off',
    what: 'the node that holds the lease in a network of its own, cut off for 20 s: what is sent is gone, nothing is refused',
    refused: () => OwnNetwork.refused(),
    async prepare() {
      const network = new OwnNetwork();
      const made = await cluster({ network });
      return {
        installation: made,
        async happen(situation) {
          const leading = await made.leader();
          if (leading !== made.nodes[0]) throw new Error('the node in the network does not hold the lease');
          const taken = takeover(made, situation);
          network.cut();
          const [took] = await Promise.all([taken, sleep(LONG_MS)]).finally(() => network.heal());
          return took;
        },
        remove: () => network.remove(),
      };
    },
  },
  {
    ...OTHERS,
    name: 'nodes-restarted',
    what: 'SIGTERM of each node in turn, exit code 0, started again before the next',
    prepare: () =>
      clustered({}, async (made) => {
        for (const which of made.nodes.keys()) await restart(made, which);
      }),
  },
  ...(['fast', 'immediate'] as const).map((how): Fault => ({
    ...OTHERS,
    name: `postgres-stopped-${how}`,
    reads: 'may stop',
    what: `PostgreSQL stopped (${how}) for 8 s`,
    turnsAway: true,
    prepare: () =>
      clustered({}, async ({ postgres }) => {
        await postgres.stop(how);
        await sleep(LASTS_MS);
        await postgres.resume();
      }),
  })),
  {
    ...OTHERS,
    name: 'postgres-disk-full',
    reads: 'may stop',
    what: 'no byte left on PostgreSQL’s disk for 8 s; it is started again if it has ended',
    refused: () => SmallDisk.refused(),
    async prepare() {
      const disk = new SmallDisk(POSTGRES_DISK_MIB);
      const made = await cluster({ postgres: { parent: disk.path, settings: { max_wal_size: '64MB' } } });
      return {
        installation: made,
        async happen() {
          disk.fill();
          await sleep(LASTS_MS);
          disk.free();
          if (!(await made.postgres.answers())) {
            await made.postgres.stop('immediate');
            await made.postgres.resume();
          }
        },
        remove: () => disk.remove(),
      };
    },
  },
  {
    ...OTHERS,
    name: 'postgres-disk-slow',
    what: 'every fsync of PostgreSQL takes 200 ms longer for 8 s',
    refused: () => refuses('gcc', '--version'),
    prepare: () =>
      hostile(
        (library) => cluster({ postgres: { env: library.env } }),
        async (library) => {
          library.set({ syncDelayMs: SLOW_SYNC_MS });
          await sleep(LASTS_MS);
        },
      ),
  },
  {
    ...OTHERS,
    name: 'leader-clock-jumps',
    what: 'the clock of the node that holds the lease goes a day ahead for 4 s, then a day behind for 4 s, then right again',
    refused: () => refuses('gcc', '--version'),
    prepare: () => hostile(({ env }) => cluster({ first: env }), jump),
  },
  {
    ...OTHERS,
    name: 'event-store-away',
    what: 'the event store does not listen for 10 s, every connection broken',
    turnsAway: true,
    refused: notOurs,
    prepare: () =>
      clustered({}, async ({ eventStore: { process: store } }) => {
        await store!.stopServing();
        await sleep(STORE_AWAY_MS);
        await store!.serve();
      }),
  },
  {
    ...OTHERS,
    name: 'event-store-stalled',
    what: 'the event store answers nothing for 10 s, no connection broken',
    refused: notOurs,
    prepare: () =>
      clustered({}, async ({ eventStore: { process: store } }) => {
        store!.freeze();
        await sleep(STORE_AWAY_MS);
        store!.thaw();
      }),
  },
];

/** The event store that was given is somebody's: it is not stopped. */
function notOurs(): string | undefined {
  return process.env.EVENTSTORE_URL ? 'the event store of EVENTSTORE_URL is not ours to stop' : undefined;
}

/** A cluster, to which something is done. */
async function clustered(
  options: ClusterOptions,
  happen: (made: Cluster, situation: Situation) => Promise<Taken | void>,
): Promise<Prepared> {
  const made = await cluster(options);
  return { installation: made, happen: (situation) => happen(made, situation) };
}

async function leaderKilled(made: Cluster, situation: Situation): Promise<Taken> {
  const leading = await made.leader();
  const taken = takeover(made, situation);
  await leading.kill();
  const took = await taken;
  await leading.start();
  return took;
}

/** Resolves when a batch of the node is under way that takes very long in PostgreSQL. @returns what makes the next ones quick again */
async function slower({ ask }: Cluster, node: string): Promise<() => Promise<unknown>> {
  await ask(`
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF current_setting('application_name') = 'mingjing ${node}' THEN PERFORM pg_sleep(${SLOW_STATEMENT_S}); END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER slow BEFORE UPDATE ON generation FOR EACH STATEMENT EXECUTE FUNCTION slow()`);
  const sleeping = `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;
  while ((await ask(sleeping)).length === 0) await sleep(POLL_MS);
  return () => ask('DROP FUNCTION slow CASCADE');
}

/** From now until another node holds the lease, and rows and log have gone on under it. */
async function takeover(made: Cluster, { watch }: Situation): Promise<Taken> {
  const since = performance.now();
  const before = await made.epoch();
  while ((await made.epoch()) === before) await sleep(POLL_MS);
  await watch.goneOn();
  return { takeoverMs: performance.now() - since };
}

async function jump(library: Hostile): Promise<void> {
  library.set({ clockAheadS: DAY_S });
  await sleep(LASTS_MS / 2);
  library.set({ clockAheadS: -DAY_S });
  await sleep(LASTS_MS / 2);
}

/** An installation with a process under a hostile library, which does something for a while. */
async function hostile<I extends Installation>(
  install: (library: Hostile) => Promise<I>,
  during: (library: Hostile, made: I, situation: Situation) => Promise<Taken | void>,
): Promise<Prepared> {
  const library = new Hostile();
  const installation = await install(library);
  return {
    installation,
    async happen(situation) {
      const took = await during(library, installation, situation);
      library.set({});
      return took;
    },
    remove: () => library.remove(),
  };
}

/** Stops a node in good order and starts it again. */
async function restart({ nodes }: Installation, which: number): Promise<void> {
  const code = await nodes[which].stop();
  if (code !== 0) throw new Error(`${nodes[which].name} ended with ${code}: ${nodes[which].said().slice(-1000)}`);
  await nodes[which].start();
}
