import type { Provider } from '@hutong/domain-events';

/** What becomes of a payment, as far as the people around it decide that. */
export const BEHAVIOURS = [
  /** Chooses, looks at it, and pays. */
  'pays',
  /** Chooses, is refused by the app, and tries again. */
  'declined_then_pays',
  /** Chooses one way, then another, and pays by that. */
  'changes_mind',
  /** Chooses two ways and pays by both, at the same moment. */
  'pays_twice',
  /** Pays more than was asked, then what was asked by another way. */
  'pays_too_much',
  /** Pays when the time is over. */
  'pays_late',
  /** Looks at the offer and goes away. */
  'never_chooses',
  /** Chooses and goes away. */
  'walks_away',
  /** Chooses, and the shop closes the payment. */
  'shop_closes',
  /** Pays while the shop closes the payment. */
  'pays_while_closing',
  /** The shop closes it, the provider says that it is closed, and takes money all the same. */
  'paid_after_closing',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** What goes wrong at the sandbox with one order, once its payer has chosen. */
export type OrderFault = Readonly<{
  call: 'notify' | 'close';
  fault: string;
  delayMs: number;
}>;

/** One order of a shop, and all that its people do. Times in milliseconds since the start of the run. */
export type PlannedPayment = Readonly<{
  index: number;
  atMs: number;
  merchant: string;
  user: string;
  /** Fen. */
  minor: number;
  channel: 'web' | 'app';
  behaviour: Behaviour;
  /** Who is to take the money, and who if another way is chosen too. */
  providers: readonly [first: Provider, second: Provider];
  /** Which of a provider's methods, in [0, 1). */
  methodAt: number;
  /** Between what is shown and what is done. */
  thinkMs: number;
  /** So long does the payment live. */
  lifeMs: number;
  /** Parts that the merchant gives back once it is paid, in percent of the amount. */
  refunds: readonly number[];
  faults: readonly OrderFault[];
}>;
