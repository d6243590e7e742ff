import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ApiConfig } from '../api/api-config';
import { LogHealth, type LogCondition } from '../api/log-health';
import { Failure } from '../kernel/errors';
import { LogStorage } from '../ledger/transparency/log-storage';
import { LogProver, type PublishedCheckpoint } from '../ledger/transparency/prover';
import { logPolicy } from '../transparency/log-policy';
import { WITNESS_POLICY } from '../transparency/log-files.controller';
import { NoticeProofs, type NoticeProof } from '../transparency/notice-proofs';
import { parsePolicy, type Policy } from '../verification/policy';
import { verifyCheckpoint, type Cosigner } from '../verification/verify-proof';
import type { Offer } from './verifier/verify-notice';

/** The log as its page shows it. */
export interface ShownLog {
  readonly condition: LogCondition;
  /** Undefined before the first checkpoint. */
  readonly checkpoint?: PublishedCheckpoint;
  readonly cosigners: readonly Cosigner[];
  readonly policy?: Policy;
  /** The verifier keys, the one that signs now first. */
  readonly keys: readonly string[];
}

/** What the portal shows and hands out of the transparency log. */
@Injectable()
export class PublishedLog {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<ApiConfig, 'publicUrl'>,
    @Inject(WITNESS_POLICY) private readonly witnessPolicy: string,
    private readonly storage: LogStorage,
    private readonly prover: LogProver,
    private readonly health: LogHealth,
    private readonly proofs: NoticeProofs,
  ) {}

  /** A notice's proofs with the keys to verify them, as a kept copy carries them. @throws Failure as the proofs themselves */
  async offer(id: string, listed: readonly NoticeProof[]): Promise<Offer> {
    const proofs: Array<Offer['proofs'][number]> = [];
    for (const { position, title } of listed) {
      proofs.push({ position, title, proof: await this.proofs.proof(id, position) });
    }
    return { policy: await this.policyText(), proofs };
  }

  async shown(): Promise<ShownLog> {
    const [condition, keys] = [await this.health.now(), await this.keys()];
    const checkpoint = await this.prover.checkpoint().catch(notPublished);
    const policy = keys === undefined ? undefined : await parsePolicy(await this.policyText());
    const cosigners = checkpoint && policy ? (await verifyCheckpoint(checkpoint.note, policy)).cosigners : [];
    return { condition, checkpoint, cosigners, policy, keys: (keys ?? '').split('\n').filter(Boolean) };
  }

  private async policyText(): Promise<string> {
    const { publicUrl } = this.config;
    const url = publicUrl && `${publicUrl.replace(/\/+$/, '')}/log`;
    return logPolicy((await this.keys()) ?? '', url, this.witnessPolicy);
  }

  private async keys(): Promise<string | undefined> {
    return (await this.storage.read('vkey'))?.toString('utf8');
  }
}

function notPublished(error: unknown): undefined {
  if (error instanceof Failure && error.code === 'log.not_published') return undefined;
  throw error;
}
