import { describe, expect, it } from '@jest/globals';
import type { Attempt } from '../payment/attempt.js';
import type { Payment } from '../payment/payment.js';
import {
  attemptsBy,
  paymentsBy,
  REFUND,
  refundsBy,
  SECOND,
  surplusBy,
} from '../payment/payment.examples.js';
import type { Refund } from '../payment/refund.js';
import type { Surplus } from '../payment/surplus.js';
import { isSettled } from './settled.js';

const attempts = attemptsBy(SECOND);
const payments = paymentsBy(attempts.closed);

describe('whether nothing more happens to a payment by itself', () => {
  it.each<[status: Payment['status'], settled: boolean]>([
    ['requested', false],
    ['offered', false],
    ['paying', false],
    ['closing', false],
    ['not_offered', true],
    ['closed', true],
    ['paid', true],
    ['partly_refunded', true],
    ['refunded', true],
  ])('%s: %s', (status, settled) => {
    expect(isSettled(payments[status])).toBe(settled);
  });

  it.each<[status: Attempt['status'], settled: boolean]>([
    ['selected', false],
    ['accepted', false],
    ['awaiting_payer', false],
    ['unknown', false],
    ['closing', false],
    ['succeeded', true],
    ['failed', true],
    ['closed', true],
    ['refused', true],
  ])('paid, while another attempt is %s: %s', (status, settled) => {
    expect(isSettled(paymentsBy(attempts[status]).paid)).toBe(settled);
  });

  it.each<[status: Refund['status'], settled: boolean]>([
    ['requested', false],
    ['pending', false],
    ['succeeded', true],
    ['failed', true],
  ])('paid, with a refund that is %s: %s', (status, settled) => {
    expect(isSettled({ ...payments.paid, refunds: [refundsBy(REFUND)[status]] })).toBe(settled);
  });

  it.each<[status: Surplus['status'], settled: boolean]>([
    ['taken', false],
    ['refunding', false],
    ['stuck', false],
    ['refunded', true],
  ])('closed, with surplus that is %s: %s', (status, settled) => {
    expect(isSettled({ ...payments.closed, surplus: [surplusBy()[status]] })).toBe(settled);
  });
});
