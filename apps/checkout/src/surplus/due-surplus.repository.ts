import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import { mintRefundId, paymentId, type PaymentId } from '@hutong/domain-events';
import type { Logger } from '@hutong/telemetry';
import { giveSurplusBack } from '../payment/give-back.js';
import { belongingsOf, type MovedPayment, type Payment } from '../payment/payment.js';
import type { CheckoutDatabase } from '../store/database.repository.js';
import { oneByOne } from '../store/one-by-one.adapter.js';
import { findPayment } from '../store/saved-payment.repository.js';
import type { Steps } from '../store/steps.repository.js';

const AT_ONCE = 100;
/** As the partial index `receipt_surplus_due` has it. */
const DUE = `surplus_status = 'taken' and coalesce(surplus_due_at, paid_at) <= $1::timestamptz`;

export type DueSurplusParts = Readonly<{
  db: CheckoutDatabase;
  clock: Clock;
  logger: Logger;
  steps: Steps;
}>;

/** Surplus that is to go back now. Any number of instances may see to it side by side. */
export class DueSurplus {
  constructor(private readonly parts: DueSurplusParts) {}

  /** Asks for some of it to go back, the longest due first. @returns of how many payments. */
  async giveBack(atOnce = AT_ONCE): Promise<number> {
    const { db, clock, logger } = this.parts;
    const now = clock.now();
    const due = await db.query<{ id: string }>(
      `select payment_id::text as id from receipt where ${DUE}
        order by coalesce(surplus_due_at, paid_at) limit $2`,
      [now, atOnce],
    );
    const ids = [...new Set(due.map(({ id }) => paymentId(id)))];
    return oneByOne(ids, { what: 'surplus', logger }, (id) => this.ofOne(id, now));
  }

  /** @returns false if another instance has it, or nothing of it is due any more. */
  private ofOne(id: PaymentId, now: Date): Promise<boolean> {
    return this.parts.db.transaction(async (tx) => {
      const free = await tx.query(
        'select 1 as locked from payment where payment_id = $1::uuid for update skip locked',
        [id],
      );
      const saved = free.length === 0 ? undefined : await findPayment(tx.prisma, id);
      const after = saved && allGivenBack(saved.payment, now);
      if (saved === undefined || after === undefined) return false;
      await this.parts.steps.save(tx, saved.payment, after, now);
      return true;
    });
  }
}

/** The payment with everything on its way back that is due; undefined if nothing is. */
function allGivenBack(before: Payment, now: Date): MovedPayment | undefined {
  let after: MovedPayment | undefined;
  for (const money of belongingsOf(before).surplus) {
    const refundId = mintRefundId({ at: now, random: randomBytes(16) });
    const given = giveSurplusBack(after ?? before, { money, cause: 'due', refundId, now });
    if (given.ok) after = given.value;
  }
  return after;
}
