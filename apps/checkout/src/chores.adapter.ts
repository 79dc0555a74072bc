import { ExpiredPayments } from './close-payment/expired-payments.repository.js';
import type { Chore } from './periodic.adapter.js';
import type { CheckoutDatabase } from './store/database.repository.js';
import { forgetOldRequests } from './store/idempotency.repository.js';
import { OpenWork } from './store/open-work.repository.js';
import type { Steps } from './store/steps.repository.js';
import { DueSurplus } from './surplus/due-surplus.repository.js';
import type { Webhooks } from './webhooks/webhooks.adapter.js';
import type { Surroundings } from './start-checkout.adapter.js';

const SECOND_MS = 1_000;
const LOOK_EVERY_MS = 15 * SECOND_MS;
const FORGET_EVERY_MS = 3_600 * SECOND_MS;

export type ChoresParts = Readonly<{
  db: CheckoutDatabase;
  steps: Steps;
  around: Surroundings;
  webhooks: Pick<Webhooks, 'forget'>;
}>;

/** What a worker sees to without being asked. Every worker does: they do not get into each other's way. */
export function choresOf({ db, steps, around, webhooks }: ChoresParts): Chore[] {
  const { clock, logger, metrics } = around;
  const sweepEveryMs = around.sweepEveryMs ?? SECOND_MS;
  const expired = new ExpiredPayments({ db, clock, logger, steps });
  const surplus = new DueSurplus({ db, clock, logger, steps });
  const open = new OpenWork(db, clock, metrics);
  return [
    { name: 'close', everyMs: sweepEveryMs, untilDone: true, run: () => expired.close() },
    { name: 'surplus', everyMs: sweepEveryMs, untilDone: true, run: () => surplus.giveBack() },
    { name: 'open work', everyMs: LOOK_EVERY_MS, run: () => open.look() },
    { name: 'forget', everyMs: FORGET_EVERY_MS, run: () => forgetOldRequests(db, clock) },
    { name: 'forget webhooks', everyMs: FORGET_EVERY_MS, run: () => webhooks.forget() },
  ];
}
