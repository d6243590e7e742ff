import type { Accounts } from '../access/accounts';
import type { Actor } from '../kernel/event';
import { people, type Part, type Person } from './bodies';

/** One password for every account of the demonstration; it is printed, and guards nothing real. */
export const DEMO_PASSWORD = 'mingjing-demo';

export interface DemoAccount {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly bodyId?: string;
  readonly officerId?: string;
}

const rolesOf: Readonly<Record<Part, readonly string[]>> = {
  first: ['head'],
  deputy: ['head'],
  unit_head: ['officer'],
  officer: ['officer'],
  reviewer: ['reviewer'],
  supervisor: ['supervisor'],
  investigator: ['investigator'],
  appraiser: ['appraiser'],
};

/** The supervising office works across bodies; its accounts belong to none. */
const accountOf = ({ id, name, body, part }: Person): DemoAccount => ({
  login: id,
  name,
  roles: rolesOf[part],
  officerId: id,
  ...(body.id !== 'sfj' && { bodyId: body.id }),
});

const clerks: readonly DemoAccount[] = [
  { login: 'registrar', name: '主体人员管理员', roles: ['registrar'] },
  { login: 'disclosure', name: '公示管理员', roles: ['disclosure'] },
  { login: 'cashier', name: '明镜银行代收窗口', roles: ['cashier'] },
  { login: 'privacy', name: '个人信息保护专员', roles: ['privacy'] },
  { login: 'admin', name: '系统管理员', roles: ['admin'] },
];

/** Everybody who may sign in. Contract staff and trainees have no account: they enforce nothing. */
export const demoAccounts: readonly DemoAccount[] = [
  ...people.filter((p) => p.standing !== 'contract' && p.standing !== 'trainee').map(accountOf),
  ...clerks,
];

/** The ones that are printed: one for each role, and what it is for. */
export const shownAccounts: ReadonlyArray<readonly [login: string, zh: string, en: string]> = [
  ['scj-04', '执法人员', 'officer'],
  ['scj-08', '法制审核', 'legal review'],
  ['scj-01', '负责人', 'head of the body'],
  ['registrar', '主体人员管理', 'registrar'],
  ['disclosure', '公示管理', 'disclosure'],
  ['sfj-02', '执法监督', 'supervisor'],
  ['sfj-03', '责任追究调查', 'investigator'],
  ['sfj-05', '评议考核', 'appraiser'],
  ['cashier', '缴款登记', 'payments clerk'],
  ['privacy', '个人信息保护', 'personal information protection'],
  ['admin', '系统管理', 'administrator'],
];

const idOf = (login: string): string => `demo-${login}`;

/** An account as the ledger names whoever holds it. */
export function actor(login: string): Actor {
  const account = demoAccounts.find((a) => a.login === login);
  if (!account) throw new Error(`no demonstration account ${login}`);
  const { roles, officerId, bodyId } = account;
  return {
    kind: 'person',
    account: idOf(login),
    ...(officerId && { officer: officerId }),
    ...(bodyId && { body: bodyId }),
    roles,
  };
}

/** Makes the accounts; those that exist stay as they are. */
export async function makeAccounts(accounts: Accounts): Promise<void> {
  await Promise.all(
    demoAccounts.map(({ login, name, roles, bodyId, officerId }) =>
      accounts.create(
        { id: idOf(login), login, displayName: name, password: DEMO_PASSWORD, roles, bodyId, officerId },
        'demonstration',
      ),
    ),
  );
}
