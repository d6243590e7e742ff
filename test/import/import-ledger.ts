import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CqrsModule } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { historicalDeciders } from '../../src/enforcement/historical/deciders';
import type { RecordedEvent } from '../../src/kernel/event';
import { locations, readConfig } from '../../src/config';
import { systemClock } from '../../src/kernel/time';
import { openLedgerAt } from '../../src/ledger/commitment/open-ledger';
import { CLOCK, Commands, decidingProviders } from '../../src/ledger/deciding/commands';
import { EventStore, MAX_PAGE_EVENTS } from '../../src/ledger/event-store';
import { storesUnderTest } from '../postgres/fresh-schema';

/** The commands of historical acts over a real ledger, which a directory names. */
export async function openLedger(directory: string) {
  const config = { ...readConfig({}), dataDirectory: directory, ...storesUnderTest(directory) };
  const { store } = await openLedgerAt(locations(config));
  const module = await Test.createTestingModule({
    imports: [CqrsModule.forRoot()],
    providers: [
      { provide: EventStore, useValue: store },
      { provide: CLOCK, useValue: systemClock },
      ...decidingProviders(historicalDeciders),
    ],
  }).compile();
  await module.init();
  return {
    store,
    commands: module.get(Commands),
    async close(): Promise<void> {
      await module.close();
      await store.close();
    },
  };
}

export async function allEvents(store: EventStore): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (;;) {
    const from = events.length + 1;
    const page = await store.readAll({ direction: 'forwards', from, limit: MAX_PAGE_EVENTS });
    events.push(...page);
    if (page.length < MAX_PAGE_EVENTS) return events;
  }
}

/** The public files beside the repository, which the repository itself does not hold. */
const shared = process.env.MINGJING_SHARED ?? resolve(__dirname, '../../../shared');
export const TAIPEI_CP950 = join(shared, 'data/taipei-labour-penalties/taipei.cp950.csv');
export const TAIPEI_UTF8 = join(shared, 'data/taipei-labour-penalties/taipei.utf8.csv');
export const TAOYUAN = join(shared, 'data/taoyuan-labour-penalties/taoyuan.csv');
export const haveRealFiles = [TAIPEI_CP950, TAIPEI_UTF8, TAOYUAN].every((file) => existsSync(file));
