import type { INestApplication } from '@nestjs/common';
import { NestMicroservice, type MicroserviceOptions } from '@nestjs/microservices';
import type { ServiceConfig } from '@hutong/config';
import { Wakeups } from '@hutong/database';
import type { Service } from '@hutong/domain-events';
import type { Pool } from 'pg';
import type { Health } from './consumer-health.js';
import { InboxPurge } from './inbox-purge.js';
import { KafkaStrategy, type KafkaStrategyOptions } from './kafka-strategy.js';
import { OriginalFault } from './original-fault.filter.js';
import { Outbox } from './outbox.js';
import { OutboxRelay, type OutboxRelayOptions } from './outbox-relay.js';
import type { Surroundings } from './surroundings.js';

export type MessagingOptions = Surroundings &
  Readonly<{
    service: Service;
    /** Of the roles, `api` appends and wakes others; `worker` and `all` also relay and consume. */
    config: Pick<ServiceConfig, 'role' | 'kafka' | 'database'>;
    /** Of the same database. */
    pool: Pool;
    /** What specs scale down. */
    tuning?: Pick<KafkaStrategyOptions, 'delays' | 'parkedEveryMs' | 'blockMs' | 'closeWithinMs'> &
      Pick<OutboxRelayOptions, 'pollMs'>;
  }>;

/** A step of an orderly stop: what stops, and how. */
export type StopStep = readonly [name: string, stop: () => Promise<void>];

/** NOTIFY channel on which a process without a relay says that its outbox has rows. */
const OUTBOX_CHANNEL = 'hutong_outbox';

/** Everything a service needs to hear and to tell, wired for its role. */
export type Messaging = Readonly<{
  /** Append in the transaction of the state. */
  outbox: Outbox;
  /** Wakes waiting HTTP requests in other processes too; channels are the service's own. */
  wakeups: Wakeups;
  /** Connects the controllers of `app` to their topics and starts relaying, if the role does. */
  start: (app: INestApplication) => Promise<void>;
  /** In this order: consumers, relay. `wakeups` closes last, after HTTP. */
  stops: readonly StopStep[];
  closeWakeups: StopStep;
  health: () => Health;
}>;

export function messagingOf(o: MessagingOptions): Messaging {
  const { service, config, pool, clock, logger, metrics } = o;
  const wakeups = new Wakeups(config.database, logger);
  const closeWakeups: StopStep = ['wakeups', async () => wakeups.close()];
  if (config.role === 'api') {
    const onAppended = () => wakeups.announce(OUTBOX_CHANNEL, service);
    return {
      outbox: new Outbox({ service, clock, onAppended }),
      wakeups,
      start: async () => Promise.resolve(),
      stops: [],
      closeWakeups,
      health: () => ({ live: true, ready: true }),
    };
  }
  const { pollMs, ...tuning } = o.tuning ?? {};
  const kafka = { ...o.kafka, ...config.kafka };
  const parts = { pool, kafka, service, clock, logger, metrics };
  const relay = new OutboxRelay({ ...parts, ...(pollMs && { pollMs }) });
  const strategy = new KafkaStrategy({ ...tuning, ...parts, onFatal: o.onFatal });
  const purge = new InboxPurge({ pool, clock, logger });
  return {
    outbox: new Outbox({ service, clock, onAppended: relay.wake }),
    wakeups,
    start: async (app) => {
      await wakeups.listen(OUTBOX_CHANNEL, relay.wake);
      relay.start();
      purge.start();
      await connectConsumers(app, strategy);
    },
    stops: [
      ['consumers', () => strategy.close()],
      ['inbox purge', () => purge.stop()],
      ['relay', () => relay.stop()],
    ],
    closeWakeups,
    health: () => strategy.health(),
  };
}

/**
 * Binds the controllers to the strategy. Nothing of the HTTP side is inherited: its filters would
 * answer a fault with a problem document, its pipes would validate an event a second time.
 */
export async function connectConsumers(
  app: INestApplication,
  strategy: KafkaStrategy,
): Promise<void> {
  const consumers = app.connectMicroservice<MicroserviceOptions>(
    { strategy },
    // Deferred, because Nest binds handlers to the filters that are there when it initializes.
    { inheritAppConfig: false, deferInitialization: true },
  );
  consumers.useGlobalFilters(new OriginalFault());
  // The modules are the application's, and so are their hooks: not a second time from here.
  if (consumers instanceof NestMicroservice) consumers.setIsInitHookCalled(true);
  await app.startAllMicroservices();
}
