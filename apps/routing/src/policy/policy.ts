import type {
  Answer,
  Channel,
  Method,
  PlatformId,
  Presentation,
  Provider,
} from '@hutong/domain-events';
import type { Money } from '@hutong/money';

/** What decides a platform's offers, from which day on. One file per platform. */
export type Policy = Readonly<{
  platform: PlatformId;
  /** In the order of their effective dates, earliest first; never empty. */
  versions: readonly PolicyVersion[];
}>;

/** One dated state of a policy. A version in force is never edited: a change is a new version. */
export type PolicyVersion = Readonly<{
  /** Its name in decisions, offers and answers: `2024-09`. */
  version: string;
  /** The first moment at which it applies, up to the next version's. */
  effectiveFrom: Date;
  /** How long a payer may take to choose. An offer never outlives its payment. */
  offerValidForMs: number;
  /** In the order in which payers see them; no method twice, never empty. */
  methods: readonly MethodRule[];
}>;

/** A method that this policy knows, and when it is offered. All that is given must hold. */
export type MethodRule = Readonly<{
  method: Method;
  /** What the payer reads on the button. */
  label: string;
  conditions: Conditions;
  /** The part of all payers that it is open to; without one, all of them. */
  rollout?: Rollout;
  /** Offered only while one of these providers cannot be used: what stands in when it is down. */
  standInFor?: readonly Provider[];
  /** Of `link`, and of it alone: how whoever opens the link may pay. */
  opensAs?: readonly Presentation[];
}>;

/** All that are given must hold. A method without conditions is for everybody. */
export type Conditions = Readonly<{
  /** The smallest amount, itself included. */
  minAmount?: Money;
  /** The largest amount, itself included: ¥300.00 is inside a cap of ¥300, ¥300.01 is not. */
  maxAmount?: Money;
  channels?: readonly Channel[];
  /** At least one of these descriptions must fit the payer, each wholly. */
  payerIs?: readonly PayerDescription[];
}>;

/** What a description may ask for: `unknown` cannot be asked for, it makes nobody eligible. */
export type Known = Exclude<Answer, 'unknown'>;

/** What must be known of a payer. */
export type PayerDescription = Readonly<{
  hasBoundCard?: Known;
  hasBalance?: Known;
  /** By the app's name: whether it is on the payer's device. */
  installedApps?: Readonly<Record<string, Known>>;
}>;

/**
 * A sticky share of payers. The salt is the rollout's own and stays while its share grows, so that
 * growing only adds payers; another rollout has another salt, and other payers go first.
 */
export type Rollout = Readonly<{
  salt: string;
  /** In steps of 0.01 %: 2 500 is a quarter of all payers, 10 000 all of them. */
  shareBps: number;
}>;

/** The version that applies at `at`, or none: before the first one nothing may be offered. */
export const versionInForce = (policy: Policy, at: Date): PolicyVersion | undefined =>
  policy.versions.findLast((version) => version.effectiveFrom.getTime() <= at.getTime());
