import { Module, type DynamicModule } from '@nestjs/common';
import { LogStorage } from '../ledger/transparency/log-storage';
import { LogProver } from '../ledger/transparency/prover';
import { EventProofs } from './event-proofs';
import { EventReaders } from './event-readers';
import { LogFilesController, WITNESS_POLICY } from './log-files.controller';
import { NoticeProofs } from './notice-proofs';
import { EventProofsController, NoticeProofsController } from './proofs.controller';

/**
 * The HTTP side of the transparency log: the log itself, and proofs of its events. Reads only: sealing goes on beside the server.
 * `EventStore`, `STORED_EVENTS`, `KeyVault`, `CONFIG` and the buses come from global modules.
 */
@Module({})
export class TransparencyModule {
  /** @param witnessPolicy text of the policy of the witnesses; empty when there are none */
  static forRoot(storage: LogStorage, witnessPolicy: string): DynamicModule {
    return {
      module: TransparencyModule,
      controllers: [LogFilesController, EventProofsController, NoticeProofsController],
      providers: [
        { provide: LogStorage, useValue: storage },
        { provide: LogProver, useValue: new LogProver(storage) },
        { provide: WITNESS_POLICY, useValue: witnessPolicy },
        EventReaders,
        EventProofs,
        NoticeProofs,
      ],
      exports: [LogStorage, LogProver, EventProofs, NoticeProofs],
    };
  }
}
