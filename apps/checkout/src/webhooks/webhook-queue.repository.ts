import { randomBytes } from 'node:crypto';
import type { Clock } from '@hutong/config';
import { mintEventId } from '@hutong/domain-events';
import { currentTraceparent } from '@hutong/telemetry';
import type { MovedPayment } from '../payment/payment.js';
import { paymentView } from '../see-payment/payment-view.js';
import type { CheckoutTransaction } from '../store/database.repository.js';
import { findLinks } from '../store/link-rows.repository.js';
import { webhookBody, type ToldOutcome } from './webhook-body.js';

/** Where webhooks wait to be sent. */
export class WebhookQueue {
  /** @param onQueued called after a commit that queued: wakes a worker, here or elsewhere. */
  constructor(
    private readonly clock: Clock,
    private readonly onQueued: () => void,
  ) {}

  /**
   * Queues the outcomes, in their order, for every endpoint of the payment's platform. The caller's
   * transaction has the payment locked, so sequences are given in the order of the outcomes.
   */
  async add(
    tx: CheckoutTransaction,
    payment: MovedPayment,
    outcomes: readonly ToldOutcome[],
  ): Promise<void> {
    const now = this.clock.now();
    const streams = await tx.query<{ endpoint_id: string; last_sequence: number }>(
      `insert into webhook_stream as s (endpoint_id, payment_id, last_sequence, due_at)
       select endpoint_id, $2::uuid, $3::integer, $4::timestamptz from webhook_endpoint
        where platform = $1 and disabled_at is null order by endpoint_id
       on conflict (endpoint_id, payment_id) do update
         set last_sequence = s.last_sequence + excluded.last_sequence,
             due_at = coalesce(s.due_at, excluded.due_at)
       returning s.endpoint_id, s.last_sequence`,
      [payment.platform, payment.id, outcomes.length, now],
    );
    if (streams.length === 0) return;
    const view = paymentView({ payment, links: await findLinks(tx, payment.id) });
    const messages = streams.flatMap(({ endpoint_id: endpointId, last_sequence: last }) =>
      outcomes.map((outcome, i) => {
        const sequence = last - outcomes.length + 1 + i;
        const webhookId = `msg_${mintEventId({ at: now, random: randomBytes(16) })}`;
        const body = JSON.stringify(webhookBody(outcome, view, sequence));
        return { webhookId, endpointId, sequence, type: outcome.type, body };
      }),
    );
    await tx.query(
      `insert into webhook_message (webhook_id, endpoint_id, payment_id, sequence, type, body,
         traceparent, created_at, queued_at, status, tries)
       select "webhookId", "endpointId", $1::uuid, sequence, type, body, $2, $3::timestamptz,
         $3::timestamptz, 'pending', 0
       from json_to_recordset($4::json) as told ("webhookId" text, "endpointId" text,
         sequence integer, type text, body text)`,
      [payment.id, currentTraceparent() ?? null, now, JSON.stringify(messages)],
    );
    tx.onCommit(this.onQueued);
  }
}
