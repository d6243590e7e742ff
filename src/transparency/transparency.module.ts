import { Module, type DynamicModule } from '@nestjs/common';
import { LogHealth } from '../api/log-health';
import type { Clock } from '../kernel/time';
import { CLOCK } from '../ledger/deciding/commands';
import type { EventStore } from '../ledger/event-store';
import { LogStorage } from '../ledger/transparency/log-storage';
import { LogProver } from '../ledger/transparency/prover';
import type { NodeSealing } from '../ledger/transparency/node-sealing';
import { EventProofs, SEALING, STORED_EVENTS } from './event-proofs';
import { EventReaders } from './event-readers';
import { LogFilesController, WITNESS_POLICY } from './log-files.controller';
import { NoticeProofs } from './notice-proofs';
import { EventProofsController, NoticeProofsController } from './proofs.controller';

/** The transparency log as the server has it. */
export interface OpenLog {
  /** What is published of it, for reading. */
  readonly storage: LogStorage;
  /** Undefined where this server never seals. */
  readonly sealing: NodeSealing | undefined;
  /** Text of the policy of its witnesses; empty when there are none. */
  readonly witnessPolicy: string;
}

/**
 * The HTTP side of the transparency log: the log itself, and proofs of its events. Reads only: sealing goes on beside the server.
 * `EventStore`, `STORED_EVENTS`, `KeyVault`, `CONFIG` and the buses come from global modules.
 */
@Module({})
export class TransparencyModule {
  static forRoot({ storage, sealing, witnessPolicy }: OpenLog): DynamicModule {
    const prover = new LogProver(storage);
    return {
      module: TransparencyModule,
      global: true, // for `LogHealth`
      controllers: [LogFilesController, EventProofsController, NoticeProofsController],
      providers: [
        { provide: LogStorage, useValue: storage },
        { provide: LogProver, useValue: prover },
        { provide: SEALING, useValue: sealing },
        {
          provide: LogHealth,
          inject: [STORED_EVENTS, CLOCK],
          useFactory: (stored: EventStore, clock: Clock) => new LogHealth(stored, prover, sealing, clock),
        },
        { provide: WITNESS_POLICY, useValue: witnessPolicy },
        EventReaders,
        EventProofs,
        NoticeProofs,
      ],
      exports: [LogStorage, LogProver, LogHealth, WITNESS_POLICY, EventProofs, NoticeProofs],
    };
  }
}
