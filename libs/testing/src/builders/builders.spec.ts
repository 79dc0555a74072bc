import { describe, expect, it } from '@jest/globals';
import { decodeEnvelope, encodeEnvelope, type DomainEvent } from '@hutong/domain-events';
import { anEventId, REQUESTED_AT } from './ids.js';
import { builders } from './of-every-event.js';

const every: [string, () => DomainEvent][] = Object.entries(builders);

describe.each(every)('the builder of %s', (type, build) => {
  it('makes an event that comes back from the wire as it was', () => {
    const event = build();
    const envelope = { id: anEventId(), source: 'ledger', occurredAt: REQUESTED_AT, sequence: 1 };
    const decoded = decodeEnvelope(encodeEnvelope({ ...envelope, source: 'ledger', event }));
    expect(decoded).toMatchObject({ ok: true, value: { event: { type } } });
    expect(decoded).toEqual({ ok: true, value: { ...envelope, event } });
  });

  it('shares no id between two of them', () => {
    const [one, other] = [idsOf(build()), idsOf(build())];
    expect(one.filter((id) => other.includes(id))).toEqual([]);
  });
});

/** Texts long enough to be ids, wherever they are. */
function idsOf(value: unknown): string[] {
  if (typeof value === 'string') return /^[0-9a-zA-Z-]{26,36}$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(idsOf);
}
