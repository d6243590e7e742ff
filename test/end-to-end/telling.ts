import { v7 as uuidV7 } from 'uuid';
import { definitionOf } from '../../src/kernel/event';
import { startOfDay } from '../../src/kernel/time';
import type { Teller } from '../projections/personal-city';
import type { Running } from './running';

/** Tells a server what has happened: acts as they stand, without asking a rule. */
export function tellerOn(server: Running): Teller {
  const city: Teller = {
    on(date) {
      server.now = `${startOfDay(date).slice(0, 10)}T23:00:00.000Z`;
      return city;
    },
    async happened(stream, ...events) {
      const { store } = server.mingjing;
      for (const each of events) {
        const [last] = await store.readStream(stream, { direction: 'backwards', limit: 1 });
        const { name } = definitionOf(each.constructor as new () => object);
        const actor = { kind: 'person', account: 'a-1', roles: ['officer'] } as const;
        const metadata = {
          ...{ occurredAt: server.now, recordedAt: server.now, actor, command: 'Told', commandId: uuidV7() },
          ...{ commandDigest: '', correlationId: 'told' },
        };
        const data = JSON.parse(JSON.stringify(each)) as Record<string, unknown>;
        await store.append(stream, last?.revision ?? 'no_stream', [
          { id: uuidV7(), type: name, schemaVersion: 1, data, metadata },
        ]);
      }
    },
  };
  return city;
}
