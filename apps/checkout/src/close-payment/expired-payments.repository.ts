import type { Clock } from '@hutong/config';
import { paymentId, type PaymentId } from '@hutong/domain-events';
import type { Logger } from '@hutong/telemetry';
import { close } from '../payment/close.js';
import type { CheckoutDatabase } from '../store/database.repository.js';
import { oneByOne } from '../store/one-by-one.adapter.js';
import { findPayment } from '../store/saved-payment.repository.js';
import type { Steps } from '../store/steps.repository.js';

const AT_ONCE = 100;
/** As the partial index `payment_deadline` has it. */
const UNENDED = `status in ('requested', 'offered', 'paying') and expires_at <= $1::timestamptz`;

export type ExpiredPaymentsParts = Readonly<{
  db: CheckoutDatabase;
  clock: Clock;
  logger: Logger;
  steps: Steps;
}>;

/** Payments whose deadline has passed. Any number of instances may close them side by side. */
export class ExpiredPayments {
  constructor(private readonly parts: ExpiredPaymentsParts) {}

  /** Closes some of them, the oldest first. @returns how many this instance closed. */
  async close(atOnce = AT_ONCE): Promise<number> {
    const { db, clock, logger } = this.parts;
    const now = clock.now();
    const due = await db.query<{ id: string }>(
      `select payment_id::text as id from payment where ${UNENDED} order by expires_at limit $2`,
      [now, atOnce],
    );
    const ids = due.map(({ id }) => paymentId(id));
    return oneByOne(ids, { what: 'close', logger }, (id) => this.closeOne(id, now));
  }

  /** @returns false if another instance has it, or it has ended meanwhile. */
  private closeOne(id: PaymentId, now: Date): Promise<boolean> {
    return this.parts.db.transaction(async (tx) => {
      const free = await tx.query(
        `select 1 as locked from payment where ${UNENDED} and payment_id = $2::uuid
         for update skip locked`,
        [now, id],
      );
      if (free.length === 0) return false;
      const saved = await findPayment(tx.prisma, id);
      if (saved === undefined) return false;
      const closed = close(saved.payment, 'expired');
      if (!closed.ok) return false;
      await this.parts.steps.save(tx, saved.payment, closed.value, now);
      return true;
    });
  }
}
