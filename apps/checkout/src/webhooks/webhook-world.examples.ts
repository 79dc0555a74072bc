import { randomBytes } from 'node:crypto';
import type { DatabaseConfig } from '@hutong/config';
import { mintPaymentId, platformId, type PaymentId } from '@hutong/domain-events';
import { ok } from '@hutong/result';
import { createLogger, Metrics } from '@hutong/telemetry';
import type { FixedClock } from '@hutong/testing';
import type { MovedPayment } from '../payment/payment.js';
import { attemptsBy, paymentsBy, SECOND } from '../payment/payment.examples.js';
import { openDatabase, type CheckoutDatabase } from '../store/database.repository.js';
import { DeliveryWorker, type WorkerParts } from './delivery-worker.adapter.js';
import { DueWebhooks } from './due-webhooks.repository.js';
import { EndpointAddresses, type Resolve } from './endpoint-addresses.adapter.js';
import { parseSealingKeys } from './sealed-secret.signature.js';
import { WebhookDeliveries } from './webhook-deliveries.repository.js';
import { WebhookEndpoints, type EndpointWithSecret } from './webhook-endpoints.repository.js';
import { WebhookQueue } from './webhook-queue.repository.js';
import { WebhookClient } from './webhook.client.js';

export const logger = createLogger({ service: 'checkout', level: 'silent' });
export const TAOBAO = platformId('taobao');
export const JD = platformId('jd');
const keys = parseSealingKeys('ab'.repeat(32));
const { paid } = paymentsBy(attemptsBy(SECOND).closed);

export const aPaymentId = (): PaymentId =>
  mintPaymentId({ at: new Date(), random: randomBytes(16) });
export const aPaid = (id: PaymentId, platform = TAOBAO): MovedPayment => ({
  ...paid,
  id,
  platform,
});

type Over = Readonly<{
  resolve?: Resolve;
  development?: readonly string[];
  timeoutMs?: number;
  delaysMs?: readonly number[];
}> &
  Pick<WorkerParts, 'room'>;

/** One instance's webhooks on a database that others share; time is the spec's. */
export class WebhookInstance implements AsyncDisposable {
  readonly db: CheckoutDatabase;
  readonly endpoints: WebhookEndpoints;
  readonly deliveries: WebhookDeliveries;
  readonly due: DueWebhooks;
  readonly addresses: EndpointAddresses;
  readonly client: WebhookClient;
  readonly worker: DeliveryWorker;
  readonly metrics = new Metrics('checkout');
  private readonly queue: WebhookQueue;

  constructor(
    database: DatabaseConfig,
    readonly clock: FixedClock,
    { resolve, development = ['127.0.0.1'], timeoutMs = 5_000, delaysMs, room }: Over = {},
  ) {
    const { metrics } = this;
    this.db = openDatabase(database, logger);
    const parts = { db: this.db, clock };
    const wake = () => this.worker.wake();
    this.endpoints = new WebhookEndpoints(this.db, clock, keys);
    this.deliveries = new WebhookDeliveries(this.db, clock, wake);
    this.queue = new WebhookQueue(clock, wake);
    this.due = new DueWebhooks({ ...parts, keys, chance: () => 0, ...(delaysMs && { delaysMs }) });
    this.addresses = new EndpointAddresses(new Set(development), resolve);
    this.client = new WebhookClient(this.addresses, timeoutMs);
    this.worker = new DeliveryWorker({
      ...{ due: this.due, client: this.client, clock, logger, metrics, pollMs: 20 },
      ...(room && { room }),
    });
  }

  /** @throws Error if it is refused. */
  async register(url: URL | string, platform = TAOBAO): Promise<EndpointWithSecret> {
    const made = await this.endpoints.register(platform, ok(new URL(url)));
    if (!made.ok) throw new Error(made.refusal.code);
    return this.reveal(made.value.endpointId, platform);
  }

  /** @throws Error if it is refused. */
  async reveal(endpointId: string, platform = TAOBAO): Promise<EndpointWithSecret> {
    const shown = await this.endpoints.reveal(platform, endpointId);
    if (!shown.ok) throw new Error(shown.refusal.code);
    return shown.value;
  }

  /** As a step does it: so many outcomes of the payment, one transaction. */
  async tell(
    id: PaymentId,
    types: readonly Parameters<WebhookQueue['add']>[2][number]['type'][] = ['payment.paid'],
    platform = TAOBAO,
  ): Promise<void> {
    const occurredAt = this.clock.now();
    await this.db.sql.transaction((tx) =>
      this.queue.add(
        tx,
        aPaid(id, platform),
        types.map((type) => ({ type, occurredAt })),
      ),
    );
  }

  /** Queues, and then something goes wrong in the same transaction. */
  async tellInVain(id: PaymentId): Promise<void> {
    const told = { type: 'payment.paid', occurredAt: this.clock.now() } as const;
    await this.db
      .transaction(async (tx) => {
        await this.queue.add(tx, aPaid(id), [told]);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.stop();
    await this.db.close();
  }
}
