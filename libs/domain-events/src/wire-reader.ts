import { ok, refuse, type Result } from '@hutong/result';
import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { nestedOf } from './nested.js';

/** Why bytes are not an event of ours. `detail` names properties and rules, never values. */
export type DecodeRefusal = Readonly<{
  code:
    | 'too_long'
    | 'not_json'
    | 'envelope_invalid'
    | 'type_unknown'
    | 'version_unknown'
    | 'data_invalid';
  detail: string;
}>;

/** Checks untrusted JSON against one wire class. Fields it does not know are dropped, not refused. */
export type WireReader<W> = (data: unknown) => Result<W, DecodeRefusal>;

export function wireReader<W extends object>(shape: ClassConstructor<W>): WireReader<W> {
  const plan = planOf(shape);
  return (data) => {
    // class-validator throws on null and walks arrays by element: only an object may reach it.
    if (!isRecord(data)) return refuse({ code: 'data_invalid', detail: 'not an object' });
    const wire = made(plan, data);
    const errors = validateSync(wire, {
      forbidUnknownValues: true,
      validationError: { target: false, value: false },
    });
    return errors.length === 0 ? ok(wire) : refuse({ code: 'data_invalid', detail: said(errors) });
  };
}

/** The fields of a wire class, in the order in which they are written. */
export function fieldsOf(shape: ClassConstructor<object>): readonly string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  return [...new Set(rules.map((rule) => rule.propertyName))];
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Field = Readonly<{ name: string; nested?: Plan<object>; max?: number | undefined }>;
type Plan<W> = Readonly<{ shape: ClassConstructor<W>; fields: readonly Field[] }>;

function planOf<W extends object>(shape: ClassConstructor<W>): Plan<W> {
  const fields = fieldsOf(shape).map((name): Field => {
    const nested = nestedOf(shape, name);
    return nested === undefined
      ? { name }
      : { name, nested: planOf(nested.shape()), max: nested.max };
  });
  return { shape, fields };
}

/**
 * An instance with the fields of its class and no others. Not `plainToInstance`: that walks what it
 * does not know too, without bound, and an extra field with a member `constructor` makes it throw.
 */
function made<W extends object>(plan: Plan<W>, data: Readonly<Record<string, unknown>>): W {
  const wire = new plan.shape();
  for (const field of plan.fields) {
    if (Object.hasOwn(data, field.name)) Reflect.set(wire, field.name, valueOf(field, data));
  }
  return wire;
}

function valueOf(field: Field, data: Readonly<Record<string, unknown>>): unknown {
  const { nested, max } = field;
  const value = data[field.name];
  if (nested === undefined) return value;
  // null, which no rule lets pass, for all else: the validator would follow lists inside of lists.
  const one = (item: unknown) => (isRecord(item) ? made(nested, item) : null);
  if (max === undefined) return one(value);
  // One more than may be is enough to be refused.
  return Array.isArray(value) ? value.slice(0, max + 1).map(one) : null;
}

const MAX_COMPLAINTS = 10;

function said(errors: readonly ValidationError[]): string {
  const all = errors.flatMap((error) => complaints(error, ''));
  const more = all.length - MAX_COMPLAINTS;
  return all.slice(0, MAX_COMPLAINTS).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function complaints(error: ValidationError, path: string): string[] {
  const here = path === '' ? error.property : `${path}.${error.property}`;
  const own = Object.keys(error.constraints ?? {}).map((rule) => `${here}: ${rule}`);
  return [...own, ...(error.children ?? []).flatMap((child) => complaints(child, here))];
}
