import {
  CHECKOUT_PAYMENTS,
  paymentCloseRequested,
  type PaymentCloseRequested,
} from '@hutong/domain-events';
import { hears, park, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';

@Controller()
export class RequestCloseConsumer {
  /** No gateway closes attempts yet. Parked, the request can still be carried out by a redrive. */
  @EventPattern(CHECKOUT_PAYMENTS, hears(paymentCloseRequested))
  async handle({ event }: Received<PaymentCloseRequested>): Promise<Disposition> {
    return park(`${event.type} is not supported yet`);
  }
}
