import { createHash } from 'node:crypto';
import type { PayerKey } from '@hutong/domain-events';
import type { Rollout } from './policy.js';

const SLOTS = 10_000n;

/**
 * Where a payer stands in a rollout, for ever: 0 to 9 999, as even as SHA-256 is. The salt's length
 * stands before it, so that no salt and key together are another salt and key.
 */
export function slotOf(salt: string, payerKey: PayerKey): number {
  const hash = createHash('sha256').update(`${salt.length}:${salt}:${payerKey}`).digest();
  return Number(hash.readBigUInt64BE() % SLOTS); // 2^64 slots folded into 10 000: uneven by 1 in 10^15
}

/** Whether the payer is in the rollout's share. A larger share of one salt holds every smaller one. */
export const isInShare = ({ salt, shareBps }: Rollout, payerKey: PayerKey): boolean =>
  slotOf(salt, payerKey) < shareBps;
