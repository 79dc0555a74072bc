import { ok, refuse, type Result } from '@hutong/result';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import { definitions } from './catalogue.js';
import type { EventDefinition } from './define-event.js';
import type { DomainEvent } from './domain-event.js';
import { IsOrdinal, MayBeAbsent } from './fields.js';
import { eventId, type EventId } from './ids.js';
import { SERVICES, type Service } from './topics.js';
import { validated, type DecodeRefusal } from './versions.js';
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

/** The attributes of CloudEvents 1.0 that every record of ours has; unknown ones are passed over. */
class WireEnvelope {
  @IsIn(['1.0']) specversion!: string;
  @IsIdOf('eventId') id!: string;
  @Matches(new RegExp(`^/hutong/(${SERVICES.join('|')})$`)) source!: string;
  @Matches(/^[a-z_]{1,32}(\.[a-z_]{1,32}){1,3}\.v[1-9]\d{0,2}$/) type!: string;
  @IsString() @Length(1, 64) subject!: string;
  @IsInstant() time!: string;
  @IsIn(['application/json']) datacontenttype!: string;
  @IsOrdinal() sequence!: number;
  @MayBeAbsent() @IsInstant() businesstime?: string | undefined;
}

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

/**
 * Reads a record's value. Unknown extra fields are accepted; an unknown type or version is a refusal,
 * so that the caller parks it instead of skipping it.
 */
export function decodeEnvelope(text: string): Result<Envelope, DecodeRefusal> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const { data, ...attributes } = membersOf(parsed.value);
  const checked = validated(WireEnvelope, attributes);
  if (!checked.ok) return refuse({ code: 'envelope_invalid', detail: checked.refusal.detail });
  const wire = checked.value;
  const [, type = '', version = ''] = /^(.*)\.v(\d+)$/.exec(wire.type) ?? [];
  const definition = definitionNamed(type);
  if (definition === undefined) return refuse({ code: 'type_unknown', detail: type });
  const event = definition.decode(Number(version), data);
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
  try {
    return ok(JSON.parse(text));
  } catch {
    return refuse({ code: 'not_json', detail: 'the value is not JSON' });
  }
}

/** `data` apart from the attributes: it is checked by the event's own class, and only by that. */
const membersOf = (value: unknown): Readonly<{ data?: unknown }> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

function sourceOf(text: string): Service {
  const service = SERVICES.find((s) => text === `/hutong/${s}`);
  if (service === undefined) throw new Error('unvalidated source');
  return service;
}
