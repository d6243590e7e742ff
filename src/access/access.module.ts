import { Module, type DynamicModule, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { paths, type Config } from '../config';
import type { Clock } from '../kernel/time';
import { AccessGuard } from './access.guard';
import { Accounts } from './accounts';
import { AccountsController } from './accounts.controller';
import { openAccountsFile, type AccountsDb } from './accounts-db';
import { headerOf, type HttpRequest } from './http-exchange';
import { LoginThrottle } from './login-throttle';
import { ReadingInterceptor } from './reading.interceptor';
import { ReadingRecord } from './reading-record';
import { ReadingsController } from './readings.controller';
import { RequestCounts } from './request-counts';
import { SessionsController } from './sessions.controller';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Anything but a command that somebody gives without an account. Signing in has a throttle of its own. */
function isNoPublicWrite(context: ExecutionContext): boolean {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  const signedIn = headerOf(request, 'authorization') !== undefined;
  return request.method !== 'POST' || signedIn || request.url.startsWith('/api/session');
}

/** Who may come in and how often, and the record of what they read. Its guards close every route that does not say `@Public()`. */
@Module({})
export class AccessModule {
  /** `db` is closed with the application; `accounts.db` where none is given. */
  static forRoot(
    config: Pick<Config, 'dataDirectory' | 'tokenLifetimeHours' | 'requestsPerMinute' | 'publicWritesPerHour'>,
    clock: Clock,
    db: AccountsDb = openAccountsFile(paths(config).accounts),
  ): DynamicModule {
    return {
      module: AccessModule,
      global: true,
      imports: [
        ThrottlerModule.forRoot({
          throttlers: [
            { name: 'default', ttl: MINUTE_MS, limit: config.requestsPerMinute },
            // The ledger keeps for ever what anybody may write into it, so anybody may write little.
            { name: 'public-writes', ttl: HOUR_MS, limit: config.publicWritesPerHour, skipIf: isNoPublicWrite },
          ],
          storage: new RequestCounts(),
          // One count an address over all routes, where the library would count each route by itself.
          generateKey: (_: ExecutionContext, address: string, throttler: string) => `${throttler} ${address}`,
        }),
      ],
      controllers: [SessionsController, AccountsController, ReadingsController],
      providers: [
        { provide: Accounts, useValue: new Accounts(db, clock, config.tokenLifetimeHours) },
        { provide: ReadingRecord, useValue: new ReadingRecord(db, clock) },
        LoginThrottle,
        { provide: APP_GUARD, useClass: ThrottlerGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: ReadingInterceptor },
      ],
      exports: [Accounts, ReadingRecord],
    };
  }
}
