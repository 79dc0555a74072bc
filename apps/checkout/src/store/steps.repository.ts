import { CHECKOUT_PAYMENTS, PAYMENT_OUTCOMES, type PaymentOutcome } from '@hutong/domain-events';
import type { Announcement, Outbox } from '@hutong/messaging';
import { outcomesOf } from '../payment/outcomes.js';
import type { MovedPayment, Payment } from '../payment/payment.js';
import { requestsOf } from '../payment/requests.js';
import type { CheckoutTransaction } from './database.repository.js';
import { FIRST_VERSION, nextVersion, savePayment } from './saved-payment.repository.js';

/** Told after each commit what a payment was (nothing, if it is new), what it is now, and its version. */
export type OnChange = (before: Payment | undefined, after: Payment, version: number) => void;

/** Told of a step's outcomes inside its transaction, with what the payment is now. */
export type OnOutcomes = (
  tx: CheckoutTransaction,
  after: MovedPayment,
  outcomes: readonly PaymentOutcome[],
) => Promise<void>;

/** Makes saving a step and announcing what follows from it one. */
export class Steps {
  constructor(
    private readonly outbox: Outbox,
    private readonly onChange: OnChange,
    private readonly onOutcomes: OnOutcomes,
  ) {}

  /**
   * Saves what `before` has become and announces what is asked of others and what the world is told,
   * in the transaction that has the payment locked.
   * @param at when the step was heard or decided.
   */
  async save(
    tx: CheckoutTransaction,
    before: Payment,
    after: MovedPayment,
    at: Date,
  ): Promise<void> {
    const version = await savePayment(tx, before, after);
    const { businessTime } = before;
    const asked = requestsOf(before, after).map(
      (event) => ({ topic: CHECKOUT_PAYMENTS, event, occurredAt: at, businessTime }) as const,
    );
    const outcomes = outcomesOf(before, after, at);
    const told = outcomes.map((event) => {
      const { occurredAt } = event;
      return { topic: PAYMENT_OUTCOMES, event, occurredAt, businessTime } as const;
    });
    await this.announce(tx, ...asked, ...told);
    if (outcomes.length > 0) await this.onOutcomes(tx, after, outcomes);
    tx.onCommit(() => this.onChange(before, after, version));
  }

  /** For what a step alone does not tell. */
  async announce(
    tx: CheckoutTransaction,
    ...announcements: readonly Announcement[]
  ): Promise<void> {
    await this.outbox.append(tx, ...announcements);
  }

  /** For a payment of which something changed beside its state: who knows the version before sees it. */
  async touched(tx: CheckoutTransaction, payment: Payment): Promise<void> {
    const version = await nextVersion(tx, payment.id);
    tx.onCommit(() => this.onChange(payment, payment, version));
  }

  /** For a payment that has just been inserted. */
  began(tx: CheckoutTransaction, payment: Payment): void {
    tx.onCommit(() => this.onChange(undefined, payment, FIRST_VERSION));
  }
}
