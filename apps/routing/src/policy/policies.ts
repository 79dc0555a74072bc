import type { PlatformId } from '@hutong/domain-events';
import { versionInForce, type Policy, type PolicyVersion } from './policy.js';

/** Every platform's policy; a platform without one is offered nothing. */
export type Policies = ReadonlyMap<PlatformId, Policy>;

/** The version that decides for a payment of `platform` that was requested at `at`, if there is one. */
export function versionFor(
  policies: Policies,
  platform: PlatformId,
  at: Date,
): PolicyVersion | undefined {
  const policy = policies.get(platform);
  return policy && versionInForce(policy, at);
}
