import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { definitions } from './catalogue.js';
import { decodeEnvelope, encodeEnvelope, type Envelope } from './envelope.js';
import { eventId } from './ids.js';
import { meanings, type Meaning } from './golden.examples.js';

const folder = join(import.meta.dirname, '../golden');
const read = (name: string): string => readFileSync(join(folder, `${name}.json`), 'utf8');

/** Every version that was ever published: those that this release still has to read. */
const published = Object.values(definitions).flatMap(({ type, version }) =>
  Array.from({ length: version }, (_, index) => `${type}.v${index + 1}`),
);
const newest = new Set(Object.values(definitions).map((d) => `${d.type}.v${d.version}`));

/** `attempt.awaiting_payer.v1.app` is one more form of `attempt.awaiting_payer.v1`. */
const versionOf = (name: string): string => name.replace(/(?<=\.v\d+)\.[a-z_]+$/, '');

const files = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
const serialOf = (name: string): string =>
  /"id": "([0-9a-f-]{36})"/.exec(read(name))?.[1] ?? `no id in ${name}`;

const expected = (name: string, { source, event }: Meaning): Envelope => ({
  id: eventId(serialOf(name)),
  source,
  occurredAt: new Date('2026-11-24T03:16:02.250Z'),
  sequence: 3,
  businessTime: new Date('2024-09-12T02:00:00.000Z'),
  event,
});

describe('the golden records', () => {
  it('are there for each published version, and for no other', () => {
    expect(files.filter((name) => versionOf(name) === name).toSorted()).toEqual(
      published.toSorted(),
    );
    expect(files.filter((name) => !published.includes(versionOf(name)))).toEqual([]);
  });

  it('each have a meaning that is kept beside them', () => {
    expect(Object.keys(meanings).toSorted()).toEqual(files.toSorted());
  });

  it('are told under ids of their own', () => {
    expect(new Set(files.map(serialOf)).size).toBe(files.length);
  });
});

describe.each(Object.entries(meanings))('%s', (name, meaning) => {
  it('means for ever what it meant when it was published', () => {
    expect(decodeEnvelope(read(name))).toEqual({ ok: true, value: expected(name, meaning) });
  });

  if (newest.has(versionOf(name))) {
    it('is what is written today', () => {
      const written: unknown = JSON.parse(encodeEnvelope(expected(name, meaning)));

      expect(written).toEqual(JSON.parse(read(name)));
    });
  }
});
