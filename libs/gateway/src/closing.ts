import type { CloseReason } from '@hutong/domain-events';
import type { AttemptReport } from './gateway-port.js';
import { ARRIVES_WITHIN_MS, GONE_AFTER_MS, later } from './next-work.js';

/** That an attempt is to take no money any more. */
export type Closing = Readonly<{
  reason: CloseReason;
  askedAt: Date;
  /** When the provider was first asked to close it. */
  sentAt: Date | undefined;
}>;

/** What is known of an order beside the answer about it. */
export type Known = Readonly<{
  /** When it was asked for: whatever happened behind that, the answer need not know. */
  askedAt: Date;
  /** At the provider. */
  expiresAt: Date;
  /** When it was sent last. */
  sentAt: Date;
  closing: Closing | undefined;
  closable: boolean;
}>;

/**
 * What an answer says, given what we did. An order that is not there may still be on its way; it is
 * closed for certain a while after its expiry, or after its last sending if it is not to be sent again;
 * around its expiry only the former counts, since a payer may have been in time for it.
 * An order that we closed is closed for our reason, any other has expired.
 */
export function settled(report: AttemptReport, known: Known): AttemptReport {
  const { askedAt, expiresAt, sentAt, closing, closable } = known;
  if (report.kind === 'not_found') {
    const gone = askedAt >= later(expiresAt, GONE_AFTER_MS);
    const isLost = askedAt >= later(sentAt, ARRIVES_WITHIN_MS) && askedAt < expiresAt;
    const givenUp = closing !== undefined && isLost;
    return gone || givenUp ? { kind: 'closed', reason: closing?.reason ?? 'expired' } : report;
  }
  if (report.kind !== 'closed' || closing === undefined) return report;
  const byUs = closing.sentAt !== undefined || !closable;
  return byUs ? { kind: 'closed', reason: closing.reason } : report;
}
