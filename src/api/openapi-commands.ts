import type { RegisteredCommand } from '../ledger/deciding/commands';
import { ROLES } from '../access/roles';
import { ID_PATTERN, IDEMPOTENCY_KEY_PATTERN, REVISION_PATTERN } from './command-request';
import { KINDS, TRANSPORT } from './problem';
import type { MarkedClass, Schema, SchemaBook } from './openapi-schemas';

const ref = (kind: string, name: string): Schema => ({ $ref: `#/components/${kind}/${name}` });
const text = (limits: object = {}): Schema => ({ type: 'string', ...limits });

/** Whether a person can give this command over HTTP at all; the rest are the program's own. */
const isForPeople = ({ rule }: RegisteredCommand): boolean => rule.may.some((r) => r === 'anyone' || r in ROLES);

/** One operation for each command, with what its rule says: who may, under which article. */
export function commandPaths(commands: readonly RegisteredCommand[], book: SchemaBook): Record<string, Schema> {
  return Object.fromEntries(
    commands.filter(isForPeople).map(({ decider, name, rule }) => [
      `/api/${decider.collection}/{id}/${name}`,
      {
        post: {
          operationId: rule.command.name,
          tags: [`${decider.collection} ${decider.zh}`],
          summary: `${rule.zh} · ${rule.en}`,
          description: `依据 Basis: ${rule.basis}`,
          'x-basis': rule.basis,
          'x-roles': rule.may,
          security: rule.may.includes('anyone') ? [{}, { bearer: [] }] : [{ bearer: [] }],
          parameters: ['Id', 'IdempotencyKey', 'IfMatch', 'IfNoneMatch', 'RequestId', 'AcceptLanguage'].map((p) =>
            ref('parameters', p),
          ),
          requestBody: {
            required: true,
            content: { 'application/json': { schema: book.enter(rule.command as MarkedClass) } },
          },
          responses: {
            201: ref('responses', 'CommandCarriedOut'),
            200: ref('responses', 'NothingToRecord'),
            ...problemResponses([400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503]),
          },
        },
      },
    ]),
  );
}

export const problemResponses = (statuses: readonly number[]): Record<string, Schema> =>
  Object.fromEntries(statuses.map((status) => [status, ref('responses', `Problem${status}`)]));

const header = (description: string): Schema => ({ description, schema: text() });

const result = (description: string): Schema => ({
  description,
  headers: {
    ETag: header('记录的版本号，用于下一次 If-Match · The record’s revision, for the next If-Match'),
    'Mingjing-Position': header(
      '总账位置，查询时带上即可读到本次结果 · Position in the ledger; send it with a query to read this act',
    ),
    'Idempotent-Replayed': header('true：此前已办理，这是当时的结果 · Carried out before; this is the result of then'),
    'X-Request-Id': header('关联编号 · Correlation id'),
  },
  content: { 'application/json': { schema: ref('schemas', 'CommandResult') } },
});

const problemTitles: Readonly<Record<number, { zh: string; en: string }>> = {
  ...TRANSPORT,
  ...Object.fromEntries(Object.values(KINDS).map(({ status, title }) => [status, title])),
  412: { zh: '记录版本与 If-Match 不符', en: 'The record is not at the revision in If-Match' },
};

/** What the operations refer to. */
export const sharedComponents = {
  securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'POST /api/session' } },
  parameters: {
    Id: { name: 'id', in: 'path', required: true, schema: text({ pattern: ID_PATTERN }) },
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description: '同一键重复提交只办理一次 · The same key is carried out once, however often it is sent',
      schema: text({ pattern: IDEMPOTENCY_KEY_PATTERN }),
    },
    IfMatch: {
      name: 'If-Match',
      in: 'header',
      description: '所见的记录版本；不符则不办理 · The revision that was read; refused when the record has moved on',
      schema: text({ pattern: REVISION_PATTERN }),
    },
    IfNoneMatch: {
      name: 'If-None-Match',
      in: 'header',
      description: '*：仅当记录尚不存在 · *: only if there is no such record yet',
      schema: text({ enum: ['*'] }),
    },
    RequestId: {
      name: 'X-Request-Id',
      in: 'header',
      description: '关联编号，原样返回并记入事件 · Correlation id, given back and kept with the events',
      schema: text({ pattern: '^[A-Za-z0-9._-]{8,64}$' }),
    },
    AcceptLanguage: {
      name: 'Accept-Language',
      in: 'header',
      description: '问题说明的语言，默认中文 · Language of problem details; Chinese unless English is asked for',
      schema: text(),
    },
  },
  responses: {
    CommandCarriedOut: result('已办理并落账 · Carried out, and durable in the ledger'),
    NothingToRecord: result('无需记录 · There was nothing to record'),
    ...Object.fromEntries(
      Object.entries(problemTitles).map(([status, { zh, en }]) => [
        `Problem${status}`,
        {
          description: `${zh} · ${en}`,
          content: { 'application/problem+json': { schema: ref('schemas', 'Problem') } },
        },
      ]),
    ),
  },
  schemas: {
    CommandResult: {
      type: 'object',
      required: ['id', 'stream', 'revision', 'position', 'events', 'repeated'],
      properties: {
        id: text(),
        stream: text(),
        revision: { type: 'integer', minimum: -1 },
        position: { type: 'integer', minimum: 0 },
        events: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'type', 'revision'],
            properties: { id: text({ format: 'uuid' }), type: text(), revision: { type: 'integer', minimum: 0 } },
          },
        },
        repeated: { type: 'boolean' },
      },
    },
    Problem: {
      type: 'object',
      description: 'RFC 9457',
      required: ['type', 'title', 'status', 'detail', 'detail_zh', 'detail_en', 'code', 'instance'],
      properties: {
        type: text({ format: 'uri-reference' }),
        title: text(),
        status: { type: 'integer' },
        ...itemProperties(),
        instance: text({ description: '关联编号 · Correlation id' }),
        errors: { type: 'array', items: ref('schemas', 'ProblemItem') },
      },
    },
    ProblemItem: {
      type: 'object',
      required: ['code', 'detail', 'detail_zh', 'detail_en'],
      properties: itemProperties(),
    },
  },
};

function itemProperties(): Record<string, Schema> {
  return {
    code: text({ description: '稳定代码，程序据此判断 · Stable; programs decide by it' }),
    detail: text(),
    detail_zh: text(),
    detail_en: text(),
    basis: text({ description: '所依据的条文 · The article it is refused under' }),
    field: text(),
  };
}
