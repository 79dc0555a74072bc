import { randomBytes } from 'node:crypto';
import { mintRefundId } from '@hutong/domain-events';
import { giveSurplusBack } from '../payment/give-back.js';
import { belongingsOf, type MovedPayment, type Payment } from '../payment/payment.js';
import { Sweep, type SweepParts } from '../store/sweep.repository.js';

const AT_ONCE = 100;

/** As the partial index `receipt_surplus_due` has it. */
const DUE = `
  select payment_id, coalesce(surplus_due_at, paid_at) as due_at from receipt
   where surplus_status = 'taken' and coalesce(surplus_due_at, paid_at) <= $1::timestamptz`;

/** Surplus that is to go back now. */
export class DueSurplus {
  private readonly sweep: Sweep;

  constructor(parts: SweepParts) {
    this.sweep = new Sweep(parts, { chore: 'surplus', due: DUE, step: allGivenBack });
  }

  /** Asks for some of it to go back. @returns of how many payments, those that were put off with them. */
  giveBack(atOnce = AT_ONCE): Promise<number> {
    return this.sweep.run(atOnce);
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
