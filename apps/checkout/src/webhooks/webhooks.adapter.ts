import type { Clock, Secret } from '@hutong/config';
import type { Wakeups } from '@hutong/database';
import type { Logger, Metrics } from '@hutong/telemetry';
import type { Provider } from '@nestjs/common';
import type { CheckoutDatabase } from '../store/database.repository.js';
import type { OnOutcomes } from '../store/steps.repository.js';
import { DeliveryWorker, WEBHOOK_TIMEOUT_MS, WEBHOOKS_DUE } from './delivery-worker.adapter.js';
import { DueWebhooks } from './due-webhooks.repository.js';
import { EndpointAddresses } from './endpoint-addresses.adapter.js';
import type { DevelopmentHosts } from './endpoint-url.js';
import { parseSealingKeys } from './sealed-secret.signature.js';
import { WebhookDeliveries } from './webhook-deliveries.repository.js';
import { WebhookEndpoints } from './webhook-endpoints.repository.js';
import { WebhookQueue } from './webhook-queue.repository.js';
import { WebhookClient } from './webhook.client.js';

export type WebhookConfig = Readonly<{
  /** What secrets are sealed with. Without it there are no webhooks. */
  sealingKeys: Secret | undefined;
  developmentHosts: DevelopmentHosts;
}>;

export type WebhookParts = Readonly<{
  config: WebhookConfig;
  db: CheckoutDatabase;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  wakeups: Wakeups;
}>;

/** Webhooks wired for one instance. */
export type Webhooks = Readonly<{
  /** Queues what a step tells, in its transaction. */
  queue: OnOutcomes;
  /** What the controllers take. */
  providers: readonly Provider[];
  /** Sends what is due, from the start on until it is stopped. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Forgets what is too old. */
  forget: () => Promise<number>;
}>;

/** @throws Error if the sealing keys are none. */
export function webhooksOf({ config, wakeups, ...parts }: WebhookParts): Webhooks {
  const { db, clock } = parts;
  const keys = config.sealingKeys && parseSealingKeys(config.sealingKeys.reveal());
  const addresses = new EndpointAddresses(config.developmentHosts);
  const onQueued = () => wakeups.announce(WEBHOOKS_DUE, 'all');
  const queue = new WebhookQueue(clock, onQueued);
  const deliveries = new WebhookDeliveries(db, clock, onQueued);
  const client = new WebhookClient(addresses, WEBHOOK_TIMEOUT_MS);
  const worker =
    keys &&
    new DeliveryWorker({
      ...parts,
      client,
      due: new DueWebhooks({ db, clock, keys, chance: () => Math.random() }),
    });
  let stopListening: (() => Promise<void>) | undefined;
  return {
    queue: (tx, after, outcomes) => queue.add(tx, after, outcomes),
    providers: [
      { provide: WebhookEndpoints, useValue: new WebhookEndpoints(db, clock, keys) },
      { provide: WebhookDeliveries, useValue: deliveries },
      { provide: EndpointAddresses, useValue: addresses },
    ],
    start: async () => {
      if (worker === undefined) return;
      stopListening = await wakeups.listen(WEBHOOKS_DUE, worker.wake);
      worker.start();
    },
    stop: async () => {
      await stopListening?.();
      await worker?.stop();
    },
    forget: () => deliveries.forgetOld(),
  };
}
