import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ThrottlerException } from '@nestjs/throttler';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { Failure } from '../kernel/errors';
import type { Actor } from '../kernel/event';
import type { Instant } from '../kernel/time';
import { CurrentActor, Public } from './access.decorators';
import { bearerToken, unauthenticated } from './access.guard';
import { MAX_LOGIN, MAX_PASSWORD, MIN_PASSWORD } from './account-bounds';
import { Accounts, type Account, type IssuedToken } from './accounts';
import type { HttpReply, HttpRequest } from './http-exchange';
import { LoginThrottle } from './login-throttle';

export class LogIn {
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_LOGIN)
  login!: string;

  @IsString()
  @MinLength(1)
  @MaxLength(MAX_PASSWORD)
  password!: string;
}

export class ChangePassword {
  @IsString()
  @MaxLength(MAX_PASSWORD)
  current!: string;

  @IsString()
  @MinLength(MIN_PASSWORD)
  @MaxLength(MAX_PASSWORD)
  password!: string;
}

interface Session {
  readonly account: Account;
  readonly expiresAt: Instant;
}

const wrongPair = (): Failure =>
  new Failure('unauthenticated', 'session.wrong_login', {
    zh: '账号或密码不正确。',
    en: 'Login and password do not belong together.',
  });

/** Signing in and out (登录). A session is a bearer token; there are no cookies, so no other site can act in its name. */
@ApiTags('session 登录')
@Controller('api/session')
export class SessionsController {
  constructor(
    private readonly accounts: Accounts,
    private readonly throttle: LoginThrottle,
  ) {}

  @Post()
  @Public()
  @ApiOperation({ summary: '登录，取得令牌 · Sign in for a bearer token' })
  async logIn(
    @Body() { login, password }: LogIn,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<IssuedToken & { account: Account }> {
    const account = await this.check(login, password, request, reply);
    return { ...(await this.accounts.issueToken(account.id)), account };
  }

  @Get()
  @ApiOperation({ summary: '当前账户 · Who am I' })
  async whoAmI(@Req() request: HttpRequest): Promise<Session> {
    const session = await this.accounts.resolveToken(bearerToken(request) ?? '');
    if (!session) throw unauthenticated(true);
    return { account: session.account, expiresAt: session.expiresAt };
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: '退出，注销令牌 · Sign out: the token ends' })
  async logOut(@Req() request: HttpRequest): Promise<void> {
    await this.accounts.revokeToken(bearerToken(request) ?? '');
  }

  @Post('password')
  @HttpCode(204)
  @ApiOperation({
    summary: '修改本人密码，所有令牌随之失效 · Change one’s own password; every token of the account ends',
  })
  async changePassword(
    @Body() { current, password }: ChangePassword,
    @CurrentActor() actor: Actor,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<void> {
    const own = await this.accounts.find(actor.account);
    if (!own) throw unauthenticated(true);
    await this.check(own.login, current, request, reply);
    await this.accounts.setPassword(own.id, password, own.id);
  }

  private async check(login: string, password: string, request: HttpRequest, reply: HttpReply): Promise<Account> {
    const name = login.normalize('NFC').toLowerCase();
    const seconds = this.throttle.begin(name, request.ip);
    if (seconds > 0) {
      reply.header('Retry-After', seconds);
      throw new ThrottlerException();
    }
    const account = await this.accounts.authenticate(name, password);
    if (!account) throw wrongPair();
    this.throttle.succeeded(name, request.ip);
    return account;
  }
}
