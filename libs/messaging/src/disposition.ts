/** What a handler answers: the event is dealt with, or it can never be. Throwing means: deliver it again. */
export type Disposition = Readonly<{ kind: 'done' }> | Readonly<{ kind: 'park'; reason: string }>;

export const done: Disposition = { kind: 'done' };

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
    (value.kind === 'park' && 'reason' in value && typeof value.reason === 'string'));
