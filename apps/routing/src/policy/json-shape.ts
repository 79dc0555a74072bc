import { isObject, type JsonPlace } from './json-place.js';

/** A JSON Schema (2020-12), or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a place in a document must look like, said once: `read` checks it, `schema` describes it. A
 * schema says less where a rule is about several places at once; it never says what `read` does not.
 */
export type Shape<T> = Readonly<{
  schema: JsonSchema;
  /** What the place holds, or nothing after every mistake in it was noted. */
  read: (at: JsonPlace) => T | undefined;
}>;

type Members = Readonly<Record<string, Shape<unknown>>>;
type ReadBy<S> = S extends Shape<infer T> ? T : never;
export type ObjectOf<Must extends Members, May extends Members> = Readonly<
  { [Name in keyof Must]: ReadBy<Must[Name]> } & { [Name in keyof May]?: ReadBy<May[Name]> }
>;

/** Text of one pattern. @param parse what it means; texts that mean nothing are mistakes. */
export function text(wanted: string, pattern: RegExp): Shape<string>;
export function text<T>(
  wanted: string,
  pattern: RegExp,
  parse: (text: string) => T | undefined,
): Shape<T>;
export function text<T>(
  wanted: string,
  pattern: RegExp,
  parse?: (text: string) => T | undefined,
): Shape<T | string> {
  const meaning = (value: string): T | string | undefined => (parse ? parse(value) : value);
  return {
    schema: { type: 'string', pattern: pattern.source, description: wanted },
    read: (at) => {
      const { value } = at;
      const fits = typeof value === 'string' && pattern.test(value);
      return noted(at, wanted, fits ? meaning(value) : undefined);
    },
  };
}

/** One of a closed list of texts. */
export const oneOf = <T extends string>(values: readonly T[]): Shape<T> => ({
  schema: { enum: values },
  read: (at) =>
    noted(
      at,
      `one of ${values.join(', ')}`,
      values.find((one) => one === at.value),
    ),
});

export const wholeNumber = (min: number, max: number): Shape<number> => ({
  schema: { type: 'integer', minimum: min, maximum: max },
  read: (at) => {
    const { value } = at;
    const fits = typeof value === 'number' && Number.isInteger(value);
    const within = fits && value >= min && value <= max;
    return noted(at, `a whole number from ${min} to ${max}`, within ? value : undefined);
  },
});

/** A list with at least one element. An empty one would say "nobody" and most likely mean "anybody". */
export const list = <T>(item: Shape<T>, atMost = 64): Shape<readonly T[]> => ({
  schema: { type: 'array', items: item.schema, minItems: 1, maxItems: atMost },
  read: (at) => {
    const { value } = at;
    if (!Array.isArray(value) || value.length === 0 || value.length > atMost) {
      return noted(at, `a list of 1 to ${atMost}`, undefined);
    }
    const found = value.map((_, index) => item.read(at.item(index)));
    const good = found.filter((one) => one !== undefined);
    return good.length === found.length ? good : undefined;
  },
});

/** An object without other members: a misspelt one would be lost, and what it was to forbid allowed. */
export function object<Must extends Members, May extends Members>(
  must: Must,
  may: May,
): Shape<ObjectOf<Must, May>> {
  const known: Members = { ...may, ...must };
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(known).map(([name, { schema }]) => [name, schema]),
      ),
      required: Object.keys(must),
      additionalProperties: false,
    },
    read: (at) => {
      if (!isObject(at.value)) return noted(at, 'an object', undefined);
      const names = at.names();
      const strangers = names.filter((name) => !Object.hasOwn(known, name));
      for (const name of strangers) at.member(name).wants('no such member');
      const asked = Object.entries(known).filter(
        ([name]) => Object.hasOwn(must, name) || names.includes(name),
      );
      const read = asked.map(([name, shape]) => [name, shape.read(at.member(name))] as const);
      const whole = strangers.length === 0 && read.every(([, value]) => value !== undefined);
      // Each member was read by the shape that the type takes its type from.
      return whole ? (Object.fromEntries(read) as ObjectOf<Must, May>) : undefined;
    },
  };
}

/** The same place, said to people in the schema. */
export const about = <T>(description: string, { schema, read }: Shape<T>): Shape<T> => ({
  schema: { ...schema, description },
  read,
});

/** The same place in the words of our own code. */
export const as = <T, U>({ schema, read }: Shape<T>, meaning: (value: T) => U): Shape<U> => ({
  schema,
  read: (at) => {
    const value = read(at);
    return value === undefined ? undefined : meaning(value);
  },
});

/** A rule about what was read as a whole. @param rule notes what is wrong at the places it is about. */
export const where = <T>(
  { schema, read }: Shape<T>,
  rule: (value: T, at: JsonPlace) => void,
): Shape<T> => ({
  schema,
  read: (at) => {
    const value = read(at);
    if (value !== undefined) rule(value, at);
    return value;
  },
});

function noted<T>(at: JsonPlace, wanted: string, value: T | undefined): T | undefined {
  if (value === undefined) at.wants(wanted);
  return value;
}
