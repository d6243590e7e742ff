import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';
import { framesOf } from '../kernel/errors';
import { correlationFields } from '../telemetry/correlation';

const SECRET_FIELDS = ['password', 'current', 'token', 'authorization', 'body', 'query', 'headers', 'logKey'];
/** A bearer token, and runs of digits long enough for an identity number, a phone or a bank card. */
const SECRETS = /\bBearer\s+\S+|(?<!\d)\d{11,19}[\dXx]?(?!\d)/gi;

const NEST_AT_START = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/**
 * The log: one JSON object a line on standard output. What a request carried is not in it: no body, no query string, no
 * address of a client, no header; and an error is named by its class, code and place, because messages quote values. A line
 * written for a request or a command bears its correlation id.
 */
export class JsonLogger implements LoggerService {
  readonly pino: Logger;

  /** `node`: name of this node, on every line; none when it is empty. */
  constructor(level: string, destination?: DestinationStream, node = '') {
    const options = {
      level,
      base: node ? { node } : undefined,
      mixin: correlationFields,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]), remove: true },
    };
    this.pino = destination ? pino(options, destination) : pino(options);
  }

  log(message: unknown, ...rest: unknown[]): void {
    // Nest tells every module and route at start-up: detail, to an operator.
    this.write(NEST_AT_START.has(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest hands over the context last, and for an error a stack before it. */
  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.length > 0 && typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const error = [message, ...rest].find((r): r is Error => r instanceof Error);
    const stack = rest.find((r): r is string => typeof r === 'string' && r.includes('\n    at '));
    const at = stack && framesOf({ name: '', message: '', stack }).slice(0, MAX_FRAMES);
    const fields = {
      ...(context && !context.includes('\n') && { context }),
      ...(error ? describeError(error) : at && { at }),
    };
    this.pino[level](fields, typeof message === 'string' ? scrub(message) : undefined);
  }
}

/** What may be said of an error in a log: its class, its code, where it was thrown; and the same of its cause. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code } = error as { code?: unknown };
  return {
    error: error.name,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    at: framesOf(error).slice(0, MAX_FRAMES),
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
  };
}

const MAX_FRAMES = 12;

const scrub = (text: string): string => text.slice(0, 2000).replace(SECRETS, '***');
