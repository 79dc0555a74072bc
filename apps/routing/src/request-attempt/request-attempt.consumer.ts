import {
  CHECKOUT_PAYMENTS,
  paymentMethodSelected,
  type PaymentMethodSelected,
} from '@hutong/domain-events';
import { hears, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Decisions } from '../store/decisions.repository.js';

@Controller()
export class RequestAttemptConsumer {
  constructor(private readonly decisions: Decisions) {}

  /** A payer chose: the gateway is commanded, or the choice is refused and offered anew. */
  @EventPattern(CHECKOUT_PAYMENTS, hears(paymentMethodSelected))
  async handle(received: Received<PaymentMethodSelected>): Promise<Disposition> {
    return this.decisions.answer(received);
  }
}
