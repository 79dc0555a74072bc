import { equals, type Money } from '@hutong/money';
import type { Notification, Prepared } from './gateway-port.js';

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
  const payee = Object.entries(told.payee);
  const agrees = payee.length > 0 && payee.every(([name, id]) => prepared.fields[name] === id);
  if (!agrees) return 'other_payee';
  if (told.paid.amount.currency !== own.amount.currency) return 'other_currency';
  return equals(told.paid.amount, own.amount) ? undefined : 'other_amount';
}
