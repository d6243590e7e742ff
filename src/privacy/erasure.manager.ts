import { Failure } from '../kernel/errors';
import { is } from '../kernel/event';
import type { Instant } from '../kernel/time';
import type { KeyVault, SubjectId } from '../ledger/commitment/key-vault';
import { command, reactionTo, type Give } from '../ledger/deciding/reaction';
import type { EventStore } from '../ledger/event-store';
import type { ProcessManager } from '../ledger/projecting/process-manager';
import { RecordKeyDestroyed } from './erasure-commands';
import { erasureRegister, REGISTER_ID } from './erasure';
import { PersonalDataErased, SubjectKeyDestroyed } from './erasure-events';

const NAME = 'erasure';
const PAGE_EVENTS = 1024;

/**
 * Carries an erasure out: destroys the key, lets go of what was folded with it in memory, and records that it is done. A crash
 * between any two of these meets the event again, and each is harmless when it is repeated.
 */
export function erasureManager(
  give: Give,
  vault: Pick<KeyVault, 'destroy'>,
  forget: () => void | Promise<void>,
): ProcessManager {
  return {
    name: NAME,
    async react(event) {
      if (!is(event, PersonalDataErased)) return;
      const { subject } = event.data;
      await vault.destroy(subject, event.metadata.recordedAt);
      await forget();
      // After the destruction: whatever was still written of the subject stands before this event, and rows let go of it here.
      const destroyed = command(RecordKeyDestroyed, { subject, erasureId: event.id });
      await give(erasureRegister, REGISTER_ID, destroyed, reactionTo(event, NAME));
    },
  };
}

/**
 * Destroys again every key that the register names: a vault restored from a backup may have them back. To be done before anything
 * is read with the vault. An erasure that is not in the register yet is the process manager's, which has not passed it.
 * @returns how many keys were there again
 */
export async function reapplyErasures(stored: Pick<EventStore, 'readStream'>, vault: KeyVault): Promise<number> {
  let destroyed = 0;
  for await (const { subject, at } of keysBack(stored, vault)) {
    await vault.destroy(subject, at);
    destroyed++;
  }
  return destroyed;
}

/**
 * For whoever only reads the vault.
 * @throws Failure `privacy.vault_outdated` when it holds keys that had been destroyed
 */
export async function assertErasuresHold(stored: Pick<EventStore, 'readStream'>, vault: KeyVault): Promise<void> {
  const { done } = await keysBack(stored, vault).next();
  if (done) return;
  throw new Failure('unavailable', 'privacy.vault_outdated', {
    zh: '密钥库来自旧备份，其中有已销毁的密钥；请先启动一次服务，密钥将再次销毁。',
    en: 'The vault is from an older backup and holds keys that had been destroyed; start the server once, which destroys them again.',
  });
}

/** The subjects in the register whose key is in the vault, and when it was destroyed. */
async function* keysBack(
  stored: Pick<EventStore, 'readStream'>,
  vault: KeyVault,
): AsyncGenerator<{ subject: SubjectId; at: Instant }, void, void> {
  const stream = `${erasureRegister.category}-${REGISTER_ID}`;
  for (let from = 0; ; from += PAGE_EVENTS) {
    const page = await stored.readStream(stream, { direction: 'forwards', from, limit: PAGE_EVENTS });
    const register = new Map(
      page.flatMap((event) =>
        is(event, SubjectKeyDestroyed) ? [[event.data.subject, event.metadata.recordedAt]] : [],
      ),
    );
    for (const subject of await notDestroyed(vault, [...register.keys()])) {
      yield { subject, at: register.get(subject)! };
    }
    if (page.length < PAGE_EVENTS) return;
  }
}

/** Those whose key is there; all of them when the vault does not know one, which is then marked as destroyed as well. */
async function notDestroyed(vault: KeyVault, subjects: readonly SubjectId[]): Promise<readonly SubjectId[]> {
  try {
    return [...(await vault.keysForReading(subjects)).keys()];
  } catch (error) {
    if (error instanceof Failure && error.code === 'privacy.key_missing') return subjects;
    throw error;
  }
}
