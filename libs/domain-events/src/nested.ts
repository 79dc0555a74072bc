import 'reflect-metadata';
import { Type, type ClassConstructor } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsObject, ValidateNested } from 'class-validator';
import { applyDecorators } from './apply-decorators.js';
import { saying, sizeText } from './fields.js';

/** The class of a nested field; `max` of them where it is a list. */
export type Nested = Readonly<{ shape: () => ClassConstructor<object>; max?: number }>;

const NESTED = 'hutong:nested';
const nests = (nested: Nested): PropertyDecorator => Reflect.metadata(NESTED, nested);

/**
 * A nested object. `ValidateNested` alone passes over a missing one and takes `[]` for it, so the
 * field would be read as valid and its members as undefined. `Type` is for makers of JSON schemas.
 */
export const IsOne = <W extends object>(
  shape: () => ClassConstructor<W>,
  words = 'object',
): PropertyDecorator =>
  applyDecorators(IsObject(saying(words)), ValidateNested(), Type(shape), nests({ shape }));

/** A list of nested objects, none of which may be a list itself. */
export const IsListOf = <W extends object>(
  shape: () => ClassConstructor<W>,
  size: Readonly<{ min: number; max: number }>,
): PropertyDecorator =>
  applyDecorators(
    IsArray(saying(`${sizeText(size)} objects`)),
    ArrayMinSize(size.min),
    ArrayMaxSize(size.max),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(shape),
    nests({ shape, max: size.max }),
  );

/** What `IsOne` or `IsListOf` said of a property, inherited ones included. */
export function nestedOf(shape: ClassConstructor<object>, property: string): Nested | undefined {
  const prototype: unknown = shape.prototype;
  if (typeof prototype !== 'object' || prototype === null) return undefined;
  const nested: unknown = Reflect.getMetadata(NESTED, prototype, property);
  return isNested(nested) ? nested : undefined;
}

const isNested = (value: unknown): value is Nested =>
  typeof value === 'object' && value !== null && 'shape' in value;
