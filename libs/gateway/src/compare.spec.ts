import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import {
  mismatchOf,
  refundMismatchOf,
  type Mismatch,
  type Own,
  type OwnRefund,
  type RefundMismatch,
} from './compare.js';
import { aRefundId } from '@hutong/testing';
import { anAttempt, aPaid, aPrepared } from './gateway.examples.js';

const attempt = anAttempt();
const own: Own = {
  account: attempt.account,
  amount: attempt.amount,
  prepared: aPrepared(attempt),
};
const told = {
  kind: 'succeeded' as const,
  account: 'taobao',
  notificationId: 'n-1',
  orderNumber: attempt.attemptId,
  payee: { mchid: '1900000001', appid: 'wx0123456789abcdef' },
  paid: aPaid(),
};
const paid = (minor: bigint, currency: 'CNY' | 'USD' = 'CNY') => ({
  ...told,
  paid: aPaid({ amount: money(minor, currency) }),
});

type Row = Readonly<{
  what: string;
  told: typeof told;
  own: Own | undefined;
  mismatch: Mismatch | undefined;
}>;

describe('a verified notification', () => {
  it.each<Row>([
    { what: 'of our order, as sent', told, own, mismatch: undefined },
    { what: 'of an order that is not ours', told, own: undefined, mismatch: 'order_unknown' },
    {
      what: 'of an order never sent',
      told,
      own: { ...own, prepared: undefined },
      mismatch: 'never_sent',
    },
    {
      what: 'at the address of another account',
      told: { ...told, account: 'jd' },
      own,
      mismatch: 'other_account',
    },
    {
      what: 'of another merchant',
      told: { ...told, payee: { ...told.payee, mchid: '1900000002' } },
      own,
      mismatch: 'other_payee',
    },
    {
      what: 'of another app',
      told: { ...told, payee: { ...told.payee, appid: 'wx0' } },
      own,
      mismatch: 'other_payee',
    },
    { what: 'in another currency', told: paid(12_800n, 'USD'), own, mismatch: 'other_currency' },
    { what: 'of one fen less', told: paid(12_799n), own, mismatch: 'other_amount' },
    { what: 'of one fen more', told: paid(12_801n), own, mismatch: 'other_amount' },
  ])('$what: $mismatch', (row) => {
    expect(mismatchOf(row.told, row.own)).toBe(row.mismatch);
  });

  it('does not agree by naming nobody', () => {
    const nobody = { ...told, payee: {} };
    expect(mismatchOf(nobody, own)).toBe('other_payee');
  });
});

describe('a verified notification of a refund', () => {
  const refundId = aRefundId();
  const { attemptId, account, amount } = attempt;
  const ownRefund: OwnRefund = {
    refund: { account, attemptId, amount },
    prepared: {
      refundId,
      attemptId,
      account,
      body: new Uint8Array(),
      fields: aPrepared(attempt).fields,
    },
  };
  const toldRefund = {
    kind: 'refund' as const,
    account: 'taobao',
    notificationId: 'n-1',
    orderNumber: `${attemptId}`,
    refundNumber: `${refundId}`,
    payee: { mchid: '1900000001' },
    amount,
    report: { kind: 'pending' as const },
  };
  const { refund } = ownRefund;

  type RefundRow = Readonly<{
    what: string;
    said: Partial<Omit<typeof toldRefund, 'orderNumber'>> &
      Readonly<{ orderNumber?: string | undefined }>;
    own?: OwnRefund | undefined;
    mismatch: RefundMismatch | undefined;
  }>;
  it.each<RefundRow>([
    { what: 'as we asked for it', said: {}, own: ownRefund, mismatch: undefined },
    {
      what: 'by a provider that does not name the order',
      said: { orderNumber: undefined },
      own: ownRefund,
      mismatch: undefined,
    },
    { what: 'that is not ours', said: {}, own: undefined, mismatch: 'refund_unknown' },
    { what: 'never sent', said: {}, own: { refund, prepared: undefined }, mismatch: 'never_sent' },
    {
      what: 'at the address of another account',
      said: { account: 'jd' },
      own: ownRefund,
      mismatch: 'other_account',
    },
    {
      what: 'of another order',
      said: { orderNumber: anAttempt().attemptId },
      own: ownRefund,
      mismatch: 'other_order',
    },
    {
      what: 'of another merchant',
      said: { payee: { mchid: '1900000002' } },
      own: ownRefund,
      mismatch: 'other_payee',
    },
    {
      what: 'in another currency',
      said: { amount: money(12_800n, 'USD') },
      own: ownRefund,
      mismatch: 'other_currency',
    },
    {
      what: 'of one fen less',
      said: { amount: money(12_799n, 'CNY') },
      own: ownRefund,
      mismatch: 'other_amount',
    },
  ])('$what: $mismatch', ({ said, own: ours, mismatch }) => {
    expect(refundMismatchOf({ ...toldRefund, ...said }, ours)).toBe(mismatch);
  });
});
