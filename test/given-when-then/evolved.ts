import type { Decider } from '../../src/kernel/decider';
import { definitionOf } from '../../src/kernel/event';
import { NOW } from './specification';

/** The state after these events, for what other deciders ask of it. */
export const evolved = <S>(decider: Decider<S>, ...events: object[]): S =>
  events.reduce<S>((state, e, revision) => {
    const { name, version } = definitionOf(e.constructor as new () => object);
    return decider.evolve(state, {
      id: `e-${revision}`,
      stream: `${decider.category}-x`,
      revision,
      position: revision + 1,
      type: name,
      schemaVersion: version,
      data: JSON.parse(JSON.stringify(e)) as Record<string, unknown>,
      metadata: {
        occurredAt: NOW,
        recordedAt: NOW,
        actor: { kind: 'person', account: 'account-1', roles: [] },
        command: 'Given',
        commandId: `given-${revision}`,
        commandDigest: '',
        correlationId: 'given',
      },
    });
  }, decider.initialState);
