import { describe, expect, it } from '@jest/globals';
import { golden, the, type Manifest } from './manifests.js';
import { dangling } from './references.js';
import { RENDERED } from './repository.js';

describe('what objects say about each other', () => {
  it.each(Object.keys(RENDERED))('is so in %s', (name) => {
    expect(dangling(golden(name), golden('platform'))).toEqual([]);
  });

  const pod = (manifests: Manifest[]) =>
    the(manifests, 'Deployment', 'checkout-api').spec.template.spec;
  type Row = { says: string; change: (manifests: Manifest[]) => void };
  it.each<Row>([
    {
      says: 'Deployment checkout-api: no ServiceAccount nobody',
      change: (all) => (pod(all).serviceAccountName = 'nobody'),
    },
    {
      says: 'Deployment checkout-api: no PriorityClass first',
      change: (all) => (pod(all).priorityClassName = 'first'),
    },
    {
      says: 'Deployment checkout-api: no Secret left-behind',
      change: (all) => pod(all).volumes?.push({ name: 'x', secret: { secretName: 'left-behind' } }),
    },
    {
      says: 'Deployment checkout-api: no ConfigMap left-behind',
      change: (all) => pod(all).volumes?.push({ name: 'x', configMap: { name: 'left-behind' } }),
    },
    {
      says: 'Deployment checkout-api: no port management',
      change: (all) => pod(all).containers[0]?.ports?.splice(0, 1),
    },
    {
      says: 'Service checkout: no port management behind it',
      change: (all) => pod(all).containers[0]?.ports?.splice(0, 1),
    },
    {
      says: 'Service checkout: 2 workloads behind it',
      change: (all) =>
        delete the(all, 'Service', 'checkout').spec.selector['app.kubernetes.io/component'],
    },
    {
      says: 'HorizontalPodAutoscaler checkout-api: no Deployment checkout',
      change: (all) => {
        the(all, 'HorizontalPodAutoscaler', 'checkout-api').spec.scaleTargetRef.name = 'checkout';
      },
    },
    {
      says: 'ScaledObject checkout-worker: no TriggerAuthentication nobody',
      change: (all) => {
        const [trigger] = the(all, 'ScaledObject', 'checkout-worker').spec.triggers;
        Object.assign(trigger ?? {}, { authenticationRef: { name: 'nobody' } });
      },
    },
    {
      says: 'TriggerAuthentication kafka-lag-reader: no Secret nobody',
      change: (all) => {
        const { spec } = the(all, 'TriggerAuthentication', 'kafka-lag-reader');
        Object.assign(spec.secretTargetRef[0] ?? {}, { name: 'nobody' });
      },
    },
    {
      says: 'TriggerAuthentication kafka-lag-reader: no ConfigMap nobody',
      change: (all) => {
        const { spec } = the(all, 'TriggerAuthentication', 'kafka-lag-reader');
        Object.assign(spec.configMapTargetRef[0] ?? {}, { name: 'nobody' });
      },
    },
    {
      says: 'Ingress checkout: no Service gone',
      change: (all) => {
        const [rule] = the(all, 'Ingress', 'checkout').spec.rules;
        rule?.http.paths.forEach(({ backend }) => (backend.service.name = 'gone'));
      },
    },
  ])('or else: $says', ({ says, change }) => {
    const manifests = golden('all');
    change(manifests);
    expect(dangling(manifests, golden('platform'))).toContain(says);
  });
});
