import type { PlatformId } from '@hutong/domain-events';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import { unknownPayment } from '../platform-api/refusals.js';
import type { Payments } from '../store/payment.repository.js';
import type { SavedPayment } from '../store/saved-payment.repository.js';
import type { PaymentWaiters, Patience } from './payment-waiters.adapter.js';

/** Payments as their platform looks at them, now or once something has happened. */
export class SeenPayments {
  constructor(
    private readonly payments: Payments,
    private readonly waiters: PaymentWaiters,
  ) {}

  /**
   * The payment once it is as the caller wants, or as it is when patience is over.
   * @throws ProblemException where the platform has no such payment.
   */
  async once(
    { platform, paymentId }: Readonly<{ platform: PlatformId; paymentId: string }>,
    enough: (seen: SavedPayment) => boolean,
    patience: Patience,
  ): Promise<SavedPayment> {
    const look = async () => {
      const seen = await this.payments.find(platform, paymentId);
      if (seen === undefined) throw refusalProblem(unknownPayment, { code: 'payment_unknown' });
      return seen;
    };
    return this.waiters.until(paymentId, { look, enough }, patience);
  }
}
