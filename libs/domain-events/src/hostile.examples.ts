import { encodeEnvelope } from './envelope.js';
import { eventId } from './ids.js';
import { meanings } from './golden.examples.js';

/** A record as an object, to be bent. */
export type Bendable = Record<string, unknown> & { data: Record<string, unknown> };

/** A valid record of an event, `payment.offered` where it does not matter which. */
export function aRecord(name = 'payment.offered.v1'): Bendable {
  const meaning = meanings[name];
  if (meaning === undefined) throw new Error(`no such event: ${name}`);
  const told = {
    id: eventId('019aa9c2-7f00-7000-8000-000000000099'),
    occurredAt: new Date('2026-11-24T03:16:02.250Z'),
    sequence: 1,
  };
  return JSON.parse(encodeEnvelope({ ...told, ...meaning })) as Bendable;
}

/** What must never come out of a refusal, wherever it went in. */
export const SOMEBODY = '+86 138 0013 8000';

/** JSON of what a field may hold instead of what it should. */
export const JUNK: readonly string[] = [
  'null',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '""',
  `"${SOMEBODY}"`,
  `"${SOMEBODY}\\n"`,
  '0',
  '-1',
  '1.5',
  '1e300',
  `{"${SOMEBODY}":"${SOMEBODY}"}`,
  `{"constructor":"${SOMEBODY}"}`,
  '{"__proto__":{"polluted":true}}',
  '{"length":3}',
  `{"then":"${SOMEBODY}"}`,
  `["${SOMEBODY}",["${SOMEBODY}"]]`,
  `"${'x'.repeat(5_000)}"`,
  `[${Array.from({ length: 1_000 }, () => '{}').join()}]`,
  '['.repeat(12_000) + ']'.repeat(12_000),
  `${'{"a":'.repeat(12_000)}1${'}'.repeat(12_000)}`,
];

type Path = readonly string[];

/** Every place of a record that holds something, lists and their members included. */
export function places(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, child]) => places(child, [...at, name]))];
}

export const reached = (value: unknown, at: Path): unknown =>
  at.reduce(
    (from, name) =>
      typeof from === 'object' && from !== null ? (Reflect.get(from, name) as unknown) : undefined,
    value,
  );

/** The record's text with that JSON in one place. As text, because some JSON is too deep to be written. */
export function withJson(record: unknown, at: Path, json: string): string {
  return JSON.stringify(bent(record, at, PLACE)).replace(JSON.stringify(PLACE), () => json);
}

/** The record's text without that place. */
export const without = (record: unknown, at: Path): string =>
  JSON.stringify(bent(record, at, undefined));

const PLACE = '@@@';

function bent(record: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  const copy: object = structuredClone(typeof record === 'object' ? (record ?? {}) : {});
  Reflect.set(copy, name, bent(Reflect.get(copy, name), rest, value));
  return copy;
}
