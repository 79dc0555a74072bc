import {
  attemptId,
  paymentId,
  refundId,
  type AttemptId,
  type PaymentId,
  type RefundId,
} from '@hutong/domain-events';
import type { IdempotentRequest as Row } from '../generated/prisma/client.js';
import { unreadable } from './reading.js';

/** What a request made of a payment, and the status that its answer had. */
export type Made = Readonly<{
  status: number;
  paymentId: PaymentId;
  attemptId?: AttemptId;
  refundId?: RefundId;
}>;

/** What a request made of a webhook endpoint, and the status that its answer had. */
export type EndpointMade = Readonly<{ status: number; endpointId: string }>;

/** A replay: how many it queued, and from when on to continue if there were more than fit. */
export type ReplayMade = EndpointMade & Readonly<{ queued: number; continueFrom?: Date }>;

/** Reads back what was remembered. @throws Error if something else was made under that route. */
export type Recall<M> = (row: Row) => M;

export const paymentMade: Recall<Made> = (row) => {
  if (row.paymentId === null) throw unreadable('no payment was made');
  return {
    status: row.status,
    paymentId: paymentId(row.paymentId),
    ...(row.attemptId !== null && { attemptId: attemptId(row.attemptId) }),
    ...(row.refundId !== null && { refundId: refundId(row.refundId) }),
  };
};

export const endpointMade: Recall<EndpointMade> = ({ status, endpointId }) => {
  if (endpointId === null) throw unreadable('nothing was made of an endpoint');
  return { status, endpointId };
};

export const replayMade: Recall<ReplayMade> = (row) => {
  if (row.queued === null) throw unreadable('nothing was replayed');
  return {
    ...endpointMade(row),
    queued: row.queued,
    ...(row.continueFrom !== null && { continueFrom: row.continueFrom }),
  };
};
