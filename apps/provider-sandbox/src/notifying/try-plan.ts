import { assertNever } from '@hutong/result';

/**
 * What one try of a notification goes through.
 * @template How what its provider may do to what is said and how it is signed.
 */
export type TryPlan<How> = Readonly<{
  /** Nothing is sent, now or later. */
  never: boolean;
  delayMs: number;
  /** Not before something later of the same order was sent and answered, but after so long at the latest. */
  heldMs: number;
  /** A forged one comes first, then the good one. */
  forgedFirst: boolean;
  /** This try never leaves; the ladder goes on. */
  lost: boolean;
  /** Sent so often at the same time. */
  copies: 1 | 2;
  /** Its answer is not heard, whatever it was: the next try follows. */
  unheard: boolean;
  /** Sent once more after it was accepted. */
  again: boolean;
  how: How;
}>;

/** Changes nothing. */
export const plainTry = <How>(how: How): TryPlan<How> => ({
  never: false,
  delayMs: 0,
  heldMs: 0,
  forgedFirst: false,
  lost: false,
  copies: 1,
  unheard: false,
  again: false,
  how,
});

/** What may happen to a try of any provider's, on its way and back. */
export const TRY_FAULTS = [
  /** It is never sent, not even later. */
  'no_notification',
  /** This try is lost; the ladder goes on. */
  'drop_request',
  'delay',
  /** What is told later of the same order goes before it, if that is within the delay. */
  'reorder',
  /** The answer is not heard: whatever it was, the next try follows. */
  'drop_answer',
  /** Sent once more after it was accepted. */
  'duplicate_notification',
  /** Sent twice at the same time. */
  'parallel_notification',
] as const;

export type TryFault = (typeof TRY_FAULTS)[number];

export function changesOfTry(
  kind: TryFault,
  delayMs: number,
): Partial<Omit<TryPlan<unknown>, 'how'>> {
  switch (kind) {
    case 'no_notification':
      return { never: true };
    case 'drop_request':
      return { lost: true };
    case 'delay':
      return { delayMs };
    case 'reorder':
      return { heldMs: delayMs };
    case 'drop_answer':
      return { unheard: true };
    case 'duplicate_notification':
      return { again: true };
    case 'parallel_notification':
      return { copies: 2 };
    default:
      return assertNever(kind);
  }
}
