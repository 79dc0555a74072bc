import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { nestedOf } from './nested.js';
import { fieldsOf, isRecord } from './wire-reader.js';

/** One field of a wire class, in words. */
export type WireField = Readonly<{
  name: string;
  /** `always`, or when it may or must be there. */
  presence: string;
  /** Type, unit and bounds. */
  shape: string;
  /** It is a list of objects. */
  list: boolean;
  /** The fields inside, of an object or of each member of a list. */
  members: readonly WireField[];
}>;

/**
 * Reads a wire class back from its own decorators.
 * @throws Error naming a field whose decorators say no shape: no field stays out of the catalogue.
 */
export function describeWire(shape: ClassConstructor<object>): readonly WireField[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  return fieldsOf(shape).map((name) => {
    const contexts = rules
      .filter((rule) => rule.propertyName === name)
      .map((rule): unknown => rule.context);
    const words = saidIn(contexts, 'shape');
    if (words === undefined) throw new Error(`${shape.name}.${name} says no shape`);
    const nested = nestedOf(shape, name);
    const members = nested === undefined ? [] : describeWire(nested.shape());
    const presence = saidIn(contexts, 'presence') ?? 'always';
    return { name, presence, shape: words, list: nested?.max !== undefined, members };
  });
}

function saidIn(contexts: readonly unknown[], key: 'shape' | 'presence'): string | undefined {
  const said = contexts.filter(isRecord).map((context) => context[key]);
  return said.find((words) => typeof words === 'string');
}
