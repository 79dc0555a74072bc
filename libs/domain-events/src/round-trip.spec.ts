import { describe, expect, it } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import type { DomainEvent } from './domain-event.js';
import { decodeEnvelope, encodeEnvelope, keyOf } from './envelope.js';
import { anyOf } from './event-arbitraries.examples.js';
import { eventId, idPatterns } from './ids.js';
import { SERVICES } from './topics.js';

const every: [string, Arbitrary<DomainEvent>][] = Object.entries(anyOf);

const telling = fc.record({
  id: fc.stringMatching(idPatterns.eventId).map(eventId),
  source: fc.constantFrom(...SERVICES),
  occurredAt: fc.date({ min: new Date(0), max: new Date('2999-12-31'), noInvalidDate: true }),
  sequence: fc.integer({ min: 1, max: 2_147_483_647 }),
  businessTime: fc.option(fc.date({ min: new Date(0), max: new Date(1e13), noInvalidDate: true }), {
    nil: undefined,
  }),
});

describe.each(every)('any %s', (type, events) => {
  it('comes back from its record as it was', () => {
    fc.assert(
      fc.property(telling, events, (told, event) => {
        const envelope = { ...told, event };

        expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual({ ok: true, value: envelope });
      }),
    );
  });

  it('is told under its own name, by its key, in bytes that are always the same', () => {
    fc.assert(
      fc.property(telling, events, (told, event) => {
        const text = encodeEnvelope({ ...told, event });
        const read = decodeEnvelope(text);

        expect(JSON.parse(text)).toMatchObject({
          type: expect.stringMatching(new RegExp(`^${type}\\.v[1-9]$`)),
          subject: keyOf(event),
        });
        expect(read.ok && encodeEnvelope(read.value)).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('takes nothing along that the wire does not know', () => {
    fc.assert(
      fc.property(telling, events, (told, event) => {
        const written = encodeEnvelope({ ...told, event: withStowaways(event) });

        expect(written).toBe(encodeEnvelope({ ...told, event }));
      }),
      { numRuns: 30 },
    );
  });
});

/** The same with one more member in each object: what a row or a request may bring along. */
function withStowaways<T>(value: T): T {
  return stowed(value) as T;
}

function stowed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stowed);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    // Its names are data, not fields.
    name === 'parameters' ? (member as unknown) : stowed(member),
  ]);
  return { ...Object.fromEntries(members), stowaway: '+86 138 0013 8000' } as unknown;
}
