import { execFileSync } from 'node:child_process';
import { refuses } from './machine';

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

/**
 * A host of its own for one node: a network namespace behind a bridge, whose port can be cut. Nothing is refused then: what is sent
 * is gone, as behind a broken switch, and connections hang.
 */
export class OwnNetwork {
  private readonly tag = process.pid % 10_000;
  private readonly namespace = `mingjing-${this.tag}`;
  private readonly bridge = `mjb${this.tag}`;
  private readonly port = `mjp${this.tag}`;
  private readonly inside = `mji${this.tag}`;
  /** Where everything else listens, and where the node does. */
  readonly outerAddress = `10.213.${this.tag % 250}.1`;
  readonly innerAddress = `10.213.${this.tag % 250}.2`;
  /** What a command line begins with to run in there. */
  readonly wrapper = ['ip', 'netns', 'exec', this.namespace];

  /** @throws Error where this may not be made */
  constructor() {
    try {
      ip('netns', 'add', this.namespace);
      ip('link', 'add', this.bridge, 'type', 'bridge');
      ip('link', 'add', this.port, 'type', 'veth', 'peer', 'name', this.inside, 'netns', this.namespace);
      ip('link', 'set', this.port, 'master', this.bridge, 'up');
      ip('addr', 'add', `${this.outerAddress}/24`, 'dev', this.bridge);
      ip('link', 'set', this.bridge, 'up');
      ip('-n', this.namespace, 'addr', 'add', `${this.innerAddress}/24`, 'dev', this.inside);
      ip('-n', this.namespace, 'link', 'set', this.inside, 'up');
      ip('-n', this.namespace, 'link', 'set', 'lo', 'up');
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  cut(): void {
    this.forward('disabled');
  }

  heal(): void {
    this.forward('forwarding');
  }

  remove(): void {
    for (const args of [
      ['link', 'del', this.port],
      ['link', 'del', this.bridge],
      ['netns', 'del', this.namespace],
    ]) {
      refuses('ip', ...args); // what was not made is not there to be removed
    }
  }

  static refused(): string | undefined {
    try {
      const made = new OwnNetwork();
      made.cut();
      made.remove();
      return undefined;
    } catch (error) {
      return (error as Error).message.trim().split('\n').at(-1);
    }
  }

  private forward(state: 'disabled' | 'forwarding'): void {
    execFileSync('bridge', ['link', 'set', 'dev', this.port, 'state', state === 'disabled' ? '0' : '3']);
  }
}
