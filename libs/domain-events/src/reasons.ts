/** Why a provider took no money, or gave none back. Closed: a gateway maps every code to one. */
export const FAILURE_REASONS = [
  'declined',
  'insufficient_funds',
  'payer_account',
  'limit',
  'merchant_account',
  'rejected',
  'misconfigured',
  'not_submitted',
  'provider_down',
] as const;
/**
 * Why no money moved. Two are ours: `not_submitted`, it was too late before anything was sent, and
 * `provider_down`, it was too late and no sending had reached the provider. The others are the provider's.
 */
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Why an attempt or a payment was closed without money. */
export const CLOSE_REASONS = ['expired', 'cancelled', 'other_attempt_won'] as const;
/** Why it takes no money any more. */
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** Where the payer shops, as the platform says. */
export const CHANNELS = ['app', 'web', 'mini_program', 'in_store'] as const;
/** Where the payer shops. */
export type Channel = (typeof CHANNELS)[number];

/** What a platform knows of its payer; silence is `unknown`, which never makes anyone eligible. */
export const ANSWERS = ['yes', 'no', 'unknown'] as const;
export type Answer = (typeof ANSWERS)[number];

/** Why money that a provider took is not the payment's. */
export const SURPLUS_REASONS = ['second_success', 'after_close', 'wrong_amount'] as const;
/** Why the money is not the payment's. */
export type SurplusReason = (typeof SURPLUS_REASONS)[number];
