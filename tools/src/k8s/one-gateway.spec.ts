import { describe, expect, it } from '@jest/globals';
import { called, golden, the, type Manifest } from './manifests.js';

/** By what it is called, without the hash that Kustomize gives a ConfigMap for its content. */
const byName = (manifests: readonly Manifest[]): Map<string, string> =>
  new Map(manifests.map((one) => [called(one).replace(/-[a-z0-9]{10}$/, ''), JSON.stringify(one)]));

/** Which app's objects differ. */
function differing(before: readonly Manifest[], after: readonly Manifest[]): string[] {
  const [old, changed] = [byName(before), byName(after)];
  const names = [...new Set([...old.keys(), ...changed.keys()])];
  return names.filter((name) => old.get(name) !== changed.get(name)).toSorted();
}

describe("a gateway's values", () => {
  it('change that gateway and touch nobody else', () => {
    const [before, after] = [golden('all'), golden('all-wechat-tuned')];

    expect(differing(before, after)).toEqual([
      'ConfigMap wechat-gateway',
      'Deployment wechat-gateway-api',
      'Deployment wechat-gateway-worker',
      'ScaledObject wechat-gateway-worker',
    ]);
    const touched = after.filter((one) =>
      differing(before, after).includes(called(one).replace(/-[a-z0-9]{10}$/, '')),
    );
    expect(touched.map(({ metadata }) => metadata.labels?.['provider'])).toEqual(
      touched.map(() => 'wechat'),
    );
  });

  it('would be seen in another one', () => {
    const after = golden('all-wechat-tuned');
    the(after, 'Deployment', 'checkout-worker').spec.template.spec.priorityClassName = 'first';
    expect(differing(golden('all'), after)).toContain('Deployment checkout-worker');
  });

  it('stand alone: the gateway by itself is what it is beside the others', () => {
    const inCompany = byName(golden('all'));
    const alone = byName(
      golden('wechat-alone').map((one) => ({
        ...one,
        metadata: { ...one.metadata, namespace: 'hutong' },
      })),
    );
    for (const name of alone.keys()) expect([name, inCompany.has(name)]).toEqual([name, true]);
    const strangers = golden('wechat-alone').filter(
      ({ metadata }) =>
        (metadata.labels?.['app.kubernetes.io/name'] ?? 'wechat-gateway') !== 'wechat-gateway',
    );
    expect(strangers.map(called)).toEqual([]);
  });
});
