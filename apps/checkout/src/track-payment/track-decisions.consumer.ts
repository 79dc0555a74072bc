import {
  attemptAccepted,
  attemptRefused,
  paymentNotOffered,
  paymentOffered,
  ROUTING_DECISIONS,
  type RoutingDecision,
} from '@hutong/domain-events';
import { hears, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Payments } from '../store/payment.repository.js';
import { settled } from './settled.adapter.js';

const heard = hears(paymentOffered, paymentNotOffered, attemptAccepted, attemptRefused);

@Controller()
export class TrackDecisionsConsumer {
  constructor(private readonly payments: Payments) {}

  /** What routing decided moves the payment. */
  @EventPattern(ROUTING_DECISIONS, heard)
  async handle(received: Received<RoutingDecision>): Promise<Disposition> {
    return settled(await this.payments.advance(received));
  }
}
