import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import specs from '@asyncapi/specs';
import { describe, expect, it } from '@jest/globals';
import { Ajv, type AnySchemaObject } from 'ajv';
import { decodeEnvelope } from '@hutong/domain-events';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = { [name: string]: Json };

/** The published document, anew for whoever breaks it. */
const published = () =>
  parse(readFileSync(join(root, 'docs/asyncapi.yaml'), 'utf8')) as {
    channels: Record<string, JsonObject>;
    operations: Record<string, JsonObject>;
    components: { messages: Record<string, JsonObject>; schemas: Record<string, JsonObject> };
  };

// Formats are notes for people: what is checked of a text is its pattern.
const options = { strict: false, validateFormats: false, allErrors: true } as const;

describe('the AsyncAPI document', () => {
  // It brings its own copy of draft 7, which may be there once.
  const official: AnySchemaObject = Object.assign<AnySchemaObject, object>(
    {},
    specs.schemas['3.0.0'],
  );
  const isAsyncApi = new Ajv({ ...options, meta: false, validateSchema: false }).compile(official);

  it('is one by the schema of AsyncAPI 3.0', () => {
    expect([isAsyncApi(published()), isAsyncApi.errors]).toEqual([true, null]);
  });

  it.each<{ what: string; change: (document: ReturnType<typeof published>) => unknown }>([
    {
      what: 'an action that there is not',
      change: ({ operations }) =>
        Object.assign(operations['routing.hears.checkout.payments'] ?? {}, { action: 'hear' }),
    },
    {
      what: 'a topic without partitions',
      change: ({ channels }) =>
        Object.assign(channels['gateway.reports'] ?? {}, {
          bindings: { kafka: { partitions: 0, bindingVersion: '0.5.0' } },
        }),
    },
    {
      what: 'a member of our own invention',
      change: ({ channels }) => Object.assign(channels['gateway.reports'] ?? {}, { key: 'id' }),
    },
    {
      what: 'a schema with bounds that are none',
      change: ({ components }) =>
        Object.assign(components.schemas['Money'] ?? {}, { required: 'minor' }),
    },
  ])('is not with $what', ({ change }) => {
    const document = published();
    change(document);
    expect(isAsyncApi(document)).toBe(false);
  });

  it('refers only to what is in it', () => {
    const document: unknown = published();
    const lost = referencesIn(document).filter((ref) => at(document, ref) === undefined);

    expect(referencesIn(document).length).toBeGreaterThan(100);
    expect(lost).toEqual([]);
    expect(at(document, '#/components/schemas/Nobody')).toBeUndefined();
  });
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const referencesIn = (value: unknown): string[] =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, one]) =>
        name === '$ref' && typeof one === 'string' ? [one] : referencesIn(one),
      )
    : [];

const at = (document: unknown, reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .reduce((here, name) => (isObject(here) ? here[name] : undefined), document);

describe('the schema of a message', () => {
  const ajv = new Ajv(options).addSchema(published(), 'hutong');
  const reads = (type: string) => {
    const validate = ajv.getSchema(`hutong#/components/messages/${type}/payload`);
    if (validate === undefined) throw new Error(`no message ${type}`);
    return validate;
  };

  const records = globSync('*.json', { cwd: join(root, 'libs/domain-events/golden') })
    .toSorted()
    .map((file) => ({ file, type: /^.+?\.v\d+/.exec(basename(file, '.json'))?.[0] ?? '' }));
  const textOf = (file: string) =>
    readFileSync(join(root, 'libs/domain-events/golden', file), 'utf8');

  it('is there for every golden record, and for nothing that has none', () => {
    expect([...new Set(records.map(({ type }) => type)), 'parked.record'].toSorted()).toEqual(
      Object.keys(published().components.messages).toSorted(),
    );
  });

  it.each(records)('takes $file', ({ file, type }) => {
    const validate = reads(type);
    expect([validate(JSON.parse(textOf(file))), validate.errors]).toEqual([true, null]);
  });

  it.each(records)('takes of $file what the code takes, however it is spoilt', ({ file, type }) => {
    const validate = reads(type);
    const differing = spoilt(JSON.parse(textOf(file)) as JsonObject)
      .filter(({ record }) => {
        const read = decodeEnvelope(JSON.stringify(record));
        return Boolean(validate(record)) !== (read.ok || onlyBeyondSchemas(read.refusal.detail));
      })
      .map(({ how }) => how);

    expect(differing).toEqual([]);
  });
});

/** That a subject is the key of its data is no rule about one place. */
const onlyBeyondSchemas = (detail: string): boolean => detail === 'subject is not the key of data';

const LONG = 'x'.repeat(5000);
const SPOILS: readonly ((value: Json) => Json | undefined)[] = [
  () => undefined,
  () => null,
  () => true,
  () => -1,
  () => 0,
  () => 1.5,
  () => 3_000_000_000,
  () => '',
  () => 'x',
  () => LONG,
  () => [],
  () => ({}),
  () => [null],
  () => ['x'],
  () => ({ a: 1 }),
  (value) => `${JSON.stringify(value)}\n`,
  (value) => (typeof value === 'string' ? ` ${value}` : [value]),
  (value) =>
    Array.isArray(value) ? [...value, ...Array<Json>(70).fill(value[0] ?? 'x')] : [[value]],
  (value) => (isObject(value) ? { ...value, more: { constructor: 1 } } : [value, value]),
];

/** The record with one place of it changed, in each way. */
function spoilt(record: JsonObject): { how: string; record: Json }[] {
  return placesIn(record).flatMap((place) =>
    SPOILS.map((spoil, index) => ({
      how: `${place.join('.')} by way ${index}`,
      record: changed(record, place, spoil) ?? null,
    })),
  );
}

const placesIn = (value: Json): string[][] =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, one]) => [
        [name],
        ...placesIn(one).map((inside) => [name, ...inside]),
      ])
    : [];

function changed(
  value: Json,
  [name, ...inside]: readonly string[],
  spoil: (value: Json) => Json | undefined,
): Json | undefined {
  if (name === undefined) return spoil(value);
  if (Array.isArray(value)) {
    return value.flatMap((one, index) =>
      String(index) === name ? (changed(one, inside, spoil) ?? []) : [one],
    );
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([own, one]) => {
      const now = own === name ? changed(one, inside, spoil) : one;
      return now === undefined ? [] : [[own, now]];
    }),
  );
}
