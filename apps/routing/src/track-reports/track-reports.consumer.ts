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
  type AttemptReported,
  type RefundReported,
} from '@hutong/domain-events';
import { hears, type Disposition, type Received } from '@hutong/messaging';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { Reports } from '../store/reports.repository.js';

const ofAttempts = hears(
  attemptAwaitingPayer,
  attemptSucceeded,
  attemptFailed,
  attemptClosed,
  attemptUnknown,
);
const ofRefunds = hears(refundPending, refundSucceeded, refundFailed);

@Controller()
export class TrackReportsConsumer {
  constructor(private readonly reports: Reports) {}

  /** How a provider does, seen in what its gateway reports. What became of the payment is checkout's. */
  @EventPattern(GATEWAY_REPORTS, ofAttempts)
  async handle(received: Received<AttemptReported>): Promise<Disposition> {
    return this.reports.countAttempt(received);
  }

  /** What became of a refund is checkout's as well. */
  @EventPattern(GATEWAY_REPORTS, ofRefunds)
  async handleRefund(received: Received<RefundReported>): Promise<Disposition> {
    return this.reports.countRefund(received);
  }
}
