import type { DomainEvent } from '@hutong/domain-events';

/** What a handler states about itself beside its topic, as extras of Nest's `@EventPattern`. */
export type Hears = Readonly<{ hears: readonly DomainEvent['type'][] }>;

/**
 * The event types of the topic that a handler takes. Several handlers may share a topic, each with
 * types of its own: `@EventPattern(CHECKOUT_PAYMENTS, hears(paymentRequested))`.
 */
export const hears = (
  ...definitions: readonly Readonly<{ type: DomainEvent['type'] }>[]
): Hears => ({ hears: definitions.map((definition) => definition.type) });

export const isHears = (extras: unknown): extras is Hears =>
  typeof extras === 'object' &&
  extras !== null &&
  'hears' in extras &&
  Array.isArray(extras.hears) &&
  extras.hears.length > 0;
