import {
  catalogue,
  decodeEnvelope,
  keyOf,
  type DomainEvent,
  type Topic,
} from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { RawRecord } from './raw-record.js';
import type { Received } from './received.js';

/** Why a record can never be handled. `detail` names properties and rules, never values. */
export type Unreadable = Readonly<{ code: string; detail: string }>;

/** Decodes a record once, from its bytes. */
export function readRecord(record: RawRecord): Result<Received, Unreadable> {
  if (record.value === null)
    return refuse({ code: 'tombstone', detail: 'the record has no value' });
  const text = utf8(record.value);
  if (text === undefined) return refuse({ code: 'not_utf8', detail: 'the value is not UTF-8' });
  const decoded = decode(text);
  if (!decoded.ok) return decoded;
  const { event, id, source, occurredAt, sequence, businessTime } = decoded.value;
  // Under another key it came by another partition: what was said before it may be still to come.
  if (record.key?.toString('utf8') !== keyOf(event)) {
    return refuse({ code: 'key_misplaced', detail: "the record's key is not its event's" });
  }
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

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `Buffer` would put U+FFFD where it cannot read, and a name or amount would arrive altered. */
function utf8(bytes: Buffer): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A decoder that throws does so for these bytes every time: they are unreadable, not in trouble. */
function decode(text: string): ReturnType<typeof decodeEnvelope> | Result<never, Unreadable> {
  try {
    return decodeEnvelope(text);
  } catch {
    return refuse({ code: 'decoder_threw', detail: 'the decoder has no answer for these bytes' });
  }
}
