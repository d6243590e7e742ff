import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ApiConfig } from '../api/api-config';
import { Failure } from '../kernel/errors';
import type { RecordedEvent } from '../kernel/event';
import { commitmentOf, disclosuresOf } from '../ledger/commitment/commitment';
import { KeyVault } from '../ledger/commitment/key-vault';
import { sealedFields } from '../ledger/commitment/sealed-field';
import { EventStore } from '../ledger/event-store';
import { leafHash } from '../ledger/transparency/merkle';
import { LogProver, type PublishedCheckpoint } from '../ledger/transparency/prover';
import type { NodeSealing } from '../ledger/transparency/node-sealing';
import { notSealedInTime } from '../ledger/transparency/sealing';
import { encodeDisclosed } from '../verification/disclosure';
import { verifyInclusion } from '../verification/merkle-proof';
import { formatProofFile } from '../verification/proof-file';

/** The events as they are stored: what the log commits to. `EventStore` itself is what the program reads. */
export const STORED_EVENTS = Symbol('stored events');

/** The sealing as this server knows it; undefined where it never seals. */
export const SEALING = Symbol('sealing');

/** Proof files (c2sp.org/tlog-proof) of events, against the newest published checkpoint: one event and O(log n) tiles are read. */
@Injectable()
export class EventProofs {
  constructor(
    @Inject(STORED_EVENTS) private readonly stored: EventStore,
    private readonly vault: KeyVault,
    private readonly prover: LogProver,
    @Inject(SEALING) private readonly sealing: Pick<NodeSealing, 'sealed'> | undefined,
    @Inject(CONFIG) private readonly config: Pick<ApiConfig, 'readYourWritesTimeoutMs'>,
  ) {}

  /** The stored event at a position of the ledger; undefined beyond its head. */
  async eventAt(position: number): Promise<RecordedEvent | undefined> {
    const [event] = await this.stored.readAll({ direction: 'forwards', from: position, limit: 1 });
    return event;
  }

  /**
   * The proof of a stored event that discloses the fields `shows` says, except those whose subject was erased; against the
   * newest checkpoint, unless another is named. Waits a moment for an event that is not sealed yet.
   * @throws Failure `log.not_sealed_in_time`; `log.event_differs` when the ledger holds something else than the log
   */
  async proofOf(
    stored: RecordedEvent,
    shows: (path: string) => boolean,
    against?: PublishedCheckpoint,
  ): Promise<string> {
    const checkpoint = against ?? (await this.sealed(stored.position));
    const commitmentKey = await this.vault.commitmentKey();
    const index = stored.position - 1;
    const { entry, digests } = commitmentOf(stored, commitmentKey);
    const hashes = await this.prover.inclusionProof(index, checkpoint.size);
    await assertInLog(entry, index, hashes, checkpoint);
    const subjects = sealedFields(stored).flatMap(([path, field]) => (shows(path) ? [field.$subject] : []));
    const keys = await this.vault.keysForReading(subjects);
    const disclosures = [...disclosuresOf(stored, commitmentKey, keys)].filter(([path]) => shows(path));
    const extra = encodeDisclosed({
      _sd: digests,
      _sd_alg: 'sha-256',
      disclosures: disclosures.map(([, encoded]) => encoded),
    });
    return formatProofFile({ extra, index, hashes, checkpoint: checkpoint.note });
  }

  /** The newest checkpoint, once it covers a position. @throws Failure `log.not_sealed_in_time` */
  private async sealed(position: number): Promise<PublishedCheckpoint> {
    await this.sealing?.sealed(position, this.config.readYourWritesTimeoutMs);
    const checkpoint = await this.prover.checkpoint();
    if (checkpoint.size < position) throw notSealedInTime();
    return checkpoint;
  }
}

/** A proof that does not hold is handed to nobody: it would look like the holder's fault. */
async function assertInLog(
  entry: Buffer,
  index: number,
  proof: readonly Buffer[],
  { size, root }: PublishedCheckpoint,
): Promise<void> {
  try {
    const place = { index: BigInt(index), size: BigInt(size) };
    await verifyInclusion({ ...place, leafHash: leafHash(entry), proof, root });
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'invalid') throw error;
    throw new Failure('unavailable', 'log.event_differs', {
      zh: '台账中的这条记录与透明日志不符，可能已被改动；已记录，请联系监督机关。',
      en: 'This record of the ledger is not what the transparency log holds: it may have been changed. This has been logged.',
    });
  }
}
