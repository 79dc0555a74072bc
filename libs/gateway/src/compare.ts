import { equals, type Money } from '@hutong/money';
import type { Notification, Prepared, PreparedRefund, RequestedRefund } from './gateway-port.js';

/** What of a verified notification does not agree with our own books. */
export type Mismatch =
  | 'order_unknown'
  | 'never_sent'
  | 'other_account'
  | 'other_payee'
  | 'other_currency'
  | 'other_amount';

/** Our side of the comparison. */
export type Own = Readonly<{ account: string; amount: Money; prepared: Prepared | undefined }>;

/**
 * Whether a verified notification is about our attempt as we sent it: order, account, merchant and
 * app, currency, amount. A signature proves who speaks, not that the money is what we asked for.
 * @param own the attempt whose id is the told order number, if we have one.
 */
export function mismatchOf(
  told: Extract<Notification, { kind: 'succeeded' }> & Readonly<{ account: string }>,
  own: Own | undefined,
): Mismatch | undefined {
  if (own === undefined) return 'order_unknown';
  const { prepared } = own;
  if (prepared === undefined) return 'never_sent';
  if (told.account !== own.account) return 'other_account';
  if (!isPayee(told.payee, prepared.fields)) return 'other_payee';
  if (told.paid.amount.currency !== own.amount.currency) return 'other_currency';
  return equals(told.paid.amount, own.amount) ? undefined : 'other_amount';
}

/** What of a verified notification of a refund does not agree with our own books. */
export type RefundMismatch =
  | 'refund_unknown'
  | 'never_sent'
  | 'other_account'
  | 'other_order'
  | 'other_payee'
  | 'other_currency'
  | 'other_amount';

export type OwnRefund = Readonly<{
  refund: Pick<RequestedRefund, 'account' | 'attemptId' | 'amount'>;
  prepared: PreparedRefund | undefined;
}>;

/** As of payments. @param own the refund whose id is the told number, if we have one. */
export function refundMismatchOf(
  told: Extract<Notification, { kind: 'refund' }> & Readonly<{ account: string }>,
  own: OwnRefund | undefined,
): RefundMismatch | undefined {
  if (own === undefined) return 'refund_unknown';
  const { refund, prepared } = own;
  if (prepared === undefined) return 'never_sent';
  if (told.account !== refund.account) return 'other_account';
  const isOfOrder = told.orderNumber === undefined || told.orderNumber === refund.attemptId;
  if (!isOfOrder) return 'other_order';
  if (!isPayee(told.payee, prepared.fields)) return 'other_payee';
  if (told.amount.currency !== refund.amount.currency) return 'other_currency';
  return equals(told.amount, refund.amount) ? undefined : 'other_amount';
}

/** Whether what was sent names this payee. */
export function isPayee(told: Readonly<Record<string, string>>, own: Prepared['fields']): boolean {
  const payee = Object.entries(told);
  return payee.length > 0 && payee.every(([name, id]) => own[name] === id);
}
