import { CHECKOUT_PAYMENTS, paymentRequested, type PaymentRequested } from '@hutong/domain-events';
import { hears, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Decisions } from '../store/decisions.repository.js';

@Controller()
export class OfferMethodsConsumer {
  constructor(private readonly decisions: Decisions) {}

  /** A merchant asked to be paid: the first offer, or why there is none. */
  @EventPattern(CHECKOUT_PAYMENTS, hears(paymentRequested))
  async handle(received: Received<PaymentRequested>): Promise<Disposition> {
    return this.decisions.offer(received);
  }
}
