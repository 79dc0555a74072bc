import { assertNever } from '@hutong/result';

/** What happens to a call of any provider's on its way there and back. */
export type WirePlan = Readonly<{
  delayMs: number;
  dropRequest: boolean;
  answerDelayMs: number;
  dropAnswer: boolean;
}>;

export const PLAIN_WIRE: WirePlan = {
  delayMs: 0,
  dropRequest: false,
  answerDelayMs: 0,
  dropAnswer: false,
};

export const WIRE_FAULTS = [
  /** The connection dies before anything happened. */
  'drop_request',
  /** It happens, and the connection dies instead of the answer. */
  'drop_answer',
  /** Everything comes late, the effect too; also when the caller has given up meanwhile. */
  'delay',
  /** It happens at once; the answer comes late. */
  'delay_answer',
] as const;

export type WireFault = (typeof WIRE_FAULTS)[number];

export function changesOfWire(kind: WireFault, delayMs: number): Partial<WirePlan> {
  switch (kind) {
    case 'drop_request':
      return { dropRequest: true };
    case 'drop_answer':
      return { dropAnswer: true };
    case 'delay':
      return { delayMs };
    case 'delay_answer':
      return { answerDelayMs: delayMs };
    default:
      return assertNever(kind);
  }
}
