import { Failure } from '../../kernel/errors';
import type { EventStore } from '../event-store';
import type { KeyVault } from './key-vault';

/**
 * That these events and this vault are of one ledger: what several nodes can reach remembers the other, from the first start that finds nothing.
 * A node that shares one of the two and has another of its own would record, seal and publish a second ledger beside the first.
 * Nothing is written where they are not. A crash between the two leaves what the next start completes.
 * @throws Failure `ledger.other_events`, `ledger.other_vault`, and those of the stores
 */
export async function assertBelongTogether(stored: EventStore, vault: KeyVault): Promise<void> {
  const expected = await vault.ledgerId();
  if (expected !== undefined) assertSame(expected, (await stored.identity())?.id);
  const fingerprint = await vault.fingerprint();
  const identity = await stored.identity(fingerprint);
  if (!identity) return;
  if (identity.vault !== undefined && identity.vault !== fingerprint) throw otherVault(identity.vault, fingerprint);
  assertSame((await vault.ledgerId(identity.id))!, identity.id);
}

function assertSame(expected: string, found: string | undefined): void {
  if (found !== expected) throw otherEvents(expected, found);
}

const otherEvents = (expected: string, found = ''): Failure =>
  new Failure('unavailable', 'ledger.other_events', {
    zh: `PostgreSQL 中的密钥、日志与查询数据属于另一台账（${expected}），而本节点打开的事件属于${found || '无标识的台账'}。各节点须共用同一事件库：请核对 MINGJING_EVENTSTORE（未设时事件在本机）与 MINGJING_EVENTSTORE_PREFIX，以及 MINGJING_POSTGRES 与 MINGJING_POSTGRES_SCHEMA。`,
    en: `Keys, log and rows in PostgreSQL are of another ledger (${expected}) than the events that this node opens (${found || 'of no known ledger'}). All nodes share one event store: look at MINGJING_EVENTSTORE (without it events are on this machine) and MINGJING_EVENTSTORE_PREFIX, and at MINGJING_POSTGRES and MINGJING_POSTGRES_SCHEMA.`,
    field: 'MINGJING_EVENTSTORE',
  });

const short = (fingerprint: string): string => fingerprint.slice(0, 16);

const otherVault = (expected: string, found: string): Failure =>
  new Failure('unavailable', 'ledger.other_vault', {
    zh: `这些事件的密钥与日志在另一处（密钥库 ${short(expected)}），不在本节点打开的密钥库（${short(found)}）。多节点须共用同一 PostgreSQL：请核对 MINGJING_POSTGRES（未设时密钥与日志在本机）与 MINGJING_POSTGRES_SCHEMA；若密钥库已丢失，请恢复其备份；尚未记录任何事件时，可另设 MINGJING_EVENTSTORE_PREFIX。`,
    en: `Keys and log of these events are in another place (vault ${short(expected)}), not in the vault that this node opens (${short(found)}). Several nodes share one PostgreSQL: look at MINGJING_POSTGRES (without it keys and log are on this machine) and MINGJING_POSTGRES_SCHEMA. Where the vault was lost, restore its backup; where nothing is recorded yet, take another MINGJING_EVENTSTORE_PREFIX.`,
    field: 'MINGJING_POSTGRES',
  });
