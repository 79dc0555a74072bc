import {
  CHECKOUT_PAYMENTS,
  paymentRefundRequested,
  type PaymentRefundRequested,
} from '@hutong/domain-events';
import { hears, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Commands } from '../store/commands.repository.js';

@Controller()
export class RequestRefundConsumer {
  constructor(private readonly commands: Commands) {}

  /** Money is to go back: the gateway that took it is told. */
  @EventPattern(CHECKOUT_PAYMENTS, hears(paymentRefundRequested))
  async handle(received: Received<PaymentRefundRequested>): Promise<Disposition> {
    return this.commands.refund(received);
  }
}
