import type {
  AttemptId,
  AttemptSucceeded,
  Instrument,
  Provider,
  ProviderRef,
} from '@hutong/domain-events';
import type { Money } from '@hutong/money';

/** Money that a provider took, as its verified report says. */
export type Receipt = Readonly<{
  attemptId: AttemptId;
  provider: Provider;
  /** Whose app paid: known only with the money. */
  instrument: Instrument;
  providerRef: ProviderRef;
  amount: Money;
  paidAt: Date;
}>;

/** What tells one provider's money from all other of a payment. */
export type MoneyName = Pick<Receipt, 'provider' | 'providerRef'>;

export const sameMoney = (a: MoneyName, b: MoneyName): boolean =>
  a.provider === b.provider && a.providerRef === b.providerRef;

export const receiptFrom = (e: AttemptSucceeded): Receipt => ({
  attemptId: e.attemptId,
  provider: e.provider,
  instrument: e.instrument,
  providerRef: e.providerRef,
  amount: e.amount,
  paidAt: e.paidAt,
});
