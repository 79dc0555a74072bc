import {
  PAYMENT_OUTCOMES,
  paymentAttemptClosed,
  paymentAttemptFailed,
  paymentClosed,
  paymentPaid,
  paymentRefunded,
  paymentRefundFailed,
  paymentSurplusRefunded,
  paymentSurplusTaken,
  type PaymentOutcome,
} from '@hutong/domain-events';
import { done, hears, park, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Books } from './books.repository.js';

const heard = hears(
  paymentPaid,
  paymentRefunded,
  paymentSurplusTaken,
  paymentSurplusRefunded,
  paymentAttemptFailed,
  paymentAttemptClosed,
  paymentClosed,
  paymentRefundFailed,
);

@Controller()
export class PostEntryConsumer {
  constructor(private readonly books: Books) {}

  /** One row of the log for each outcome, whatever became of the payment. */
  @EventPattern(PAYMENT_OUTCOMES, heard)
  async handle(received: Received<PaymentOutcome>): Promise<Disposition> {
    const booking = await this.books.book(received);
    return booking.kind === 'refused' ? park(booking.reason) : done;
  }
}
