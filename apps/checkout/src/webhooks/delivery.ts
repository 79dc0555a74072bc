export const DELIVERY_STATUSES = ['pending', 'delivered', 'given_up'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Why no answer came; where no secret opens to sign with, nothing was sent. */
export const FAULTS = ['address_refused', 'secret_unreadable', 'timeout', 'unreachable'] as const;
export type Fault = (typeof FAULTS)[number];

/** What came of sending a webhook. */
export type Answered = Readonly<{ status: number }> | Readonly<{ fault: Fault }>;

/** Any 2xx. A redirect is none: it is not followed, so nobody took anything. */
export const isTaken = (answer: Answered): boolean =>
  'status' in answer && answer.status >= 200 && answer.status <= 299;

/** What an endpoint was sent, or is going to be. */
export type Delivery = Readonly<{
  webhookId: string;
  paymentId: string;
  sequence: number;
  type: string;
  status: DeliveryStatus;
  createdAt: Date;
  /** Since when it is tried: when it was made, or replayed. */
  queuedAt: Date;
  tries: number;
  lastTriedAt: Date | undefined;
  lastStatus: number | undefined;
  lastFault: Fault | undefined;
}>;
