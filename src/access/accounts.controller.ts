import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { PageQuery, pageOf, type Page } from '../api/pagination';
import { Failure } from '../kernel/errors';
import type { Actor } from '../kernel/event';
import { CurrentActor, Roles } from './access.decorators';
import { ID_PATTERN, LOGIN_PATTERN, MAX_LOGIN, MAX_PASSWORD, MIN_PASSWORD } from './account-bounds';
import { Accounts, noSuchAccount, type Account, type AccountChange } from './accounts';
import { ROLE_NAMES } from './roles';

export class NewAccount {
  @IsString()
  @MaxLength(MAX_LOGIN)
  @Matches(LOGIN_PATTERN)
  login!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(100)
  displayName!: string;

  @IsString()
  @MinLength(MIN_PASSWORD)
  @MaxLength(MAX_PASSWORD)
  password!: string;

  /** Needed for the roles officer, reviewer and head: whoever decides is known as an officer. */
  @IsOptional()
  @Matches(ID_PATTERN)
  officerId?: string;

  /** Missing: the roles hold for all bodies, which only an administrator of all bodies may grant. */
  @IsOptional()
  @Matches(ID_PATTERN)
  bodyId?: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ROLE_NAMES.length)
  @ArrayUnique()
  @IsIn(ROLE_NAMES, { each: true })
  roles!: string[];
}

export class ChangeAccount {
  @IsOptional()
  @IsBoolean()
  disabled?: boolean;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROLE_NAMES.length)
  @ArrayUnique()
  @IsIn(ROLE_NAMES, { each: true })
  roles?: string[];

  /** A new password for somebody who lost theirs; every token of the account ends. */
  @IsOptional()
  @IsString()
  @MinLength(MIN_PASSWORD)
  @MaxLength(MAX_PASSWORD)
  password?: string;
}

const checkScope = (admin: Actor, bodyId: string | undefined): void => {
  if (!admin.body || admin.body === bodyId) return;
  throw new Failure('forbidden', 'access.other_body', {
    zh: '只能管理本执法主体的账户。',
    en: 'You manage the accounts of your own enforcement body only.',
    field: 'bodyId',
  });
};

/** Accounts (账户管理), by administrators: of one body for that body, of no body for all. */
@ApiTags('accounts 账户')
@Roles('admin')
@Controller('api/accounts')
export class AccountsController {
  constructor(private readonly accounts: Accounts) {}

  @Post()
  @ApiOperation({ summary: '新建账户 · Make an account' })
  async create(@Body() body: NewAccount, @CurrentActor() admin: Actor): Promise<Account> {
    checkScope(admin, body.bodyId);
    const { account, created } = await this.accounts.create(body, admin.account);
    if (created) return account;
    throw new Failure('conflict', 'account.login_taken', {
      zh: '该登录名已被使用。',
      en: 'This login is taken.',
      field: 'login',
    });
  }

  @Get()
  @ApiOperation({ summary: '账户列表 · Accounts, by login' })
  async list(@Query() { limit, cursor }: PageQuery, @CurrentActor() admin: Actor): Promise<Page<Account>> {
    const after = cursor && Buffer.from(cursor, 'base64url').toString();
    const found = await this.accounts.list({ bodyId: admin.body, after, limit: limit + 1 });
    return pageOf(found, limit, (last) => Buffer.from(last.login).toString('base64url'));
  }

  @Patch(':id')
  @ApiOperation({ summary: '停用、启用、调整角色或重设密码 · Disable or enable, change roles, set a new password' })
  async change(
    @Param('id') id: string,
    @Body() { password, ...change }: ChangeAccount,
    @CurrentActor() admin: Actor,
  ): Promise<Account> {
    const account = await this.own(id, admin);
    if (account.id === admin.account) {
      throw new Failure('forbidden', 'account.own', {
        zh: '不能变更本人的账户，请由其他管理员办理。',
        en: 'Nobody changes their own account; another administrator does.',
      });
    }
    if (password !== undefined) await this.accounts.setPassword(id, password, admin.account);
    const changes = change.disabled !== undefined || change.roles !== undefined;
    return changes ? this.accounts.change(id, change, admin.account) : account;
  }

  @Get(':id/changes')
  @ApiOperation({ summary: '账户变更记录 · Who changed this account, when and how; newest first' })
  async changes(@Param('id') id: string, @CurrentActor() admin: Actor): Promise<AccountChange[]> {
    await this.own(id, admin);
    return this.accounts.changesOf(id);
  }

  private async own(id: string, admin: Actor): Promise<Account> {
    const account = await this.accounts.find(id);
    if (!account) throw noSuchAccount();
    checkScope(admin, account.bodyId);
    return account;
  }
}
