import { ArrayMaxSize, ArrayUnique, IsArray, IsISO8601, IsString, Matches, MaxLength } from 'class-validator';
import { Decimal, OneOf, Optional, Text, Whole } from '../kernel/fields';
import { penaltyKindIds } from '../law/penalty-kinds';
import type { Penalty } from './penalty-types';

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
  @Optional() @Yuan() amountYuan?: number;
  @Text(1000) content!: string;
}
