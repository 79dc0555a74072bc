import { describe, expect, it } from '@jest/globals';
import { disruptionProblems } from './disruption.js';
import { golden, the, type Manifest } from './manifests.js';
import { RENDERED } from './repository.js';

describe('a node can be drained, one pod of a role at a time', () => {
  it.each(Object.keys(RENDERED))('in %s', (name) => {
    expect(disruptionProblems(golden(name))).toEqual([]);
  });

  const budget = (all: Manifest[]) => the(all, 'PodDisruptionBudget', 'ledger-worker').spec;
  const component = 'app.kubernetes.io/component';
  type Row = { says: string; change: (manifests: Manifest[]) => void };
  it.each<Row>([
    {
      says: 'PodDisruptionBudget ledger-worker: guards 2 Deployments',
      change: (all) => delete budget(all).selector.matchLabels?.[component],
    },
    {
      says: 'PodDisruptionBudget ledger-worker: guards 0 Deployments',
      change: (all) => Object.assign(budget(all).selector.matchLabels ?? {}, { [component]: 'x' }),
    },
    {
      says: 'PodDisruptionBudget ledger-worker: does not let one pod at a time go',
      change: (all) => (budget(all).maxUnavailable = 0),
    },
    {
      says: 'PodDisruptionBudget ledger-worker: keeps a broken pod on its node',
      change: (all) => delete budget(all).unhealthyPodEvictionPolicy,
    },
    {
      says: 'PodDisruptionBudget ledger-worker: lets the only pod go: nobody is left',
      change: (all) => (the(all, 'Deployment', 'ledger-worker').spec.replicas = 1),
    },
    {
      says: 'PodDisruptionBudget checkout-worker: lets the only pod go: nobody is left',
      change: (all) => (the(all, 'ScaledObject', 'checkout-worker').spec.minReplicaCount = 1),
    },
    {
      says: 'Deployment ledger-worker: has no budget of its own',
      change: (all) => all.splice(all.indexOf(the(all, 'PodDisruptionBudget', 'ledger-worker')), 1),
    },
  ])('or else: $says', ({ says, change }) => {
    const manifests = golden('all');
    change(manifests);
    expect(disruptionProblems(manifests)).toContain(says);
  });
});
