import type { PaymentOutcome, PlatformId } from '@hutong/domain-events';
import { ANY, instrumentCode, presentationCode, providerCode } from './codes.js';
import { leafOf } from './leaf.js';

/** What an outcome is counted under, its words as numbers. */
export type Scope = Readonly<{
  platform: PlatformId;
  provider: number;
  instrument: number;
  presentation: number;
}>;

/** The leaf of an outcome; a payment that closed names its platform alone, whatever was tried. */
export function scopeOf(outcome: PaymentOutcome): Scope {
  const { platform } = outcome.payment;
  if (outcome.type === 'payment.closed') {
    return { platform, provider: ANY, instrument: ANY, presentation: ANY };
  }
  const leaf = leafOf(platform, outcome.attempt);
  return {
    platform,
    provider: providerCode[leaf.provider],
    instrument: instrumentCode[leaf.instrument],
    presentation: presentationCode[leaf.presentation],
  };
}
