import type { PaymentOutcome } from '@hutong/domain-events';
import { accountRef } from './accounts.js';
import { currencyCode, outcomeCode, reasonCode } from './codes.js';
import { feeOn, type ContractRate } from './contract-rates.js';
import { dayOf } from './day.js';
import { leafOf } from './leaf.js';
import { orderRefOf } from './order-ref.js';
import { isMoney, post, type Entry } from './posting.js';
import { scopeOf, type Scope } from './scope.js';

type Logged = Readonly<{
  scope: Scope;
  /** Of `outcomeCode`. */
  code: number;
  /** CloudEvents `time`: what money is counted by. */
  occurredAt: Date;
}>;

/**
 * A row of `ledger_event` in words, without where it was heard and without its fee, which the rates
 * decide. A second telling of the same event id has to say the same.
 */
export type EntryRow = Logged &
  Readonly<{
    kind: 'entry';
    /** Minor units. */
    gross: bigint;
    /** Of `currencyCode`. */
    ccy: number;
    dir: Entry['direction'];
    /** Keys of accounts, as `accountRef` makes them. */
    debit: string;
    credit: string;
    orderRef: string;
    payerKey: string;
  }>;

/** A row of `outcome_log` in words. `reason` is of `reasonCode`. */
export type OutcomeRow = Logged & Readonly<{ kind: 'outcome'; reason: number }>;

/** What one outcome writes, or why it can never be written. */
export type LogRow =
  | Readonly<{ kind: 'entry'; row: EntryRow; entry: Entry }>
  | Readonly<{ kind: 'outcome'; row: OutcomeRow }>
  | Readonly<{ kind: 'unbookable'; reason: string }>;

/** @throws Error if no rate covers the outcome, which `uncovered` tells at start. */
export function logRowOf(
  outcome: PaymentOutcome,
  occurredAt: Date,
  rates: readonly ContractRate[],
): LogRow {
  const { payment, amount } = outcome;
  const logged = { scope: scopeOf(outcome), code: outcomeCode[outcome.type], occurredAt };
  if (!isMoney(outcome)) {
    const reason = reasonCode[outcome.reason];
    return { kind: 'outcome', row: { ...logged, kind: 'outcome', reason } };
  }
  if (amount.minor === 0n) return { kind: 'unbookable', reason: 'no money in a money outcome' };
  const leaf = leafOf(payment.platform, outcome.attempt);
  const entry = post(outcome, feeOn(amount, leaf, dayOf(payment.requestedAt), rates));
  return {
    kind: 'entry',
    entry,
    row: {
      ...logged,
      kind: 'entry',
      gross: amount.minor,
      ccy: currencyCode[amount.currency],
      dir: entry.direction,
      debit: accountRef(entry.debit),
      credit: accountRef(entry.credit),
      orderRef: orderRefOf(outcome),
      payerKey: payment.payerKey,
    },
  };
}
