import type { Clock } from '@hutong/config';
import type { AttemptRequested, RefundRequested } from '@hutong/domain-events';
import type { GatewayWorld } from './gateway-world.examples.js';

/** Each has an order number of its own, which recorded payloads already carry. */
export const SCENARIOS = [
  'shown',
  'lost',
  'unverifiable',
  'untold',
  'told',
  'forged',
  'other_amount',
  'early',
  'late',
  'ended',
  'ended_paid',
  'refunded',
  'refund_lost',
  'refund_less',
  'sealed',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** In what providers differ: what is said of one that is like most of them. */
export type ProviderWays = Readonly<{
  /** An order that has to end is closed when asked to; else it is watched until its own end. */
  closing: 'asked' | 'watched';
  /** A create that arrives again tells once more what to show; else that is lost with its answer. */
  resending: 'tells' | 'tells_nothing';
  /** Refunds take a while, and their end is told; else the answer says it, and nobody tells. */
  refunding: 'told' | 'answered';
  /** Whether it takes codes that payers show in stores. */
  codes: 'taken' | 'not_taken';
  /** Money that came after an order's end is told; else it is found by asking until the end is certain. */
  late: 'told' | 'found';
}>;

export const USUAL_WAYS: ProviderWays = {
  closing: 'asked',
  resending: 'tells',
  refunding: 'told',
  codes: 'not_taken',
  late: 'told',
};

/** A notification as the provider sent it. */
export type Notice = Readonly<{ headers: Readonly<Record<string, string>>; body: string }>;

export type Forgery = Readonly<{ what: string; notice: Notice }>;

/**
 * `told`: the notification arrives. `untold`: it is sent and never arrives, `lastNotice` has it.
 * `other_amount`: it arrives and tells another amount than was paid.
 */
export type Telling = 'told' | 'untold' | 'other_amount';

/** A running gateway and its provider, as a play: the suite says what happens, and looks. */
export type GatewayStage = AsyncDisposable &
  Readonly<{
    world: GatewayWorld;
    /** The gateway's: real time, or one that stands still. */
    clock: Clock & Readonly<{ advance: (milliseconds: number) => void }>;
    /** Called while the suite waits, 40 times a second: moves the clock on to what is due. */
    passTime: () => void;
    /** The statuses that tell the provider whether a notification is kept, and so not to be sent again. */
    answers: Readonly<{ kept: number; refused: number }>;
    /** From this age on a genuine signature is refused; where there is none, an id alone stops replay. */
    staleAfterMs?: number;
    /** What routing asks in this scenario: ¥128.00; in `sealed` by a method that needs what is sealed. */
    command: (scenario: Scenario) => AttemptRequested;
    /** ¥128.00 by a payer's code, which waits for its payer's word; where codes are taken. */
    codeCommand?: () => AttemptRequested;
    /** The payer opens what is shown; where the provider knows an order only from then on. */
    open?: (attemptId: string) => Promise<void>;
    /** How many different orders the provider was made to open under this number. */
    orders: (attemptId: string) => Promise<number>;
    /** The next create takes effect, and its answer never arrives. */
    loseNextAnswer: (attemptId: string) => Promise<void>;
    /** The next create takes effect; its answer is a 2xx that does not verify. */
    spoilNextAnswer: (attemptId: string) => Promise<void>;
    /** The next create takes effect; its answer comes late, at the latest when this is called. */
    holdNextAnswer: (attemptId: string) => Promise<() => void>;
    pay: (attemptId: string, telling: Telling) => Promise<void>;
    /** The order's life ends at the provider, unpaid. */
    expire: (attemptId: string) => Promise<void>;
    /** The provider takes money for it all the same, and tells so if it ever does. */
    payLate: (attemptId: string) => Promise<void>;
    /** The last one about this order or refund. */
    lastNotice: (id: string) => Promise<Notice>;
    /** What routing asks to go back in this scenario: ¥28.00. The provider does not end it by itself. */
    refund: (scenario: Scenario, of: AttemptRequested) => Promise<RefundRequested>;
    /** How many different refunds the provider was made to begin under this number. */
    refunds: (refund: RefundRequested) => Promise<number>;
    /** The next refund takes effect and ends well; its answer never arrives, and nobody tells of it. */
    loseNextRefundAnswer: (refund: RefundRequested) => Promise<void>;
    /** It ends well at the provider. */
    endRefund: (refund: RefundRequested, telling: Telling) => Promise<void>;
    /** What was sealed for `sealed`, which this gateway opens, and the same for another gateway. */
    sealing: Readonly<{ secret: string; foreign: string }>;
    /** Sends it to the gateway's address. @returns the status of its answer. */
    tell: (notice: Notice) => Promise<number>;
    /** Every way in which a notification can be somebody else's. */
    forgeries: (notice: Notice) => readonly Forgery[];
  }>;
