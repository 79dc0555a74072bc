import { catalogue, decodeEnvelope, type DomainEvent, type Topic } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { RawRecord } from './raw-record.js';
import type { Received } from './received.js';

/** Why a record can never be handled. `detail` names properties and rules, never values. */
export type Unreadable = Readonly<{ code: string; detail: string }>;

/** Decodes a record once, from its bytes. */
export function readRecord(record: RawRecord): Result<Received, Unreadable> {
  if (record.value === null)
    return refuse({ code: 'tombstone', detail: 'the record has no value' });
  const decoded = decode(record.value.toString('utf8'));
  if (!decoded.ok) return decoded;
  const { event, id, source, occurredAt, sequence, businessTime } = decoded.value;
  if (!carries(record.topic, event.type)) {
    return refuse({ code: 'type_misplaced', detail: `${event.type} on ${record.topic}` });
  }
  const { topic, partition, offset, appendedAt } = record;
  const told = { event, eventId: id, source, occurredAt, sequence, businessTime };
  const received: Received = { ...told, appendedAt, topic, partition, offset };
  return ok(received);
}

export const carries = (topic: Topic, type: DomainEvent['type']): boolean =>
  catalogue.some((spec) => spec.name === topic && spec.carries.includes(type));

/** A decoder that throws does so for these bytes every time: they are unreadable, not in trouble. */
function decode(text: string): ReturnType<typeof decodeEnvelope> | Result<never, Unreadable> {
  try {
    return decodeEnvelope(text);
  } catch {
    return refuse({ code: 'decoder_threw', detail: 'the decoder has no answer for these bytes' });
  }
}
