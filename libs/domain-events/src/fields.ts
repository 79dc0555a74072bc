import 'reflect-metadata';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  type ValidationOptions,
} from 'class-validator';
import { applyDecorators } from './apply-decorators.js';
import type { JsonSchema } from './wire-schema.js';

/**
 * The kinds of field that wires are made of. Each one says its shape in words, beside the rule that
 * holds it, and `describeWire` reads them back: what is documented is what is checked. A rule that is
 * no rule of class-validator's says its JSON Schema too, for `wireSchema`.
 */
export const saying = (shape: string, schema?: JsonSchema): ValidationOptions => ({
  context: { shape, ...(schema && { schema }) },
});

/** The field may be left out. `IsOptional` would let `null` in, which no type of ours knows. */
export const MayBeAbsent = (): PropertyDecorator =>
  ValidateIf((_, value) => value !== undefined, { context: { presence: 'may be absent' } });

/** One of a closed list. */
export const IsOneOf = (values: readonly string[]): PropertyDecorator =>
  IsIn(values, saying(`one of ${values.map((value) => `\`${value}\``).join(', ')}`));

export const IsFlag = (): PropertyDecorator => IsBoolean(saying('true or false'));

/** 1, 2, 3, … as far as every store of ours can count. */
export const IsOrdinal = (): PropertyDecorator =>
  applyDecorators(IsInt(saying('whole number from 1')), Min(1), Max(2_147_483_647));

/** Free text. `max` counts characters as people do: one beyond the basic plane is one. */
export const IsText = (max: number): PropertyDecorator =>
  Length(1, max, saying(`text of 1 to ${max} characters`));

/** Text of one pattern. */
export const IsTextLike = (pattern: RegExp, shape: string): PropertyDecorator =>
  Matches(pattern, saying(shape));

/**
 * Text under a rule that class-validator does not have. `name` is what a refusal says, `schema` as much
 * of the rule as JSON Schema can say, and no more than that.
 */
export const IsTextWhere = (
  name: string,
  shape: string,
  holds: (text: string) => boolean,
  schema: JsonSchema,
): PropertyDecorator =>
  ValidateBy(
    { name, validator: { validate: (value) => typeof value === 'string' && holds(value) } },
    saying(shape, { type: 'string', ...schema }),
  );

type Size = Readonly<{ min: number; max: number }>;
export const sizeText = ({ min, max }: Size): string => `list of ${min} to ${max}`;

/** A list of free texts. */
export const IsListOfTexts = (size: Size, max: number): PropertyDecorator =>
  applyDecorators(
    IsArray(saying(`${sizeText(size)} texts, each of 1 to ${max} characters`)),
    ArrayMinSize(size.min),
    ArrayMaxSize(size.max),
    Length(1, max, { each: true }),
  );

/** A list of texts of one pattern. */
export const IsListLike = (size: Size, pattern: RegExp, shape: string): PropertyDecorator =>
  applyDecorators(
    IsArray(saying(`${sizeText(size)}, each ${shape}`)),
    ArrayMinSize(size.min),
    ArrayMaxSize(size.max),
    Matches(pattern, { each: true }),
  );
