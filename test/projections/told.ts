import type { Actor } from '../../src/kernel/event';
import { upTo } from '../given-when-then/penalty-story';
import { Story } from './folding';

interface Happened {
  readonly event: object;
  readonly at: string;
  readonly actor: Partial<Actor>;
}

/** The lawful ordinary case of the rule tests, as the penalty decider itself recorded it, up to one of its steps. */
export function toldOrdinary(last = 'archived', stream = 'case-1', story = new Story()): Story {
  for (const { event, at, actor } of upTo(last).happened as readonly Happened[]) {
    story.add(stream, at, event, { actor: { kind: 'person', account: 'account-1', roles: ['officer'], ...actor } });
  }
  return story;
}
