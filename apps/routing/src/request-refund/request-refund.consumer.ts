import {
  CHECKOUT_PAYMENTS,
  paymentRefundRequested,
  type PaymentRefundRequested,
} from '@hutong/domain-events';
import { hears, park, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';

@Controller()
export class RequestRefundConsumer {
  /** No gateway refunds yet. Parked, the request can still be carried out by a redrive. */
  @EventPattern(CHECKOUT_PAYMENTS, hears(paymentRefundRequested))
  async handle({ event }: Received<PaymentRefundRequested>): Promise<Disposition> {
    return park(`${event.type} is not supported yet`);
  }
}
