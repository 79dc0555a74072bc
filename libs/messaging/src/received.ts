import type { DomainEvent, EventId, Service, Topic } from '@hutong/domain-events';

/** One event as a handler gets it: validated, in its newest version, with where and when it was told. */
export type Received<E extends DomainEvent = DomainEvent> = Readonly<{
  event: E;
  /** What the inbox remembers; the same in every redelivery and redrive. */
  eventId: EventId;
  /** Who announced it. */
  source: Service;
  occurredAt: Date;
  /** The source's count for this key: 1, 2, … */
  sequence: number;
  /** Only in the story: what policy and booking day read instead of the clock. */
  businessTime?: Date | undefined;
  /** When the broker appended the record. */
  appendedAt: Date;
  /** How long it has been held back so far, if it was. */
  heldMs?: number | undefined;
  topic: Topic;
  partition: number;
  offset: bigint;
}>;
