import { ErrorType } from '@eventstore/db-client';
import { Failure } from '../../kernel/errors';

/**
 * What an error of the client says about the call:
 * - `conflict`: the stream is not as expected; nothing was written by this call
 * - `denied`, `too_large`, `deleted`: the server refused; nothing was written
 * - `not_found`: the stream has no events
 * - `unknown`: anything else. A call that writes may have written, or may do so yet
 */
export type Verdict = 'conflict' | 'denied' | 'too_large' | 'deleted' | 'not_found' | 'unknown';

const VERDICTS: Readonly<Partial<Record<string, Verdict>>> = {
  [ErrorType.WRONG_EXPECTED_VERSION]: 'conflict',
  [ErrorType.INVALID_TRANSACTION]: 'conflict',
  [ErrorType.ACCESS_DENIED]: 'denied',
  [ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED]: 'too_large',
  [ErrorType.STREAM_DELETED]: 'deleted',
  [ErrorType.STREAM_NOT_FOUND]: 'not_found',
};

/** What KurrentDB says of one event beyond its `MaxAppendEventSize`; the client has no word for it and calls it unknown. */
const EVENT_TOO_LARGE = 'maximum-append-event-size-exceeded';

interface ClientError {
  readonly type?: string;
  readonly _raw?: { readonly metadata?: { get(key: string): unknown[] } };
}

/** By the client's `type`: it also rejects with raw gRPC errors, which have none, and with plain ones. */
export function verdictOf(error: unknown): Verdict {
  const { type = '', _raw } = (error ?? {}) as ClientError;
  if (_raw?.metadata?.get('exception')[0] === EVENT_TOO_LARGE) return 'too_large';
  return VERDICTS[type] ?? 'unknown';
}

/** The store's word for a call that came to nothing. What is ours already stays as it is. */
export function asFailure(error: unknown): unknown {
  if (error instanceof Failure) return error;
  switch (verdictOf(error)) {
    case 'denied':
      return caused(accessDenied(), error);
    case 'too_large':
      return caused(tooLarge((error as { maxAppendSize?: number }).maxAppendSize), error);
    case 'deleted':
      return caused(eventsHidden([`${(error as { streamName?: string }).streamName ?? '?'}: deleted`]), error);
    case 'conflict':
    case 'not_found':
      return error;
    case 'unknown':
      return caused(storeUnavailable(), error);
  }
}

const RETRY_AFTER_S = 5;

/** The event store did not answer, or did not answer clearly, within the time there was. */
export const storeUnavailable = (): Failure =>
  new Failure('unavailable', 'ledger.store_unavailable', {
    zh: '事件库暂时没有应答。请稍后以同一编号重试，不会重复记录。',
    en: 'The event store does not answer now. Repeat the request later with the same key: nothing is recorded twice.',
    retryAfterS: RETRY_AFTER_S,
  });

const accessDenied = (): Failure =>
  new Failure('unavailable', 'ledger.store_access_denied', {
    zh: '事件库拒绝了本程序的账号：须有读取 $all 和写入台账各流的权限。tls=false 时账号不会被发送。',
    en: 'The event store refuses the account: it must be allowed to read $all and to append. With tls=false no account is sent.',
  });

const tooLarge = (bytes: number | undefined): Failure =>
  new Failure('invalid', 'ledger.append_too_large_for_store', {
    zh: bytes
      ? `事件库一次写入最多 ${bytes} 字节（--max-append-size）。`
      : '单个事件超过事件库的上限（--max-append-event-size）。',
    en: bytes
      ? `The event store takes at most ${bytes} bytes in one append (--max-append-size).`
      : 'One event is larger than the event store takes (--max-append-event-size).',
    field: 'events',
  });

const SHOWN_STREAMS = 5;

/** Events are hidden or will be: `streams` are lines such as `mingjing-case-1: $maxCount`. */
export function eventsHidden(streams: readonly string[]): Failure {
  const shown = streams.slice(0, SHOWN_STREAMS).join('; ') + (streams.length > SHOWN_STREAMS ? '; …' : '');
  return new Failure('unavailable', 'ledger.events_hidden', {
    zh: `事件库的流元数据会隐藏或删除台账事件：${shown}。请去除 $tb、$maxAge、$maxCount，并设置访问控制：${DENYING_ACL}`,
    en: `Stream metadata hide or delete events of the ledger: ${shown}. Remove $tb, $maxAge and $maxCount, and set the ACL: ${DENYING_ACL}`,
  });
}

/** Nobody but administrators deletes streams or writes metadata. Goes into the stream `$settings`. */
const DENYING_ACL =
  'stream $settings, event type update-default-acl, data {"$userStreamAcl":{"$r":["mingjing","$admins"],"$w":["mingjing"],' +
  '"$d":["$admins"],"$mr":["mingjing","$admins"],"$mw":["$admins"]},"$systemStreamAcl":{"$r":"$admins","$w":"$admins",' +
  '"$d":"$admins","$mr":"$admins","$mw":"$admins"}}';

function caused(failure: Failure, cause: unknown): Failure {
  failure.cause = cause;
  return failure;
}
