import { untilMigrated } from '@hutong/database';
import { AccessTokens, RateLimit, ServiceFront, type RunningInstance } from '@hutong/http';
import {
  messagingOf,
  type Messaging,
  type Surroundings as ServiceSurroundings,
} from '@hutong/messaging';
import type { Metrics } from '@hutong/telemetry';
import type { Provider } from '@nestjs/common';
import { ApiKeys } from './access/api-keys.repository.js';
import type { CheckoutConfig } from './checkout.config.js';
import { CheckoutModule } from './checkout.module.js';
import { choresOf } from './chores.adapter.js';
import { openApiOf } from './openapi.adapter.js';
import { PayerKeys } from './payer/payer-keys.adapter.js';
import { keepPepper } from './payer/pepper.repository.js';
import { Periodic } from './periodic.adapter.js';
import { RepeatableRequests } from './platform-api/repeatable.adapter.js';
import { BusinessTime } from './request-payment/business-time.adapter.js';
import {
  changeOf,
  PAYMENT_CHANGED,
  PaymentWaiters,
  type WaitLimits,
} from './see-payment/payment-waiters.adapter.js';
import { SeenPayments } from './see-payment/seen-payments.adapter.js';
import { isPressForm, PRESS_FORM } from './share-link/press-form.adapter.js';
import { sharingOf } from './share-link/sharing.adapter.js';
import { migrations, openDatabase, type CheckoutDatabase } from './store/database.repository.js';
import { countingChanges } from './store/payment-metrics.adapter.js';
import { Payments } from './store/payment.repository.js';
import { fingerprintKeyFrom } from './store/request-fingerprint.signature.js';
import { Steps, type OnChange } from './store/steps.repository.js';
import { StuckSurplus } from './surplus/stuck-surplus.repository.js';
import { EventStreams, type StreamLimits } from './watch-payment/event-streams.adapter.js';
import { webhooksOf, type Webhooks } from './webhooks/webhooks.adapter.js';

/** What the process gives this service beside its configuration. */
export type Surroundings = ServiceSurroundings &
  Readonly<{
    /** Of requests that wait; specs have smaller ones, and let none look unwoken. */
    waitLimits?: Partial<WaitLimits>;
    /** How often a worker looks for what is due; specs that look by themselves make it long. */
    sweepEveryMs?: number;
    /** Of event streams; specs have smaller ones. */
    streamLimits?: StreamLimits;
  }>;

/** Starts one instance in its role. It is not ready before the migrations are applied, and waits for them. */
export async function startCheckout(
  config: CheckoutConfig,
  around: Surroundings,
): Promise<RunningInstance> {
  const { clock, logger, metrics } = around;
  await using opened = new AsyncDisposableStack(); // closed again if the start fails half-way
  const db = opened.use(openDatabase(config.database, logger));
  const messaging = messagingOf({ ...around, service: 'checkout', config, pool: db.pool });
  opened.defer(messaging.closeWakeups[1]);
  const { health, wakeups } = messaging;
  const front = opened.use(await ServiceFront.open({ ...around, config, health, database: db }));
  await untilMigrated(config.database, migrations, { logger });
  await keepPepper(db, config.pepper);
  const waiters = await PaymentWaiters.listen(wakeups, metrics, around.waitLimits);
  opened.defer(() => waiters.stop());
  const webhooks = webhooksOf({ config: config.webhooks, db, clock, logger, metrics, wakeups });
  opened.defer(() => webhooks.stop());
  const streams = new EventStreams(logger, metrics, around.streamLimits);
  opened.defer(() => streams.stop());
  const steps = stepsOf(messaging, webhooks, metrics);
  const providers = await providersOf({ config, around, db, steps, waiters, webhooks, streams });
  const app = await front.serve(CheckoutModule.with(providers), {
    alsoTakes: isPressForm,
    openApi: (built) => openApiOf(built, config.publicUrl),
    prepare: (built) => {
      built.set('trust proxy', [...config.sharing.trustedProxies]);
      built.useBodyParser('urlencoded', PRESS_FORM);
    },
  });
  const chores = choresOf({ db, steps, around, webhooks }).map(
    (chore) => new Periodic(chore, logger),
  );
  for (const chore of chores) opened.defer(() => chore.stop());
  if (config.role !== 'api') {
    chores.forEach((chore) => chore.start());
    await webhooks.start();
  }
  for (const [, stop] of messaging.stops.toReversed()) opened.defer(stop);
  await messaging.start(app);
  opened.move();
  return front.running([
    ...chores.map((chore) => ['chore', () => chore.stop()] as const),
    ['webhooks', () => webhooks.stop()],
    ...messaging.stops,
    ['streams', () => streams.stop()],
    ['waiters', () => waiters.stop()],
    ...front.stops,
    messaging.closeWakeups,
    ['database', () => db.close()],
  ]);
}

type Parts = Readonly<{
  config: CheckoutConfig;
  around: Surroundings;
  db: CheckoutDatabase;
  steps: Steps;
  waiters: PaymentWaiters;
  webhooks: Webhooks;
  streams: EventStreams;
}>;

/** Steps that are counted, queue what platforms are told, and wake whoever waits for the payment. */
function stepsOf({ outbox, wakeups }: Messaging, { queue }: Webhooks, metrics: Metrics): Steps {
  const count = countingChanges(metrics);
  const onChange: OnChange = (before, after, version) => {
    count(before, after, version);
    // Nobody can wait for what is new: its maker looks before it waits.
    if (before !== undefined) wakeups.announce(PAYMENT_CHANGED, changeOf(after.id, version));
  };
  return new Steps(outbox, onChange, queue);
}

/** Everything that controllers and consumers take. */
async function providersOf(parts: Parts): Promise<Provider[]> {
  const { config, around, db, steps, waiters, webhooks, streams } = parts;
  const { clock, logger } = around;
  const payments = new Payments({ db, clock, steps });
  const { tokensFile, publicUrl } = config;
  const repeatables = new RepeatableRequests(fingerprintKeyFrom(config.pepper));
  return [
    { provide: Payments, useValue: payments },
    { provide: SeenPayments, useValue: new SeenPayments(payments, waiters) },
    { provide: PayerKeys, useValue: new PayerKeys(config.pepper) },
    { provide: RepeatableRequests, useValue: repeatables },
    { provide: BusinessTime, useValue: new BusinessTime(config.story) },
    { provide: ApiKeys, useValue: new ApiKeys(db, clock) },
    { provide: AccessTokens, useValue: await AccessTokens.open(tokensFile, logger) },
    { provide: StuckSurplus, useValue: new StuckSurplus({ db, clock, logger, steps }) },
    { provide: RateLimit, useValue: new RateLimit(config.requestsPerSecond) },
    { provide: EventStreams, useValue: streams },
    ...webhooks.providers,
    ...(await sharingOf({ db, clock, steps, publicUrl, config: config.sharing })),
  ];
}
