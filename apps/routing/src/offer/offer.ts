import type {
  Answer,
  Channel,
  Method,
  PayerAttributes,
  PayerKey,
  PlatformId,
  Provider,
} from '@hutong/domain-events';
import { compare, type Currency, type Money } from '@hutong/money';
import { isInShare } from '../policy/cohort.signature.js';
import type { MethodRule, PayerDescription, PolicyVersion } from '../policy/policy.js';
import { isDown, unusable, type Usability } from './usability.js';

/** What offers are decided on: the payment as it was asked for. */
export type Asked = Readonly<{
  platform: PlatformId;
  amount: Money;
  channel: Channel;
  payerKey: PayerKey;
  payer: PayerAttributes;
  expiresAt: Date;
}>;

/** One method with every reason against it; it is offered if there is none. */
export type Verdict = Readonly<{ method: Method; label: string; against: readonly string[] }>;

/** What routing answers: every method that the policy knows, and until when the free ones hold. */
export type Decision = Readonly<{
  /** 1 for a payment's first; a higher number replaces every lower one. */
  offer: number;
  decidedAt: Date;
  /** `none` where no policy was in force. */
  policyVersion: string;
  verdicts: readonly Verdict[];
  /** Only where something is offered. */
  validUntil: Date | undefined;
}>;

/**
 * In which currencies a provider takes money for us, and the most that one order of it can ask, in fen.
 * WeChat's amount is a JSON number, exact up to 2^53 - 1; Alipay's `total_amount` ends at 100 million
 * yuan; UnionPay's `txnAmt` has 12 digits.
 */
const settles: Record<Provider, Readonly<{ currencies: readonly Currency[]; most: bigint }>> = {
  wechat: { currencies: ['CNY'], most: 9_007_199_254_740_991n },
  alipay: { currencies: ['CNY'], most: 10_000_000_000n },
  unionpay: { currencies: ['CNY'], most: 999_999_999_999n },
};

/** When it is decided, and what stands against methods then. */
export type Moment = Readonly<{ now: Date; usability: Usability }>;

/** Reasons in a payer's words, or false. One line per rule: a new rule is a new line. */
type Objection = (rule: MethodRule, asked: Asked, at: Moment) => string | false | readonly string[];

const objections: readonly Objection[] = [
  (_, asked, { now }) => asked.expiresAt.getTime() <= now.getTime() && 'the payment has expired',
  ({ method }, { amount }) =>
    !settles[method.provider].currencies.includes(amount.currency) &&
    `${method.provider} does not take ${amount.currency}`,
  ({ method }, { amount }) =>
    amount.minor > settles[method.provider].most && `more than ${method.provider} can take at once`,
  ({ conditions: { minAmount } }, { amount }) =>
    minAmount !== undefined && below(amount, minAmount) && 'below the smallest amount',
  ({ conditions: { maxAmount } }, { amount }) =>
    maxAmount !== undefined && below(maxAmount, amount) && 'above the limit',
  ({ conditions: { channels } }, { channel }) =>
    channels !== undefined && !channels.includes(channel) && `not for the channel ${channel}`,
  ({ conditions: { payerIs } }, { payer }) =>
    payerIs !== undefined &&
    !payerIs.some((description) => fits(payer, description)) &&
    'not open to this payer',
  ({ rollout }, { payerKey }) =>
    rollout !== undefined &&
    !isInShare(rollout, payerKey) &&
    'not open to this payer yet: outside the share of payers',
  ({ standInFor }, _, { now, usability }) =>
    standInFor !== undefined &&
    !standInFor.some((provider) => isDown(usability, provider, now)) &&
    `only in place of ${standInFor.join(' or ')}`,
  ({ method }, _, { now, usability }) => unusable(usability, method, now),
];

/** Each method of the policy with the reasons against it: offered if there are none, kept either way. */
export const judge = (version: PolicyVersion, asked: Asked, at: Moment): readonly Verdict[] =>
  version.methods.map((rule) => ({
    method: rule.method,
    label: rule.label,
    against: objections.flatMap((object) => object(rule, asked, at) || []),
  }));

/** The whole answer at `now`, under the version in force when the payment was requested, if any was. */
export function decide(
  version: PolicyVersion | undefined,
  asked: Asked,
  { offer, ...at }: Moment & Readonly<{ offer: number }>,
): Decision {
  const { now } = at;
  const numbered = { offer, decidedAt: now };
  if (version === undefined) {
    return { ...numbered, policyVersion: 'none', verdicts: [], validUntil: undefined };
  }
  const verdicts = judge(version, asked, at);
  const until = Math.min(now.getTime() + version.offerValidForMs, asked.expiresAt.getTime());
  return {
    ...numbered,
    policyVersion: version.version,
    verdicts,
    validUntil: verdicts.some(isFree) ? new Date(until) : undefined,
  };
}

export const isFree = (verdict: Verdict): boolean => verdict.against.length === 0;

/** Amounts in different currencies have no order: neither is inside the other's limit. */
const below = (amount: Money, limit: Money): boolean =>
  amount.currency !== limit.currency || compare(amount, limit) < 0;

/** Only what is known counts: a platform's silence fits no description. */
const fits = (payer: PayerAttributes, wanted: PayerDescription): boolean =>
  (wanted.hasBoundCard === undefined || payer.hasBoundCard === wanted.hasBoundCard) &&
  (wanted.hasBalance === undefined || payer.hasBalance === wanted.hasBalance) &&
  Object.entries(wanted.installedApps ?? {}).every(([app, is]) => installed(payer, app) === is);

const installed = ({ installedApps }: PayerAttributes, app: string): Answer => {
  if (installedApps === undefined) return 'unknown';
  return installedApps.includes(app) ? 'yes' : 'no';
};
