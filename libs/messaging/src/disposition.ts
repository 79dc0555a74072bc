/** What a handler answers: the event is dealt with, or not yet, or it can never be. Throwing means: deliver it again. */
export type Disposition =
  | Readonly<{ kind: 'done' }>
  | Readonly<{ kind: 'hold' }>
  | Readonly<{ kind: 'park'; reason: string }>;

export const done: Disposition = { kind: 'done' };

/**
 * There is no room for the event now. It stays in Kafka, other keys go on, and it is asked again a moment
 * later. They go on as far as one fetch reaches behind it: `Received.heldMs` says how long it has been
 * held, and whoever holds for ever holds back what lies further on.
 */
export const hold: Disposition = { kind: 'hold' };

/**
 * Sets the event aside on the parked topic of this group; later events of its key go on.
 * @param reason in words of our own code, never people's data: it becomes a header of the record.
 */
export const park = (reason: string): Disposition => ({ kind: 'park', reason });

/** Whether what a handler returned is an answer at all. */
export const isDisposition = (value: unknown): value is Disposition =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'done' ||
    value.kind === 'hold' ||
    (value.kind === 'park' && 'reason' in value && typeof value.reason === 'string'));
