import { Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { CONFIG, type ApiConfig } from './api-config';
import { CommandController } from './command.controller';
import { OperationsController } from './operations.controller';
import { ProblemsController } from './problems.controller';
import { ReadsFromInterceptor } from './reads-from';

/**
 * The HTTP side of commands and of the server itself. `Commands`, `EventStore` and `ReadModel` come from a global module.
 */
@Module({})
export class ApiModule {
  static forRoot(config: ApiConfig): DynamicModule {
    return {
      module: ApiModule,
      global: true, // for `CONFIG`
      controllers: [CommandController, OperationsController, ProblemsController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: APP_INTERCEPTOR, useClass: ReadsFromInterceptor },
      ],
      exports: [CONFIG],
    };
  }
}
