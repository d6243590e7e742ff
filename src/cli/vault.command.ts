import { Command } from 'commander';
import { readConfig, vaultLocation } from '../config';
import { Failure } from '../kernel/errors';
import { PostgresKeyVault } from '../ledger/commitment/postgres-key-vault';
import { WrappingKeys } from '../ledger/commitment/wrapping-keys';
import { Postgres } from '../ledger/postgres/postgres';
import { progressBar } from './terminal';

export function vaultCommand(): Command {
  return new Command('vault')
    .description('密钥库（PostgreSQL） The key vault in PostgreSQL')
    .addCommand(rotateCommand());
}

function rotateCommand(): Command {
  return new Command('rotate-key')
    .description(
      '更换密钥库密钥，服务无须停止 Replace the key under which the keys of subjects are kept; the server may run',
    )
    .option(
      '--prepare',
      '只在文件中新增密钥，暂不启用 only add the new key to the file, to be copied to the other nodes',
    )
    .addHelpText(
      'after',
      `
数据库写过的内容会留在其日志、副本和备份中；已销毁的密钥也是如此，直到密钥库密钥更换、旧密钥的所有副本销毁，才无人能再打开。
A database keeps in its log, replicas and backups what it once wrote, the bytes of destroyed keys too. Nobody can open those any more once
this key has been replaced and every copy of the old one is destroyed. Replace it regularly, and after erasures.

一个节点 One node:
  mingjing vault rotate-key
多个节点 Several nodes:
  1. mingjing vault rotate-key --prepare   将 vault.key 复制到各节点，无须重启 copy vault.key to every node; no restart is needed
  2. mingjing vault rotate-key             中断后再次执行即可继续 given again after an interruption, it goes on
  3. 再次将 vault.key 复制到各节点 copy vault.key to every node again: without the old key
最后销毁旧密钥的所有备份。以 MINGJING_VAULT_KEY 提供密钥的，在各节点将新密钥置于旧密钥之前，重启，执行第 2 步，再删去旧密钥。
At last destroy all backups of the old key. Where MINGJING_VAULT_KEY has the key: on every node put the new one before the old one, restart,
take step 2, and then delete the old one.`,
    )
    .action(async ({ prepare = false }: { prepare?: boolean }) => {
      const location = vaultLocation(readConfig(process.env));
      if ('directory' in location) throw nothingToReplace();
      const postgres = await Postgres.open({ ...location.postgres, applicationName: 'mingjing vault rotate-key' });
      const bar = progressBar('密钥 keys');
      try {
        if (!(await PostgresKeyVault.exists(postgres))) throw noVaultYet();
        const wrappingKeys = WrappingKeys.open(location.wrappingKeys);
        const vault = await PostgresKeyVault.open({ postgres, wrappingKeys });
        try {
          if (prepare) {
            const id = await vault.prepareRotation();
            process.stdout.write(`密钥 ${id} 已新增于 ${wrappingKeys.file}，尚未启用 added, not used yet\n`);
            return;
          }
          const { id, rewrapped, oldDeleted } = await vault.rotateWrappingKey((done) => bar.at(done, done));
          bar.end();
          process.stdout.write(
            `已更换为密钥 ${id} replaced: ${rewrapped} 个密钥重新加密 keys kept anew\n${oldDeleted ? OLD_DELETED : OLD_IN_ENVIRONMENT}`,
          );
        } finally {
          await vault.close();
        }
      } finally {
        bar.end();
        await postgres.close();
      }
    });
}

const OLD_DELETED = `旧密钥已从文件删除；请在其他节点和备份中一并销毁。
The old key is deleted from the file; destroy it on the other nodes and in backups too.
`;

const OLD_IN_ENVIRONMENT = `请从 MINGJING_VAULT_KEY 中删去旧密钥，并在其他节点和备份中一并销毁。
Delete the old key from MINGJING_VAULT_KEY; destroy it on the other nodes and in backups too.
`;

const nothingToReplace = (): Failure =>
  new Failure('refused', 'privacy.vault_in_file', {
    zh: '密钥库在 vault.db 文件中，没有密钥库密钥；仅使用 PostgreSQL（MINGJING_POSTGRES）时才有。',
    en: 'The vault is in the file vault.db and is under no key; there is one where it is in PostgreSQL (MINGJING_POSTGRES).',
  });

const noVaultYet = (): Failure =>
  new Failure('not_found', 'privacy.no_vault_yet', {
    zh: '数据库中还没有密钥库；首次启动服务时建立。',
    en: 'There is no vault in the database yet; the first start of the server makes it.',
  });
