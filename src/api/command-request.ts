import { UnsupportedMediaTypeException } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { headerOf, type HttpRequest } from '../access/http-exchange';
import type { CommandClass, CommandContext } from '../kernel/decider';
import { Failure, type Bilingual } from '../kernel/errors';

export const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';
export const IDEMPOTENCY_KEY_PATTERN = '^[\\x21-\\x7e]{1,128}$';
export const REVISION_PATTERN = '^"(0|[1-9]\\d{0,14}|-1)"$';
/** A command nests a few lists in a few objects; deeper or wider bodies are an attack or a mistake. */
const MAX_DEPTH = 12;
const MAX_VALUES = 20_000;

const invalid = (code: string, field: string, text: Bilingual): Failure =>
  new Failure('invalid', code, { ...text, field });

/** The id of an address. @throws Failure `request.id_malformed` */
export function readId(id: string): string {
  if (new RegExp(ID_PATTERN).test(id)) return id;
  throw invalid('request.id_malformed', 'id', {
    zh: '编号应为 1 至 64 位字母、数字或“._-”，并以字母或数字开头。',
    en: 'An id is 1 to 64 letters, digits or any of "._-", beginning with a letter or digit.',
  });
}

/** What a command's headers ask for: to be carried out once (`Idempotency-Key`), and on which revision (`If-Match`). */
export function readPreconditions(request: HttpRequest): Pick<CommandContext, 'idempotencyKey' | 'expectedRevision'> {
  const key = headerOf(request, 'idempotency-key');
  if (key !== undefined && !new RegExp(IDEMPOTENCY_KEY_PATTERN).test(key)) {
    throw invalid('request.idempotency_key_malformed', 'Idempotency-Key', {
      zh: '幂等键应为 1 至 128 个可见 ASCII 字符。',
      en: 'An Idempotency-Key is 1 to 128 visible ASCII characters.',
    });
  }
  const expectedRevision = readExpectedRevision(request);
  return {
    ...(key !== undefined && { idempotencyKey: key }),
    ...(expectedRevision !== undefined && { expectedRevision }),
  };
}

function readExpectedRevision(request: HttpRequest): number | undefined {
  const match = headerOf(request, 'if-match');
  const noneMatch = headerOf(request, 'if-none-match');
  if (match === undefined && noneMatch === undefined) return undefined;
  if (match === undefined && noneMatch === '*') return -1;
  const revision = noneMatch === undefined && new RegExp(REVISION_PATTERN).exec(match ?? '')?.[1];
  if (revision) return Number(revision);
  throw invalid('request.precondition_malformed', noneMatch === undefined ? 'If-Match' : 'If-None-Match', {
    zh: 'If-Match 应为一个带引号的版本号，例如 "3"；新建记录用 "-1" 或 If-None-Match: *。',
    en: 'If-Match takes one revision in quotes, such as "3"; a new record is "-1" or If-None-Match: *.',
  });
}

/**
 * The command from a request's body: a JSON object in bounds, as an instance of the command's class. Its fields are checked
 * by the command's own marks when it is carried out. No body is a command without fields.
 */
export function readCommand<C extends object>(command: CommandClass<C>, body: unknown): C {
  const content = body ?? {};
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw invalid('request.not_an_object', 'body', {
      zh: '请求内容应为一个 JSON 对象。',
      en: 'The body must be one JSON object.',
    });
  }
  checkBounds(content);
  return plainToInstance(command, content);
}

/** Breadth first, without recursion: a body nested a hundred thousand deep must not overflow the stack. */
function checkBounds(content: object): void {
  let level: unknown[] = [content];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length;
    if (depth > MAX_DEPTH || values > MAX_VALUES) {
      throw invalid('request.too_complex', 'body', {
        zh: `请求内容嵌套过深（超过 ${MAX_DEPTH} 层）或条目过多（超过 ${MAX_VALUES} 个）。`,
        en: `The body is nested deeper than ${MAX_DEPTH} levels or holds more than ${MAX_VALUES} values.`,
      });
    }
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}

/** A command's body is JSON: a form, which any web page can make a browser send, is not one. */
export function checkMediaType(request: HttpRequest, body: unknown): void {
  const type = headerOf(request, 'content-type')?.split(';', 1)[0].trim().toLowerCase();
  if (type === 'application/json' || (type === undefined && body === undefined)) return;
  throw new UnsupportedMediaTypeException();
}
