import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@hutong/domain-events';
import type { Received } from '@hutong/messaging';
import {
  aCloseRequested,
  aMethodSelected,
  anAttemptAccepted,
  anAttemptId,
  anAttemptRequested,
  anEventId,
  aPaymentId,
  aPaymentRefundRequested,
  aPaymentRequested,
  aRefundId,
  aRefundRequested,
} from '@hutong/testing';
import { remembered } from './remembered.js';

const AT = new Date('2026-11-27T08:00:00Z');
const received = <E extends DomainEvent>(event: E): Received<E> => ({
  event,
  eventId: anEventId(),
  source: 'checkout',
  occurredAt: AT,
  sequence: 1,
  appendedAt: AT,
  topic: 'checkout.payments',
  partition: 0,
  offset: 0n,
});

describe('what is remembered of a lost time', () => {
  it('is found by what it is about, and of what came twice the first', () => {
    const [paymentId, attemptId, refundId] = [aPaymentId(), anAttemptId(), aRefundId()];
    const request = received(aPaymentRequested({ paymentId }));
    const choice = received(aMethodSelected({ paymentId, attemptId }));
    const refund = received(aPaymentRefundRequested({ paymentId, refundId }));
    const others = [
      received(aPaymentRequested()),
      received(aMethodSelected({ paymentId })),
      received(aPaymentRefundRequested({ paymentId })),
      received(aCloseRequested({ paymentId })),
    ];
    const again = [request, choice, refund].map((one) => ({ ...one, eventId: anEventId() }));

    const found = remembered({
      told: [],
      heard: [...others, request, choice, refund, ...again],
    });

    expect(found.requests.get(paymentId)).toBe(request);
    expect(found.choices.get(attemptId)).toBe(choice);
    expect(found.refunds.get(refundId)).toBe(refund);
    expect([found.requests.size, found.choices.size, found.refunds.size]).toEqual([2, 2, 2]);
  });

  it('says which attempts a gateway was told to make: an answer alone tells it nothing', () => {
    const [made, answered] = [anAttemptId(), anAttemptId()];
    const { commanded } = remembered({
      told: [
        received(anAttemptAccepted({ attemptId: answered })),
        received(anAttemptRequested({ attemptId: made })),
        received(aRefundRequested({ attemptId: answered })),
      ],
      heard: [],
    });
    expect([...commanded]).toEqual([made]);
  });

  it('is nothing where the log has nothing', () => {
    const { requests, choices, refunds, commanded } = remembered({ told: [], heard: [] });
    expect([requests.size, choices.size, refunds.size, commanded.size]).toEqual([0, 0, 0, 0]);
  });
});
