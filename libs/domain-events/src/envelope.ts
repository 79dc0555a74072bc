import { ok, refuse, type Result } from '@hutong/result';
import { definitions } from './catalogue.js';
import type { EventDefinition } from './define-event.js';
import { describeWire, type WireField } from './describe-wire.js';
import type { DomainEvent } from './domain-event.js';
import { IsOneOf, IsOrdinal, IsText, IsTextLike, MayBeAbsent } from './fields.js';
import { eventId, type EventId } from './ids.js';
import { SERVICES, type Service } from './topics.js';
import { isRecord, wireReader, type DecodeRefusal } from './wire-reader.js';
import { wireSchema, type ObjectSchema } from './wire-schema.js';
import { IsIdOf, IsInstant, optionalDate } from './wire.js';

/** The content type of every record of ours: CloudEvents 1.0, structured mode. */
export const CONTENT_TYPE = 'application/cloudevents+json';

/** An event with what is true of its telling: who said it, when it happened, which number it has. */
export type Envelope<E extends DomainEvent = DomainEvent> = Readonly<{
  id: EventId;
  source: Service;
  /** CloudEvents `time`: when it happened. */
  occurredAt: Date;
  /** The source's count for this key: 1, 2, … without gaps. */
  sequence: number;
  /** Only in the story: the time that policy and booking day read instead of the clock. */
  businessTime?: Date | undefined;
  event: E;
}>;

/** Kafka's own default for a record. No broker of ours takes a longer one. */
const MAX_CHARACTERS = 1024 * 1024;

const TYPE = /^([a-z_]{1,32}(?:\.[a-z_]{1,32}){1,3})\.v([1-9]\d{0,2})$/;

/** The attributes of CloudEvents 1.0 that every record of ours has; unknown ones are passed over. */
class WireEnvelope {
  /** The version of CloudEvents. */
  @IsOneOf(['1.0']) specversion!: string;
  /** Made when the fact is stored: the same however often the event is delivered or redriven. */
  @IsIdOf('eventId') id!: string;
  /** The service that tells it. */
  @IsOneOf(SERVICES.map((service) => `/hutong/${service}`)) source!: string;
  /** What happened, and in which version `data` says it. */
  @IsTextLike(TYPE, '`<event>.v<version>`') type!: string;
  /** The record's key: the payment's id, or provider and day of a bill. */
  @IsText(64) subject!: string;
  /** When it happened. */
  @IsInstant() time!: string;
  /** Of `data`. */
  @IsOneOf(['application/json']) datacontenttype!: string;
  /** The source's count for this key: 1, 2, … without gaps. An integer, to be compared as one. */
  @IsOrdinal() sequence!: number;
  /** Only in the story: the time that policy and booking day read instead of the clock. */
  @MayBeAbsent() @IsInstant() businesstime?: string | undefined;
}

/** The attributes of every record, in words. `data` is described by its event. */
export const describeEnvelope = (): readonly WireField[] => describeWire(WireEnvelope);

/** The attributes of every record, as JSON Schema. That of `data` is its event's `wireSchema`. */
export const envelopeSchema = (): ObjectSchema => wireSchema(WireEnvelope);

/** The key of an event's record, and its CloudEvents `subject`: payment id, or provider and day of a bill. */
export const keyOf = (event: DomainEvent): string =>
  event.type === 'bill.available' ? `${event.provider}:${event.day}` : event.paymentId;

/** One event as the JSON text of its record, in the newest version of its type. */
export function encodeEnvelope(envelope: Envelope): string {
  const definition = definitionOf(envelope.event);
  return JSON.stringify({
    specversion: '1.0',
    id: envelope.id,
    source: `/hutong/${envelope.source}`,
    type: `${definition.type}.v${definition.version}`,
    subject: keyOf(envelope.event),
    time: envelope.occurredAt.toISOString(),
    datacontenttype: 'application/json',
    sequence: envelope.sequence,
    businesstime: envelope.businessTime?.toISOString(),
    data: definition.encode(envelope.event),
  });
}

const readAttributes = wireReader(WireEnvelope);

/**
 * Reads a record's value. Unknown extra fields are accepted; an unknown type or version is a refusal,
 * so that the caller parks it instead of skipping it.
 */
export function decodeEnvelope(text: string): Result<Envelope, DecodeRefusal> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const attributes = readAttributes(parsed.value);
  if (!attributes.ok) return refuse({ ...attributes.refusal, code: 'envelope_invalid' });
  const wire = attributes.value;
  const [, type = '', version = ''] = TYPE.exec(wire.type) ?? [];
  const definition = definitionNamed(type);
  if (definition === undefined) return refuse({ code: 'type_unknown', detail: type });
  const event = definition.decode(Number(version), dataOf(parsed.value));
  if (!event.ok) return event;
  if (keyOf(event.value) !== wire.subject) {
    return refuse({ code: 'envelope_invalid', detail: 'subject is not the key of data' });
  }
  return ok({
    id: eventId(wire.id),
    source: sourceOf(wire.source),
    occurredAt: new Date(wire.time),
    sequence: wire.sequence,
    businessTime: optionalDate(wire.businesstime),
    event: event.value,
  });
}

/** The definition that writes this very event. */
function definitionOf(event: DomainEvent): EventDefinition<DomainEvent> {
  return definitions[event.type];
}

function definitionNamed(type: string): EventDefinition<DomainEvent> | undefined {
  return Object.values<EventDefinition<DomainEvent>>(definitions).find((d) => d.type === type);
}

function parseJson(text: string): Result<unknown, DecodeRefusal> {
  if (text.length > MAX_CHARACTERS) {
    return refuse({ code: 'too_long', detail: `more than ${MAX_CHARACTERS} characters` });
  }
  try {
    return ok(JSON.parse(text));
  } catch {
    return refuse({ code: 'not_json', detail: 'the value is not JSON' });
  }
}

const dataOf = (value: unknown): unknown =>
  isRecord(value) && Object.hasOwn(value, 'data') ? value.data : undefined;

function sourceOf(text: string): Service {
  const service = SERVICES.find((s) => text === `/hutong/${s}`);
  if (service === undefined) throw new Error('unvalidated source');
  return service;
}
