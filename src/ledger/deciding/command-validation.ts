import { validateSync, type ValidationError } from 'class-validator';
import { Failure } from '../../kernel/errors';
import type { Actor } from '../../kernel/event';
import type { Instant } from '../../kernel/time';

/** How far a client's clock may run ahead of the server's. */
const MAX_CLOCK_AHEAD_MS = 2 * 60 * 1000;

/**
 * Checks a command's shape and bounds by its class-validator marks; unknown fields are refused, not ignored.
 * @throws Failure `command.invalid`, with one further failure for each bad field
 */
export function validateCommand(command: object): void {
  const errors = validateSync(command, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    validationError: { target: false, value: false }, // a refused value may be personal data
  });
  if (errors.length > 0) throw invalidFields('command.invalid', errors);
}

/** Field names come from the request where it has unknown fields: as many and as long as are of use to its sender. */
const MAX_FIELDS_SHOWN = 100;
const MAX_FIELD_NAME = 100;

/** One failure for a request of which some fields are not accepted, with one further failure for each of these. */
export function invalidFields(code: string, errors: readonly ValidationError[]): Failure {
  const fields = errors.flatMap((e) => leaves(e, ''));
  const names = [...new Set(fields.map((f) => f.field))];
  const few = names.slice(0, 10);
  const more = names.length > few.length ? ' …' : '';
  return new Failure(
    'invalid',
    code,
    {
      zh: `${names.length} 个字段不符合要求：${few.join('、')}${more}`,
      en: `${names.length} field(s) not accepted: ${few.join(', ')}${more}`,
      field: names[0],
    },
    fields
      .slice(0, MAX_FIELDS_SHOWN)
      .map(
        ({ field, rule, message }) =>
          new Failure('invalid', `field.${rule}`, { zh: `${field} 不符合要求（${rule}）`, en: message, field }),
      ),
  );
}

function leaves(error: ValidationError, path: string): Array<{ field: string; rule: string; message: string }> {
  const name = error.property.slice(0, MAX_FIELD_NAME);
  const field = path ? `${path}.${name}` : name;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    rule: rule.replace(/([A-Z])/g, '_$1').toLowerCase(),
    message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => leaves(child, field))];
}

/**
 * The instant at which the act happened: the command's `occurredAt`, or now. It may lie in the past, never in the future; the
 * public's acts happen when they arrive, so that nobody can start a legal clock that has run out already.
 */
export function checkOccurredAt(command: object, actor: Actor, now: Instant): Instant {
  const said = (command as { occurredAt?: unknown }).occurredAt;
  if (said === undefined) return now;
  if (actor.kind === 'public') {
    throw new Failure('invalid', 'command.occurred_at_not_accepted', {
      zh: '公众提交以收到时间为准，不接受 occurredAt。',
      en: 'What the public submits happens when it arrives; occurredAt is not accepted.',
      field: 'occurredAt',
    });
  }
  const ms = typeof said === 'string' ? Date.parse(said) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new Failure('invalid', 'command.occurred_at_malformed', {
      zh: '发生时间格式不正确。',
      en: 'occurredAt is not an ISO 8601 instant.',
      field: 'occurredAt',
    });
  }
  if (ms > Date.parse(now) + MAX_CLOCK_AHEAD_MS) {
    throw new Failure('invalid', 'command.occurred_in_future', {
      zh: '发生时间不能晚于当前时间。',
      en: 'An act cannot have happened in the future.',
      field: 'occurredAt',
      basis: 'D01',
    });
  }
  return new Date(ms).toISOString();
}
