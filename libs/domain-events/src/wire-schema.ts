import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { nestedOf, type Nested } from './nested.js';
import { fieldsOf, isRecord } from './wire-reader.js';

/** A JSON Schema (draft 7, which AsyncAPI's own schemas extend), or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Of an object. Members that it does not name are allowed, as they are on every wire of ours. */
export type ObjectSchema = Readonly<{
  type: 'object';
  required: readonly string[];
  properties: Readonly<Record<string, JsonSchema>>;
  /** Members that are there and checked only where another one says so. */
  allOf?: readonly JsonSchema[];
}>;

/** What stands for the class of a nested object: its own schema, or a reference to it. */
type OfNested = (shape: ClassConstructor<object>) => JsonSchema;

/**
 * The JSON Schema of a wire class, made from the rules that check it. It takes whatever the class takes;
 * more than that only where a rule is beyond it: a day that no month has, a subject that is not the key.
 * @throws Error naming a field with a rule that has no schema: none is passed over.
 */
export function wireSchema(
  shape: ClassConstructor<object>,
  ofNested: OfNested = (nested) => wireSchema(nested),
): ObjectSchema {
  const fields = fieldsOf(shape).map((name) => fieldOf(shape, name, ofNested));
  const conditional = fields.flatMap(({ name, where, schema }) =>
    where === undefined
      ? []
      : [{ if: where, then: { required: [name], properties: { [name]: schema } } }],
  );
  return {
    type: 'object',
    required: fields.filter((field) => field.always).map(({ name }) => name),
    properties: Object.fromEntries(
      // What is checked only under a condition says nothing without it.
      fields.map(({ name, where, schema }) => [name, where === undefined ? schema : {}]),
    ),
    ...(conditional.length > 0 && { allOf: conditional }),
  };
}

type Field = Readonly<{
  name: string;
  schema: JsonSchema;
  always: boolean;
  where: JsonSchema | undefined;
}>;

function fieldOf(shape: ClassConstructor<object>, name: string, ofNested: OfNested): Field {
  const rules = rulesOf(shape, name);
  const conditions = rules.filter((rule) => rule.type === 'conditionalValidation');
  const [where] = conditions.flatMap((rule) => partOf(rule, 'where'));
  const schemas = (each: boolean) =>
    rules
      .filter((rule) => Boolean(rule.each) === each && rule.type === 'customValidation')
      .map((rule) => schemaOf(rule, `${shape.name}.${name}`));
  const nested = nestedOf(shape, name);
  return {
    name,
    schema: withNested(merged(schemas(false)), merged(schemas(true)), nested, ofNested),
    always: conditions.length === 0,
    where,
  };
}

function withNested(
  own: JsonSchema,
  ofItem: JsonSchema,
  nested: Nested | undefined,
  ofNested: OfNested,
): JsonSchema {
  const inside = nested === undefined ? ofItem : ofNested(nested.shape());
  return nested !== undefined && nested.max === undefined
    ? inside
    : { ...own, ...(own['type'] === 'array' && { items: inside }) };
}

const merged = (schemas: readonly JsonSchema[]): JsonSchema =>
  schemas.reduce((whole, part) => ({ ...whole, ...part }), {});

/** One rule as class-validator keeps it. */
type Rule = ReturnType<typeof rulesOf>[number];

const rulesOf = (shape: ClassConstructor<object>, name: string) =>
  getMetadataStorage()
    .getTargetValidationMetadatas(shape, '', false, false)
    .filter((rule) => rule.propertyName === name);

function schemaOf(rule: Rule, at: string): JsonSchema {
  const constraints: readonly unknown[] = rule.constraints ?? [];
  const [said] = partOf(rule, 'schema');
  const schema = said ?? KEYWORDS[rule.name ?? '']?.(...constraints);
  if (schema === undefined) throw new Error(`${at}: no schema says ${rule.name ?? rule.type}`);
  return schema;
}

function partOf(rule: Rule, key: 'schema' | 'where'): JsonSchema[] {
  const context: unknown = rule.context;
  const part = isRecord(context) ? context[key] : undefined;
  return isRecord(part) ? [part] : [];
}

/** What each rule of class-validator's that a wire uses means as JSON Schema, by its constraints. */
const KEYWORDS: Readonly<Record<string, (...constraints: unknown[]) => JsonSchema>> = {
  isArray: () => ({ type: 'array' }),
  arrayMinSize: (minItems) => ({ minItems }),
  arrayMaxSize: (maxItems) => ({ maxItems }),
  isObject: () => ({ type: 'object' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  min: (minimum) => ({ minimum }),
  max: (maximum) => ({ maximum }),
  isIn: (values) => ({ type: 'string', enum: values }),
  isLength: (minLength, maxLength) => ({ type: 'string', minLength, maxLength }),
  maxLength: (maxLength) => ({ type: 'string', maxLength }),
  matches: (pattern) => ({ type: 'string', pattern: sourceOf(pattern) }),
  isUrl: (options) => ({ type: 'string', format: 'uri', pattern: schemesOf(options) }),
};

/** @throws Error on a pattern with flags: JSON Schema has none. */
function sourceOf(pattern: unknown): string {
  if (pattern instanceof RegExp && pattern.flags === '') return pattern.source;
  throw new Error(`no schema says ${String(pattern)}`);
}

function schemesOf(options: unknown): string {
  const schemes: unknown = isRecord(options) ? options['protocols'] : undefined;
  return Array.isArray(schemes) ? `^(?:${schemes.join('|')})://` : '';
}
