import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsISO8601,
  IsIn,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { Instant } from './time';

/** Several marks as one. A bound is always an argument where the field stands, so that a command shows its own bounds. */
function all(...marks: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => marks.forEach((mark) => mark(target, property));
}

/** May be left out; `null` is not the same and is refused. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** Text of 1 to `max` characters. */
export const Text = (max: number): PropertyDecorator => all(IsString(), IsNotEmpty(), MaxLength(max));

/** 1 to `count` texts of 1 to `max` characters each. */
export const Texts = (count: number, max: number): PropertyDecorator =>
  all(
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(count),
    IsString({ each: true }),
    IsNotEmpty({ each: true }),
    MaxLength(max, { each: true }),
  );

/** The id of a record or the name of a stream, as it stands in addresses. */
export const Id = (): PropertyDecorator => all(IsString(), MaxLength(100), Matches(/^[A-Za-z0-9][A-Za-z0-9._-]*$/));

/** A date in China, `YYYY-MM-DD`. */
export const Day = (): PropertyDecorator => all(Matches(/^\d{4}-\d{2}-\d{2}$/), IsISO8601({ strict: true }));

export const Whole = (min: number, max: number): PropertyDecorator => all(IsInt(), Min(min), Max(max));

/** A number with at most `decimals` digits after the point. */
export const Decimal = (min: number, max: number, decimals: number): PropertyDecorator =>
  all(IsNumber({ maxDecimalPlaces: decimals, allowNaN: false, allowInfinity: false }), Min(min), Max(max));

export const OneOf = (values: readonly string[]): PropertyDecorator => IsIn([...values]);

/** One nested object. `ValidateNested` by itself lets a list stand for it. */
export const Part = (type: () => new () => object): PropertyDecorator => all(IsObject(), ValidateNested(), Type(type));

/** `min` to `max` nested objects. */
export const Parts = (type: () => new () => object, min: number, max: number): PropertyDecorator =>
  all(
    IsArray(),
    ArrayMinSize(min),
    ArrayMaxSize(max),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(type),
  );

/** A command that records an act. The act may have happened earlier than it is recorded, never later. */
export abstract class Act {
  /** When the act happened; now, when left out. */
  @Optional()
  @MaxLength(40)
  @IsISO8601({ strict: true })
  occurredAt?: Instant;
}

/** What a command says, less when: the fields that its event takes over as they are. */
export function contentOf<C extends Act>(command: C): Omit<C, 'occurredAt'> {
  const content = { ...command };
  delete content.occurredAt;
  return content;
}
