import 'reflect-metadata';
import { Type, type ClassConstructor } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsObject,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { applyDecorators } from './apply-decorators.js';

/** Key of the metadata that names the class of a nested field, for `describeWire`. */
export const NESTED = 'hutong:nested';

/**
 * A nested object. `ValidateNested` alone passes over a missing one and takes `[]` for it, so the
 * field would be read as valid and its members as undefined.
 */
export const IsOne = <W extends object>(shape: () => ClassConstructor<W>): PropertyDecorator =>
  applyDecorators(IsObject(), ValidateNested(), Type(shape), Reflect.metadata(NESTED, shape));

/** A list of nested objects, none of which may be a list itself. */
export const IsListOf = <W extends object>(
  shape: () => ClassConstructor<W>,
  size: Readonly<{ min: number; max: number }>,
): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMinSize(size.min),
    ArrayMaxSize(size.max),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(shape),
    Reflect.metadata(NESTED, shape),
  );

/** The field may be left out. `IsOptional` would let `null` in, which no type of ours knows. */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** 1, 2, 3, … as far as every store of ours can count. */
export const IsOrdinal = (): PropertyDecorator =>
  applyDecorators(IsInt(), Min(1), Max(2_147_483_647));

/** A text rule that class-validator does not have. `name` is what a refusal says. */
export const IsTextWhere = (name: string, holds: (text: string) => boolean): PropertyDecorator =>
  ValidateBy({
    name,
    validator: { validate: (value) => typeof value === 'string' && holds(value) },
  });
