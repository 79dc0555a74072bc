import {
  attemptAwaitingPayer,
  attemptClosed,
  attemptFailed,
  attemptSucceeded,
  attemptUnknown,
  GATEWAY_REPORTS,
  refundFailed,
  refundPending,
  refundSucceeded,
  type GatewayReport,
} from '@hutong/domain-events';
import { hears, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Payments } from '../store/payment.repository.js';
import { settled } from './settled.adapter.js';

const heard = hears(
  attemptAwaitingPayer,
  attemptSucceeded,
  attemptFailed,
  attemptClosed,
  attemptUnknown,
  refundPending,
  refundSucceeded,
  refundFailed,
);

@Controller()
export class TrackReportsConsumer {
  constructor(private readonly payments: Payments) {}

  /** What a gateway learned moves the payment; its money is never lost. */
  @EventPattern(GATEWAY_REPORTS, heard)
  async handle(received: Received<GatewayReport>): Promise<Disposition> {
    return settled(await this.payments.advance(received));
  }
}
