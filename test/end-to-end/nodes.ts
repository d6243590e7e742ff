import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config';
import { sharedEventStore, type SharedEventStore } from '../eventstoredb/scripted-process';
import { dropSchema, freshSchema } from '../postgres/fresh-schema';
import { Running } from './running';
import { until } from '../until';

const NOW = '2026-03-02T02:00:00.000Z';

/** Several nodes, all in this process, over one event store and one database. */
export class Nodes {
  readonly running: Running[] = [];
  /** Others, that do not run at the end. */
  readonly erased: Running[] = [];
  private readonly schema = freshSchema();
  events!: SharedEventStore;

  /** Where all of them keep what they have. */
  get stores(): Partial<Config> {
    const { url, schema } = this.schema;
    const { eventStoreUrl, eventStorePrefix } = this.events;
    return { postgresUrl: url, postgresSchema: schema, eventStoreUrl, eventStorePrefix };
  }

  async start(...names: string[]): Promise<this> {
    this.events = await sharedEventStore();
    for (const name of names) await this.add(name);
    await this.leader();
    return this;
  }

  async stop(): Promise<void> {
    for (const node of this.running) await node.stop();
    for (const node of [...this.running, ...this.erased]) node.erase();
    await this.events?.stop();
    await dropSchema(this.schema);
  }

  /** The one node that leads, once exactly one does. */
  async leader(): Promise<Running> {
    return until(() => {
      const [leader, ...others] = this.running.filter(({ mingjing }) => mingjing.lease?.fence !== undefined);
      return others.length === 0 && leader;
    });
  }

  /** A node with the keys of the first. */
  private async add(nodeName: string): Promise<void> {
    const settings = { ...this.stores, nodeName, publicUrl: 'https://mingjing.example' };
    const node = new Running({ seal: true, settings });
    node.now = NOW;
    const [first] = this.running;
    if (first) {
      for (const key of ['log.key', 'vault.key']) copyFileSync(join(first.directory, key), join(node.directory, key));
    }
    this.running.push(await node.start());
  }
}
