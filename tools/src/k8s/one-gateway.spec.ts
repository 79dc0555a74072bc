import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { called, golden, the, type Manifest } from './manifests.js';
import { deployedGateways, k8s } from './repository.js';

/** By what it is called, without the hash that Kustomize gives a ConfigMap for its content. */
const byName = (manifests: readonly Manifest[]): Map<string, string> =>
  new Map(manifests.map((one) => [called(one).replace(/-[a-z0-9]{10}$/, ''), JSON.stringify(one)]));

/** Which app's objects differ. */
function differing(before: readonly Manifest[], after: readonly Manifest[]): string[] {
  const [old, changed] = [byName(before), byName(after)];
  const names = [...new Set([...old.keys(), ...changed.keys()])];
  return names.filter((name) => old.get(name) !== changed.get(name)).toSorted();
}

describe.each(deployedGateways())('the values of $service', ({ provider, service }) => {
  it('change that gateway and touch nobody else', () => {
    const [before, after] = [golden('all'), golden(`${provider}-tuned`)];

    expect(differing(before, after)).toEqual([
      `ConfigMap ${service}`,
      `Deployment ${service}-api`,
      `Deployment ${service}-worker`,
      `ScaledObject ${service}-worker`,
    ]);
    const touched = after.filter((one) =>
      differing(before, after).includes(called(one).replace(/-[a-z0-9]{10}$/, '')),
    );
    expect(touched.map(({ metadata }) => metadata.labels?.['provider'])).toEqual(
      touched.map(() => provider),
    );
  });

  it('would be seen in another one', () => {
    const after = golden(`${provider}-tuned`);
    the(after, 'Deployment', 'checkout-worker').spec.template.spec.priorityClassName = 'first';
    expect(differing(golden('all'), after)).toContain('Deployment checkout-worker');
  });

  it('stand alone: the gateway by itself is what it is beside the others', () => {
    const inCompany = byName(golden('all'));
    const alone = byName(
      golden(`${provider}-alone`).map((one) => ({
        ...one,
        metadata: { ...one.metadata, namespace: 'hutong' },
      })),
    );
    for (const name of alone.keys()) expect([name, inCompany.has(name)]).toEqual([name, true]);
    const strangers = golden(`${provider}-alone`).filter(
      ({ metadata }) => (metadata.labels?.['app.kubernetes.io/name'] ?? service) !== service,
    );
    expect(strangers.map(called)).toEqual([]);
  });

  it('are all in its own folder', () => {
    const parts = readdirSync(join(k8s, 'base/wechat-gateway'), { recursive: true });
    expect(readdirSync(join(k8s, 'base', service), { recursive: true }).toSorted()).toEqual(
      parts.toSorted(),
    );
  });
});
