import { describe, expect, it } from '@jest/globals';
import { golden, ofKind, parse, the } from './manifests.js';
import { deployedGateways, migrationsOf, OVERLAYS, RENDERED } from './repository.js';
import { notOfTheCluster, strays } from './scopes.js';

const NAMESPACE = 'hutong';
/** Those that say where they go; the others go wherever they are included. */
const placed = [
  ...OVERLAYS,
  ...OVERLAYS.map(migrationsOf),
  'all',
  ...deployedGateways().map(({ provider }) => `${provider}-tuned`),
];
const others = Object.keys(RENDERED).filter((name) => !placed.includes(name));

describe('what belongs to a namespace', () => {
  it.each(placed)('is in that one, in %s', (name) => {
    expect(strays(golden(name), NAMESPACE)).toEqual([]);
  });

  it.each(others.filter((name) => name !== 'platform'))('is left open in %s', (name) => {
    expect(strays(golden(name), undefined)).toEqual([]);
  });

  it('is seen where it strays', () => {
    const manifests = golden('dev');
    the(manifests, 'Service', 'checkout').metadata.namespace = 'default';
    delete the(manifests, 'Service', 'routing').metadata.namespace;
    expect(strays(manifests, NAMESPACE)).toEqual([
      'Service checkout is in default',
      'Service routing is in whatever namespace is set',
    ]);
  });
});

describe('what belongs to the cluster', () => {
  it('is in the platform, which has nothing else', () => {
    expect(notOfTheCluster(golden('platform'))).toEqual([]);
  });

  it('is seen elsewhere', () => {
    const [first] = ofKind(golden('platform'), 'PriorityClass');
    const manifests = first === undefined ? [] : [first];
    expect(strays(manifests, undefined)).toEqual([
      `PriorityClass ${first?.metadata.name} belongs to the cluster`,
    ]);
    expect(notOfTheCluster(golden('bare')).length).toBe(golden('bare').length);
  });

  it('has a namespace that admits restricted pods only, by a pinned version', () => {
    const [namespace] = golden('platform').filter(({ metadata }) => metadata.name === NAMESPACE);
    const levels = Object.entries(namespace?.metadata.labels ?? {}).filter(([key]) =>
      key.startsWith('pod-security.kubernetes.io/'),
    );
    expect(Object.fromEntries(levels)).toEqual(
      Object.fromEntries(
        ['enforce', 'audit', 'warn'].flatMap((mode) => [
          [`pod-security.kubernetes.io/${mode}`, 'restricted'],
          [`pod-security.kubernetes.io/${mode}-version`, 'v1.34'],
        ]),
      ),
    );
  });

  it('orders who goes first when there is no room: books, checkout, gateways', () => {
    const value = Object.fromEntries(
      ofKind(golden('platform'), 'PriorityClass').map((one) => [one.metadata.name, one.value]),
    );
    const [ledger = 0, checkout = 0, gateways = 0] = ['ledger', 'checkout', 'gateways'].map(
      (name) => value[`hutong-${name}`],
    );
    expect(ledger > checkout && checkout > gateways && gateways > 0).toBe(true);
  });

  it('and is not taken for one of a namespace by its place in a file', () => {
    const [object] = parse('apiVersion: v1\nkind: Namespace\nmetadata: { name: other }\n');
    expect(strays(object === undefined ? [] : [object], undefined)).toEqual([
      'Namespace other belongs to the cluster',
    ]);
  });
});
