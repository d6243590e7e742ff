import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { concatMap, type Observable } from 'rxjs';
import { PUBLIC_ACTOR, RECORDED_READING } from './access.decorators';
import type { HttpRequest } from './http-exchange';
import { ReadingRecord } from './reading-record';

/** Enters what `@RecordReading` routes hand out. Were the entry to fail, nothing would be handed out. */
@Injectable()
export class ReadingInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly record: ReadingRecord,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reading = this.reflector.get<{ collection: string; parameter: string } | undefined>(
      RECORDED_READING,
      context.getHandler(),
    );
    if (!reading) return next.handle();
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const id = (request.params as Record<string, string>)[reading.parameter];
    const enter = (): Promise<void> =>
      this.record.enter(request.actor ?? PUBLIC_ACTOR, reading.collection, id, request.id);
    return next.handle().pipe(concatMap((answer: unknown) => enter().then(() => answer)));
  }
}
