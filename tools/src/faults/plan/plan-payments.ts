import { PROVIDERS, type Provider } from '@hutong/domain-events';
import { Dice } from '@hutong/world';
import { HELD_MS } from './chances.js';
import type { Behaviour, OrderFault, PlannedPayment } from './planned-payment.js';

/** How often people do what; WeChat, Alipay and UnionPay are as likely as one another. */
const HABITS: readonly Readonly<{ behaviour: Behaviour; weight: number }>[] = [
  { behaviour: 'pays', weight: 56 },
  { behaviour: 'declined_then_pays', weight: 4 },
  { behaviour: 'changes_mind', weight: 6 },
  { behaviour: 'pays_twice', weight: 7 },
  { behaviour: 'pays_too_much', weight: 4 },
  { behaviour: 'pays_late', weight: 3 },
  { behaviour: 'never_chooses', weight: 3 },
  { behaviour: 'walks_away', weight: 4 },
  { behaviour: 'shop_closes', weight: 4 },
  { behaviour: 'pays_while_closing', weight: 6 },
  { behaviour: 'paid_after_closing', weight: 3 },
];

/** Of orders that end without their payers: so that a run ends, too. */
const SHORT_LIFE = { fromMs: 30_000, spreadMs: 15_000 };
const LONG_LIFE = { fromMs: 100_000, spreadMs: 30_000 };
const LONGEST_THOUGHT_MS = 3_000;
const MERCHANTS = 12;
const USERS = 300;
const REFUNDED = 0.3;
const FAULTY = 0.3;
/** UnionPay closes nothing, so nothing is late there by a fault of closing. */
const CLOSABLE: readonly Provider[] = ['wechat', 'alipay'];

/** Payment number `index` of a seed: the same whatever other payments are planned beside it. */
export function planPayment(seed: number, index: number, spanMs: number): PlannedPayment {
  const dice = new Dice(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const { behaviour } = dice.oneOf(HABITS);
  const first = needsClosable(behaviour) ? pick(dice, CLOSABLE) : pick(dice, PROVIDERS);
  const second = pick(
    dice,
    PROVIDERS.filter((provider) => provider !== first),
  );
  const life = isShort(behaviour) ? SHORT_LIFE : LONG_LIFE;
  return {
    index,
    atMs: Math.floor(dice.throw() * spanMs),
    merchant: `shop-${dice.below(MERCHANTS)}`,
    user: `user-${dice.below(USERS)}`,
    minor: Math.floor(10 ** (2 + 4 * dice.throw())),
    channel: dice.throw() < 0.3 ? 'app' : 'web',
    behaviour,
    providers: [first, second],
    methodAt: dice.throw(),
    thinkMs: dice.below(LONGEST_THOUGHT_MS),
    lifeMs: life.fromMs + dice.below(life.spreadMs),
    refunds: dice.throw() < REFUNDED ? refundsOf(dice) : [],
    faults: faultsOf(behaviour, dice),
  };
}

const needsClosable = (behaviour: Behaviour): boolean =>
  behaviour === 'paid_after_closing' || behaviour === 'pays_late';

const isShort = (behaviour: Behaviour): boolean =>
  behaviour === 'never_chooses' || behaviour === 'walks_away' || behaviour === 'pays_late';

/** All of it, a part, or parts one after another that leave nothing or something. */
function refundsOf(dice: Dice): readonly number[] {
  return dice.oneOf([
    { parts: [100], weight: 3 },
    { parts: [30], weight: 3 },
    { parts: [20, 20, 20], weight: 2 },
    { parts: [50, 50], weight: 2 },
    { parts: [10, 10, 10, 10], weight: 1 },
  ]).parts;
}

/**
 * What may go wrong where a provider tells of a payment: reordered, doubled, lost, not believed. What it
 * answers when it is asked is the truth here: nobody is behind it who knows better.
 */
const TELLING = [
  'delay',
  'reorder',
  'drop_request',
  'drop_answer',
  'duplicate_notification',
  'parallel_notification',
  'bad_signature',
  'wrong_amount',
] as const;

function faultsOf(behaviour: Behaviour, dice: Dice): readonly OrderFault[] {
  const closing: readonly OrderFault[] =
    behaviour === 'paid_after_closing'
      ? [{ call: 'close', fault: 'success_after_close', delayMs: 1_000 + dice.below(2_000) }]
      : [];
  if (dice.throw() >= FAULTY) return closing;
  const told = pick(dice, behaviour === 'pays' ? [...TELLING, 'no_notification'] : TELLING);
  const delayMs = told === 'reorder' ? HELD_MS : 200 + dice.below(4_000);
  const fault: OrderFault = { call: 'notify', fault: told, delayMs };
  return [...closing, fault];
}

/** One of them, each as likely. @throws Error if there is none. */
function pick<T>(dice: Dice, all: readonly T[]): T {
  return dice.oneOf(all.map((one) => ({ one, weight: 1 }))).one;
}
