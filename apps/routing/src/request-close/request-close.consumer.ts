import {
  CHECKOUT_PAYMENTS,
  paymentCloseRequested,
  type PaymentCloseRequested,
} from '@hutong/domain-events';
import { hears, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Commands } from '../store/commands.repository.js';

@Controller()
export class RequestCloseConsumer {
  constructor(private readonly commands: Commands) {}

  /** Attempts are to take no money any more: their gateways are told, or why no gateway has to be. */
  @EventPattern(CHECKOUT_PAYMENTS, hears(paymentCloseRequested))
  async handle(received: Received<PaymentCloseRequested>): Promise<Disposition> {
    return this.commands.close(received);
  }
}
