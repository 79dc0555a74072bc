import type { RawDatabase } from '@hutong/database';
import {
  CHECKOUT_PAYMENTS,
  paymentCloseRequested,
  type PaymentCloseRequested,
} from '@hutong/domain-events';
import { done, firstTime, hears, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';

/** Remembers each event, as every handler of ours does, and has no other effect. */
export class Arrivals {
  /** @param arrived gets the payment's id after the commit. */
  constructor(
    private readonly db: RawDatabase,
    private readonly arrived: (paymentId: string) => void,
  ) {}

  async remember({ event, eventId }: Received<PaymentCloseRequested>): Promise<Disposition> {
    await this.db.transaction((tx) => firstTime(tx, eventId));
    this.arrived(event.paymentId);
    return done;
  }
}

@Controller()
export class HopConsumer {
  constructor(private readonly arrivals: Arrivals) {}

  @EventPattern(CHECKOUT_PAYMENTS, hears(paymentCloseRequested))
  handle(received: Received<PaymentCloseRequested>): Promise<Disposition> {
    return this.arrivals.remember(received);
  }
}
