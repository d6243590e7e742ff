import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './clients';
import { Hostile } from './hostile';
import { embedded, type Installation } from './installation';
import { refuses, SmallDisk } from './machine';
import type { Watch } from './watch';

/** What a fault happens to, while clients write. */
export interface Situation {
  readonly installation: Installation;
  readonly load: Load;
  readonly watch: Watch;
}

/** An installation in which something is about to go wrong. */
export interface Prepared {
  readonly installation: Installation;
  /** Does it and undoes it; resolves when all is well again but for what the program has to catch up with. */
  happen(situation: Situation): Promise<void>;
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
  /** Whether clients must have met with 503, each with a time to come again. */
  readonly turnsAway?: boolean;
  /** Why it cannot be run on this machine. */
  refused?(): string | undefined;
  prepare(): Promise<Prepared>;
}

const DAY_S = 86_400;
const LASTS_MS = 8000;
const SLOW_SYNC_MS = 200;
const DISK_MIB = 96;

export const faults: readonly Fault[] = [
  {
    name: 'node-killed',
    composition: 'embedded',
    what: '`kill -9` of the node in the middle; started again at once',
    reads: 'may stop',
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
    name: 'node-stopped',
    composition: 'embedded',
    what: 'SIGTERM in the middle, exit code 0; started again at once',
    reads: 'may stop',
    async prepare() {
      const installation = await embedded();
      return { installation, happen: () => restart(installation, 0) };
    },
  },
  {
    name: 'disk-full',
    composition: 'embedded',
    what: 'no byte left on the disk of the data directory for 8 s; the node is not restarted',
    reads: 'go on',
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
    name: 'disk-slow',
    composition: 'embedded',
    what: 'every fsync takes 200 ms longer for 8 s',
    reads: 'go on',
    refused: () => refuses('gcc', '--version'),
    prepare: () => hostile((library) => library.set({ syncDelayMs: SLOW_SYNC_MS })),
  },
  {
    name: 'clock-jumps',
    composition: 'embedded',
    what: 'the node’s clock goes a day ahead for 4 s, then a day behind for 4 s, then right again',
    reads: 'go on',
    refused: () => refuses('gcc', '--version'),
    prepare: () =>
      hostile(async (library) => {
        library.set({ clockAheadS: DAY_S });
        await sleep(LASTS_MS / 2);
        library.set({ clockAheadS: -DAY_S });
      }),
  },
];

/** A node under a hostile library, which does something for a while. */
async function hostile(begin: (library: Hostile) => unknown): Promise<Prepared> {
  const library = new Hostile();
  return {
    installation: await embedded({ first: library.env }),
    async happen() {
      await begin(library);
      await sleep(LASTS_MS);
      library.set({});
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
