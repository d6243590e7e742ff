import { Command } from 'commander';
import { Accounts } from '../access/accounts';
import { openAccountsDb } from '../access/accounts-db';
import { ROLE_NAMES } from '../access/roles';
import { paths, readConfig } from '../config';
import { systemClock } from '../kernel/time';
import { Postgres } from '../ledger/postgres/postgres';

export function accountsCommand(): Command {
  return new Command('accounts').description('本地账户 Local accounts').addCommand(addCommand());
}

function addCommand(): Command {
  return new Command('add')
    .description('新增账户，口令从标准输入读取 Add an account; the password is read from standard input')
    .argument('<login>', 'login name')
    .requiredOption('-n, --name <name>', 'display name')
    .requiredOption('-r, --role <role...>', `roles: ${ROLE_NAMES.join(', ')}`)
    .option('-b, --body <id>', 'the body it acts for (default: every body)')
    .option('-o, --officer <id>', 'the officer it is (needed for the roles officer, reviewer and head)')
    .addHelpText(
      'after',
      '\n例 Example:\n  printf %s "$PASSWORD" | mingjing accounts add registrar -n 主体管理员 -r registrar',
    )
    .action(async (login: string, o: { name: string; role: string[]; body?: string; officer?: string }) => {
      const config = readConfig(process.env);
      const postgres = config.postgresUrl
        ? await Postgres.open({ url: config.postgresUrl, schema: config.postgresSchema, maxConnections: 1 })
        : undefined;
      try {
        const db = await openAccountsDb(postgres ?? paths(config).accounts);
        const accounts = new Accounts(db, systemClock, config.tokenLifetimeHours);
        const password = await readAll(process.stdin);
        const fields = { login, password, displayName: o.name, roles: o.role, bodyId: o.body, officerId: o.officer };
        const { account, created } = await accounts.create(fields, 'command-line');
        process.stdout.write(
          `${created ? '已新增 added' : '已存在 exists already'}: ${account.login} (${account.id})\n`,
        );
        await db.destroy();
      } finally {
        await postgres?.close();
      }
    });
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text.replace(/\r?\n$/, '');
}
