import { planBlows, type Blow } from './blows.js';
import { planChances, type Chance } from './chances.js';
import { planPayment } from './plan-payments.js';
import type { PlannedPayment } from './planned-payment.js';

/** What is asked for: the same asked for is the same plan, on every machine. */
export type Asked = Readonly<{
  seed: number;
  payments: number;
  /** How long payments begin and blows fall; what they began is then waited for. */
  minutes: number;
  /** Processes of each service. */
  instances: number;
}>;

/** All that a run does. What comes of it is the ring's, and no two runs are alike in that. */
export type Plan = Readonly<{
  seed: number;
  /** Within which payments begin and blows fall. */
  spanMs: number;
  /** In the order in which they begin. */
  payments: readonly PlannedPayment[];
  /** In the order in which they fall. */
  blows: readonly Blow[];
  chances: readonly Chance[];
}>;

export function planOf({ seed, payments, minutes, instances }: Asked): Plan {
  const spanMs = minutes * 60_000;
  const planned = Array.from({ length: payments }, (_, index) => planPayment(seed, index, spanMs));
  return {
    seed,
    spanMs,
    payments: planned.toSorted((a, b) => a.atMs - b.atMs),
    blows: planBlows(seed, spanMs, instances),
    chances: planChances(seed),
  };
}
