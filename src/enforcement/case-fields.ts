import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsISO8601,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { Act, Decimal, OneOf, Optional, Text, Whole } from '../kernel/fields';
import { penaltyKindIds } from '../law/penalty-kinds';
import type { Penalty } from './penalty-types';

/** A command that records an act of a case. */
export abstract class CaseAct extends Act {
  /** Why it is entered long after it happened; needed then (D01). */
  @Optional() @Text(500) lateEntryReason?: string;
}

/** What a command says of the act itself, less when it happened and why it is entered late: what its event takes over. */
export function contentOf<C extends CaseAct>(command: C): Omit<C, keyof CaseAct> {
  const content = { ...command };
  delete content.occurredAt;
  delete content.lateEntryReason;
  return content;
}

// Marks that several commands of a case share.

const marks =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, property) =>
    decorators.forEach((decorate) => decorate(target, property));

/** Hash of a document, file or recording: SHA-256, 64 lower-case hexadecimal digits. */
export const Sha256 = (): PropertyDecorator => Matches(/^[0-9a-f]{64}$/);

/** Up to `max` different ids; whether there are enough of them is the procedure's to say. */
export const Ids = (max: number): PropertyDecorator =>
  marks(
    IsArray(),
    ArrayMaxSize(max),
    ArrayUnique(),
    IsString({ each: true }),
    MaxLength(100, { each: true }),
    Matches(/^[\p{L}\p{N}._-]+$/u, { each: true }),
  );

/** An instant, ISO 8601 with its zone. */
export const Moment = (): PropertyDecorator =>
  marks(MaxLength(40), IsISO8601({ strict: true }), Matches(/(Z|[+-]\d{2}:\d{2})$/));

/** Pages of the document in the file. */
export const Pages = (): PropertyDecorator => Whole(1, 2000);

/** An amount in yuan, to the fen. */
export const Yuan = (): PropertyDecorator => Decimal(0, 1_000_000_000_000, 2);

export class PenaltyItem implements Penalty {
  @OneOf(penaltyKindIds) kind!: string;
  /** No more than that twenty penalties of one kind can be published as one sum. */
  @Optional() @Decimal(0, 50_000_000_000, 2) amountYuan?: number;
  /** How long a suspension, closure, restriction or detention lasts; the term may be made of months and days. */
  @Optional() @Whole(1, 36500) days?: number;
  @Optional() @Whole(1, 1200) months?: number;
  /** It is for good, or until something is put right. */
  @Optional() @IsBoolean() endless?: boolean;
  @Text(1000) content!: string;
}
