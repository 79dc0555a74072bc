import 'reflect-metadata';
import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { NESTED } from './fields.js';

/** One field of a wire class, as docs and schemas show it. */
export type WireField = Readonly<{
  name: string;
  required: boolean;
  /** In the order in which they are written: `isString`, `maxLength 80`, `matches /^…$/`. */
  rules: readonly string[];
  /** The fields inside, of an object or of each member of a list. */
  members: readonly WireField[];
}>;

/** Rules that say no more than that there is something, or where to look further. */
const STRUCTURE = ['isDefined', 'isObject', 'nestedValidation', 'customValidation'];

/** Reads a wire class back from its own decorators, so that what is documented is what is checked. */
export function describeWire(shape: ClassConstructor<object>): readonly WireField[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  const names = [...new Set(rules.map((rule) => rule.propertyName))];
  return names.map((name) => {
    const own = rules.filter((rule) => rule.propertyName === name).reverse();
    return {
      name,
      required: !own.some((rule) => rule.type === 'conditionalValidation'),
      rules: own.flatMap((rule) => {
        const called = rule.name ?? rule.type;
        if (STRUCTURE.includes(called) || rule.type === 'conditionalValidation') return [];
        const given: readonly unknown[] = rule.constraints ?? [];
        return [[rule.each ? 'each' : '', called, ...given.map(text)].filter(Boolean).join(' ')];
      }),
      members: membersOf(shape, name),
    };
  });
}

function membersOf(shape: ClassConstructor<object>, name: string): readonly WireField[] {
  const prototype: unknown = shape.prototype;
  if (typeof prototype !== 'object' || prototype === null) return [];
  const nested: unknown = Reflect.getMetadata(NESTED, prototype, name);
  return isShapeOf(nested) ? describeWire(nested()) : [];
}

const isShapeOf = (value: unknown): value is () => ClassConstructor<object> =>
  typeof value === 'function';

function text(constraint: unknown): string {
  if (constraint instanceof RegExp) return constraint.toString();
  if (Array.isArray(constraint)) return constraint.join('|');
  if (typeof constraint === 'number' || typeof constraint === 'string') return String(constraint);
  return '';
}
