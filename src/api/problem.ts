import { HttpException } from '@nestjs/common';
import { Failure, type Bilingual, type FailureKind } from '../kernel/errors';
import { DuplicateEventId, LedgerCorrupt, LedgerLocked, WrongExpectedRevision } from '../ledger/event-store';
import type { Language } from './language';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** One of several faults of a request: a bad field. */
export interface ProblemItem {
  readonly code: string;
  readonly field?: string;
  readonly detail: string;
  readonly detail_zh: string;
  readonly detail_en: string;
  readonly basis?: string;
}

/** Problem details (RFC 9457), with what an officer needs besides: the article, and both languages. */
export interface Problem {
  /** `/problems/<code>`: answers with what the code means. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly detail_zh: string;
  readonly detail_en: string;
  /** Stable; programs decide by it. */
  readonly code: string;
  readonly basis?: string;
  readonly field?: string;
  readonly errors?: readonly ProblemItem[];
  /** The correlation id of the request: what to quote when asking for help. */
  readonly instance: string;
}

/** The one table of HTTP statuses by kind of failure. A conflict is 412 where the request said `If-Match`. */
export const KINDS: Readonly<Record<FailureKind, { readonly status: number; readonly title: Bilingual }>> = {
  invalid: { status: 400, title: { zh: '请求内容不符合要求', en: 'The request is malformed or out of bounds' } },
  refused: { status: 422, title: { zh: '依法或按规则不予办理', en: 'The law or a rule does not allow it' } },
  forbidden: { status: 403, title: { zh: '无权操作', en: 'This account may not do it' } },
  unauthenticated: { status: 401, title: { zh: '未登录', en: 'Nobody is signed in' } },
  not_found: { status: 404, title: { zh: '没有找到', en: 'Not found' } },
  conflict: { status: 409, title: { zh: '记录已发生变化', en: 'The record has changed' } },
  gone: { status: 410, title: { zh: '已不再公示', en: 'No longer shown' } },
  damaged: { status: 500, title: { zh: '记录已损坏', en: 'The record is damaged' } },
  unavailable: { status: 503, title: { zh: '暂时不可用', en: 'Temporarily unavailable' } },
};
const RETRY_AFTER_SECONDS = 5;
const MAX_ITEMS = 100;

/** Errors of the HTTP server and the framework, by status: never with their own message, which may quote the request. */
export const TRANSPORT: Readonly<Record<number, { readonly code: string } & Bilingual>> = {
  400: { code: 'request.malformed', zh: '请求格式有误，无法解析。', en: 'The request could not be parsed.' },
  404: { code: 'request.no_such_address', zh: '没有此地址。', en: 'There is nothing at this address.' },
  405: {
    code: 'request.method_not_allowed',
    zh: '此地址不支持该方法。',
    en: 'This address does not take this method.',
  },
  408: { code: 'request.timeout', zh: '请求发送超时。', en: 'The request took too long to arrive.' },
  413: { code: 'request.too_large', zh: '请求内容过大。', en: 'The request body is too large.' },
  414: { code: 'request.address_too_long', zh: '请求地址过长。', en: 'The address is too long.' },
  415: {
    code: 'request.unsupported_media_type',
    zh: '请以 application/json 提交。',
    en: 'Send the body as application/json.',
  },
  429: { code: 'request.throttled', zh: '请求过于频繁，请稍后重试。', en: 'Too many requests; try again later.' },
  503: { code: 'unavailable', zh: '服务暂时不可用，请稍后重试。', en: 'The service is away; try again later.' },
};

export const INTERNAL: { readonly code: string } & Bilingual = {
  code: 'internal',
  zh: '系统内部错误，已记录，请凭编号联系管理员。',
  en: 'Something failed inside. It has been logged; quote the instance when asking for help.',
};

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

/** What any error becomes on the wire. `internal` problems (500) say nothing of the error itself. */
export function problemOf(
  error: unknown,
  request: { id: string; language: Language; conditional: boolean },
): ProblemAnswer {
  const failure = asFailure(error);
  if (failure) return ofFailure(failure, request);
  const status = statusOf(error);
  const known = TRANSPORT[status] ?? (status < 500 ? TRANSPORT[400] : INTERNAL);
  const title = { 404: KINDS.not_found, 503: KINDS.unavailable }[status]?.title ?? known;
  return {
    problem: {
      ...head(known.code, title, known === INTERNAL ? 500 : status, request),
      ...texts(known, request.language),
      instance: request.id,
    },
    headers: status === 503 ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {},
  };
}

function ofFailure(failure: Failure, request: { id: string; language: Language; conditional: boolean }): ProblemAnswer {
  const { status, title } = KINDS[failure.kind];
  const { basis, field } = failure.detail;
  const headers: Record<string, string> = {};
  if (failure.kind === 'unavailable')
    headers['Retry-After'] = String(failure.detail.retryAfterS ?? RETRY_AFTER_SECONDS);
  if (failure.kind === 'unauthenticated') {
    const error = failure.code === 'access.token_invalid' ? ', error="invalid_token"' : '';
    headers['WWW-Authenticate'] = `Bearer realm="mingjing"${error}`;
  }
  return {
    problem: {
      ...head(failure.code, title, failure.kind === 'conflict' && request.conditional ? 412 : status, request),
      ...texts(failure.detail, request.language),
      ...(basis && { basis }),
      ...(field && { field }),
      ...(failure.also.length > 0 && {
        errors: failure.also.slice(0, MAX_ITEMS).map((item) => ({
          code: item.code,
          ...(item.detail.field && { field: item.detail.field }),
          ...texts(item.detail, request.language),
          ...(item.detail.basis && { basis: item.detail.basis }),
        })),
      }),
      instance: request.id,
    },
    headers,
  };
}

const head = (code: string, title: Bilingual, status: number, { language }: { language: Language }) => ({
  type: `/problems/${code}`,
  title: title[language],
  status,
  code,
});

const texts = ({ zh, en }: Bilingual, language: Language) => ({
  detail: language === 'zh' ? zh : en,
  detail_zh: zh,
  detail_en: en,
});

/** The ledger's own errors, and a database that is full, locked or gone, in the words of the Failure family. */
function asFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  if (error instanceof WrongExpectedRevision || error instanceof DuplicateEventId) {
    return new Failure('conflict', 'command.changed_meanwhile', {
      zh: '记录已被他人更新，请刷新后重试。',
      en: 'The record has been changed since you read it.',
    });
  }
  if (error instanceof LedgerCorrupt) {
    return new Failure('damaged', 'ledger.corrupt', {
      zh: `台账记录已损坏，无法读取（第 ${error.position || '?'} 号）。请告知管理员；重试无效。`,
      en: `The ledger is damaged at position ${error.position || '?'}, and the record cannot be read. Tell the operator; repeating does not help.`,
    });
  }
  const code = codeOf(error);
  if (error instanceof LedgerLocked || /^(SQLITE_(BUSY|FULL|IOERR|LOCKED|CANTOPEN|READONLY)|ENOSPC|EIO)/.test(code)) {
    return new Failure('unavailable', 'ledger.unavailable', {
      zh: '台账暂时不可用，未作任何记录，请稍后重试。',
      en: 'The ledger is away and nothing was acknowledged; repeat the request later with the same Idempotency-Key.',
    });
  }
  return undefined;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  // Fastify's own errors: FST_ERR_CTP_BODY_TOO_LARGE and its kin.
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return codeOf(error).startsWith('FST_ERR') && typeof status === 'number' ? status : 500;
}
