import { describe, expect, it } from '@jest/globals';
import { SERVER_LIMITS, STEP_TIMEOUT_MS } from '@hutong/http';
import { STOP_WITHIN_MS } from '@hutong/messaging';
import { golden, the, type Manifest } from './manifests.js';
import { RENDERED } from './repository.js';
import { cutOff, IDLE_ANNOTATION } from './termination.js';

const limits = { stepTimeoutMs: STEP_TIMEOUT_MS, keepAliveMs: SERVER_LIMITS.keepAliveTimeout };

describe('nothing is cut off while a pod ends', () => {
  it('in the middle of an event: consumers and relay end within a step of their service', () => {
    expect(STOP_WITHIN_MS).toBeLessThan(STEP_TIMEOUT_MS);
  });

  it.each(Object.keys(RENDERED))('in %s', (name) => {
    expect(cutOff(golden(name), limits)).toEqual([]);
  });

  const pod = (all: Manifest[], name: string) => the(all, 'Deployment', name).spec.template.spec;
  type Row = { says: string; change: (manifests: Manifest[]) => void };
  it.each<Row>([
    {
      says: 'Deployment checkout-worker: is killed after 30 s, and may need 40 s',
      change: (all) => (pod(all, 'checkout-worker').terminationGracePeriodSeconds = 30),
    },
    {
      says: 'Deployment checkout-api: stops while requests still come',
      change: (all) => delete pod(all, 'checkout-api').containers[0]?.lifecycle,
    },
    {
      says: 'Deployment wechat-gateway-worker: leaves while a provider may still answer',
      change: (all) => {
        const [app] = pod(all, 'wechat-gateway-worker').containers;
        app?.env?.push({ name: 'WECHAT_TIMEOUT_MS', value: '30000' });
      },
    },
    {
      says: 'Ingress checkout: uses connections that we are closing',
      change: (all) => {
        the(all, 'Ingress', 'checkout').metadata.annotations = { [IDLE_ANNOTATION]: '65' };
      },
    },
    {
      says: 'Ingress wechat-gateway: uses connections that we are closing',
      change: (all) => delete the(all, 'Ingress', 'wechat-gateway').metadata.annotations,
    },
  ])('or else: $says', ({ says, change }) => {
    const manifests = golden('all');
    change(manifests);
    expect(cutOff(manifests, limits)).toContain(says);
  });

  it('follows the code: steps that may take longer need more grace', () => {
    expect(cutOff(golden('all'), { ...limits, stepTimeoutMs: 30_000 })).toContain(
      'Deployment ledger-worker: is killed after 90 s, and may need 100 s',
    );
  });
});
