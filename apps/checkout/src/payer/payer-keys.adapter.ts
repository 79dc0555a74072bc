import type { Secret } from '@hutong/config';
import type { PayerKey, PlatformId } from '@hutong/domain-events';
import { payerKeyOf } from './payer-key.signature.js';

/** Turns user ids into keys on the way in: behind it nobody knows a user id. */
export class PayerKeys {
  constructor(private readonly pepper: Secret) {}

  of(platform: PlatformId, userId: string): PayerKey {
    return payerKeyOf(this.pepper, platform, userId);
  }
}
