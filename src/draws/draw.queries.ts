import type { Inquiry } from '../ledger/deciding/decider-handler';
import type { LogStorage } from '../ledger/transparency/log-storage';
import { LogProver } from '../ledger/transparency/prover';
import type { NodeSealing } from '../ledger/transparency/node-sealing';
import { parsePolicy } from '../verification/policy';
import { formatVerifierKey } from '../verification/verifier-key';
import type { SeedTerms } from './draw-announcing';
import { AnnounceDraw } from './draw-commands';

const FIRST_CHECKPOINT_WAIT_MS = 5000;

interface OwnLog {
  readonly storage: Pick<LogStorage, 'read'>;
  readonly sealing?: Pick<NodeSealing, 'sealed'>;
  /** Text of a policy (c2sp.org/tlog-policy); empty for none. */
  readonly witnessPolicy: string;
}

/**
 * Finds, before a draw is announced, the log that it will be drawn from, by its published checkpoint, and the witnesses that
 * are asked for cosignatures.
 * @throws Failure `log.not_published` while there is no checkpoint
 */
export function seedTermsInquiry({ storage, sealing, witnessPolicy }: OwnLog): Inquiry {
  const prover = new LogProver(storage);
  return async (_, command): Promise<SeedTerms | undefined> => {
    if (!(command instanceof AnnounceDraw)) return undefined;
    const { witnesses } = await parsePolicy(witnessPolicy);
    const asked = witnesses.filter(({ url }) => url !== undefined);
    await sealing?.sealed(0, FIRST_CHECKPOINT_WAIT_MS); // only in the first second of a ledger's life
    const { origin: logOrigin } = await prover.checkpoint();
    return { logOrigin, witnesses: asked.map(({ key }) => formatVerifierKey(key)) };
  };
}
