import type {
  PaymentOutcome,
  PaymentPaid,
  PaymentRefunded,
  PaymentSurplusRefunded,
  PaymentSurplusTaken,
} from '@hutong/domain-events';
import { subtract, zero, type Money } from '@hutong/money';
import { clearing, fees, merchantPayable, surplus, type Account } from './accounts.js';

/** The outcomes that move money. All others are only counted. */
export type MoneyOutcome =
  PaymentPaid | PaymentRefunded | PaymentSurplusTaken | PaymentSurplusRefunded;

/** One posting: a positive amount on one side of one account. */
export type Line = Readonly<{ side: 'debit' | 'credit'; account: Account; amount: Money }>;

/** What one outcome does to the books. Only `balanced` makes one. */
export type Entry = Readonly<{
  gross: Money;
  fee: Money;
  debit: Account;
  credit: Account;
  feeAccount: Account;
  /** 1 as the accounts are named; −1 the other way round: money that goes back. */
  direction: 1 | -1;
  lines: readonly Line[];
}>;

/** How an entry is stored: its lines follow from it. */
type Movement = Omit<Entry, 'lines'>;

export function isMoney(outcome: PaymentOutcome): outcome is MoneyOutcome {
  switch (outcome.type) {
    case 'payment.paid':
    case 'payment.refunded':
    case 'payment.surplus_taken':
    case 'payment.surplus_refunded':
      return true;
    case 'payment.attempt_failed':
    case 'payment.attempt_closed':
    case 'payment.closed':
    case 'payment.refund_failed':
      return false;
  }
}

/**
 * The entry of an outcome. Paid: the provider owes us the gross, we owe the merchant the net. Surplus:
 * the provider owes us what we owe its payer, and no merchant pays for it. A refund is the same entry
 * the other way round, so that what was taken and given back at once leaves nothing. Of what goes back in
 * parts each fee is rounded by itself, and may leave some fen: what the fee was is for the provider's bill to say.
 * @param fee of a payment or its refund; surplus has none whatever is given.
 */
export function post(outcome: MoneyOutcome, fee: Money): Entry {
  switch (outcome.type) {
    case 'payment.paid':
      return forMerchant(outcome, fee, 1);
    case 'payment.refunded':
      return forMerchant(outcome, fee, -1);
    case 'payment.surplus_taken':
      return intoSuspense(outcome, 1);
    case 'payment.surplus_refunded':
      return intoSuspense(outcome, -1);
  }
}

function forMerchant(outcome: MoneyOutcome, fee: Money, direction: Entry['direction']): Entry {
  const { amount, attempt, payment } = outcome;
  return balanced({
    gross: amount,
    fee,
    debit: clearing(attempt.provider, payment.platform, amount.currency),
    credit: merchantPayable(payment.platform, payment.merchantId, amount.currency),
    feeAccount: fees(attempt.provider, amount.currency),
    direction,
  });
}

function intoSuspense(outcome: MoneyOutcome, direction: Entry['direction']): Entry {
  const { amount, attempt, payment } = outcome;
  return balanced({
    gross: amount,
    fee: zero(amount),
    debit: clearing(attempt.provider, payment.platform, amount.currency),
    credit: surplus(attempt.provider, amount.currency),
    feeAccount: fees(attempt.provider, amount.currency),
    direction,
  });
}

/** The only way to make an Entry. @throws if debits ≠ credits: a bug, so we stop. */
function balanced(movement: Movement): Entry {
  const lines = linesOf(movement);
  for (const [currency, own] of Map.groupBy(lines, (line) => line.amount.currency)) {
    const sum = own.reduce((total, line) => total + signedMinor(line), 0n);
    if (sum !== 0n) throw new Error(`unbalanced entry: ${sum} ${currency}`);
  }
  return { ...movement, lines };
}

/** The postings of a movement, empty ones left out: what the view `posting` shows of its row. */
function linesOf({ gross, fee, debit, credit, feeAccount, direction }: Movement): readonly Line[] {
  const [from, to] =
    direction === 1 ? (['debit', 'credit'] as const) : (['credit', 'debit'] as const);
  const lines: readonly Line[] = [
    { side: from, account: debit, amount: gross },
    { side: to, account: credit, amount: subtract(gross, fee) },
    { side: to, account: feeAccount, amount: fee },
  ];
  return lines.filter((line) => line.amount.minor !== 0n);
}

/** Debit +, credit −. */
export const signedMinor = ({ side, amount }: Line): bigint =>
  side === 'debit' ? amount.minor : 0n - amount.minor;
