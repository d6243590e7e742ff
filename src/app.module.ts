import { createHmac } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessModule } from './access/access.module';
import type { AccountsDb } from './access/accounts-db';
import { ApiModule } from './api/api.module';
import { EVENT_STORE_TROUBLE, LEASE, POSTGRES_TROUBLE } from './api/operations.controller';
import { CountRowsHandler, GetRowHandler, ListRowsHandler, ScanRowsHandler } from './api/row-queries';
import { AppraisalModule } from './appraisal/appraisal.module';
import type { Config } from './config';
import { deciders } from './deciders';
import { DisclosureModule } from './disclosure/disclosure.module';
import { seedTermsInquiry } from './draws/draw.queries';
import { DrawsModule } from './draws/draws.module';
import { EnforcementModule } from './enforcement/enforcement.module';
import type { Clock } from './kernel/time';
import { LawModule } from './law/law.module';
import { KeyVault } from './ledger/commitment/key-vault';
import {
  AROUND,
  CLOCK,
  Commands,
  decidingProviders,
  DIGEST_KEY,
  INQUIRIES,
  type Around,
} from './ledger/deciding/commands';
import { EventStore } from './ledger/event-store';
import { ProcessRunner } from './ledger/projecting/process-manager';
import type { Lease } from './ledger/postgres/lease';
import { ReadModel } from './ledger/projecting/read-model';
import { OversightModule } from './oversight/oversight.module';
import { PortalModule } from './portal/portal.module';
import { PrivacyModule } from './privacy/privacy.module';
import { subjectInquiry } from './privacy/subject.queries';
import { RegistryModule } from './registry/registry.module';
import { STORED_EVENTS } from './transparency/event-proofs';
import { TransparencyModule, type OpenLog } from './transparency/transparency.module';

/** What is opened before Nest starts, because it is closed after Nest has stopped. */
export interface Stores {
  readonly store: EventStore;
  /** The same events as they are stored. */
  readonly stored: EventStore;
  readonly vault: KeyVault;
  readonly accounts: AccountsDb;
  readonly readModel: ReadModel;
  readonly processes: ProcessRunner;
  readonly log: OpenLog;
  readonly lease?: Lease;
  /** Whether the event store is away; missing where the ledger is embedded. */
  readonly eventStoreTrouble?: () => boolean;
  /** Why PostgreSQL does not answer; missing where there is none. */
  readonly postgresTrouble?: () => Promise<unknown>;
  readonly around: Around;
}

const digestKeyFrom = (commitmentKey: Buffer): Buffer =>
  createHmac('sha256', commitmentKey).update('mingjing/command-digest/v1').digest();

/** The ledger, the rows and the buses, for every other module. */
@Module({})
class LedgerModule {
  static forRoot(
    { store, stored, vault, readModel, processes, log, lease, eventStoreTrouble, postgresTrouble, around }: Stores,
    clock: Clock,
  ): DynamicModule {
    return {
      module: LedgerModule,
      global: true,
      imports: [CqrsModule.forRoot()],
      providers: [
        { provide: EventStore, useValue: store },
        { provide: STORED_EVENTS, useValue: stored },
        { provide: KeyVault, useValue: vault },
        { provide: ReadModel, useValue: readModel },
        { provide: ProcessRunner, useValue: processes },
        { provide: CLOCK, useValue: clock },
        { provide: AROUND, useValue: around },
        { provide: LEASE, useValue: lease },
        { provide: EVENT_STORE_TROUBLE, useValue: eventStoreTrouble },
        { provide: POSTGRES_TROUBLE, useValue: postgresTrouble },
        {
          provide: INQUIRIES,
          useValue: new Map([
            ['subject', subjectInquiry(readModel, store, vault)],
            ['draw', seedTermsInquiry(log)],
          ]),
        },
        { provide: DIGEST_KEY, useFactory: () => vault.commitmentKey().then(digestKeyFrom) },
        ...decidingProviders(deciders),
        ListRowsHandler,
        CountRowsHandler,
        ScanRowsHandler,
        GetRowHandler,
      ],
      exports: [
        EventStore,
        STORED_EVENTS,
        KeyVault,
        ReadModel,
        ProcessRunner,
        CLOCK,
        LEASE,
        EVENT_STORE_TROUBLE,
        POSTGRES_TROUBLE,
        Commands,
        CqrsModule,
      ],
    };
  }
}

@Module({})
export class AppModule {
  static forRoot(config: Config, stores: Stores, clock: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LedgerModule.forRoot(stores, clock),
        AccessModule.forRoot(config, clock, stores.accounts),
        ApiModule.forRoot(config),
        LawModule,
        RegistryModule,
        EnforcementModule,
        DisclosureModule,
        DrawsModule,
        TransparencyModule.forRoot(stores.log),
        OversightModule,
        AppraisalModule,
        PrivacyModule,
        PortalModule,
      ],
    };
  }
}
