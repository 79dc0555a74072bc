import { close } from '../payment/close.js';
import { Sweep, type SweepParts } from '../store/sweep.repository.js';

const AT_ONCE = 100;

/** As the partial index `payment_deadline` has it. */
const DUE = `
  select payment_id, expires_at as due_at from payment
   where status in ('requested', 'offered', 'paying') and expires_at <= $1::timestamptz`;

/** Payments whose deadline has passed. */
export class ExpiredPayments {
  private readonly sweep: Sweep;

  constructor(parts: SweepParts) {
    this.sweep = new Sweep(parts, {
      chore: 'close',
      due: DUE,
      step: (before) => {
        const closed = close(before, 'expired');
        return closed.ok ? closed.value : undefined;
      },
    });
  }

  /** Closes some of them. @returns how many this instance closed or put off. */
  close(atOnce = AT_ONCE): Promise<number> {
    return this.sweep.run(atOnce);
  }
}
