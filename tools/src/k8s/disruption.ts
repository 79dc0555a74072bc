import { called, ofKind, selects, type Manifest } from './manifests.js';
import { scaleOf } from './scaling.js';

/** What makes a node impossible to drain, or a drain take a service down. */
export function disruptionProblems(manifests: readonly Manifest[]): string[] {
  const deployments = ofKind(manifests, 'Deployment').filter(
    ({ spec }) => spec.template.metadata?.labels?.['app.kubernetes.io/component'] !== 'sandbox',
  );
  const budgets = ofKind(manifests, 'PodDisruptionBudget');
  const guardedBy = (labels: Record<string, string> | undefined) =>
    budgets.filter(({ spec }) => selects(spec.selector, labels));
  return [
    ...budgets.flatMap((budget) => {
      const guarded = deployments.filter(({ spec }) =>
        selects(budget.spec.selector, spec.template.metadata?.labels),
      );
      const { maxUnavailable, unhealthyPodEvictionPolicy } = budget.spec;
      return [
        guarded.length !== 1 && `guards ${guarded.length} Deployments`,
        maxUnavailable !== 1 && 'does not let one pod at a time go',
        unhealthyPodEvictionPolicy !== 'AlwaysAllow' && 'keeps a broken pod on its node',
        guarded.some((one) => scaleOf(one, manifests).min < 2) &&
          'lets the only pod go: nobody is left',
      ]
        .filter((complaint) => complaint !== false)
        .map((complaint) => `${called(budget)}: ${complaint}`);
    }),
    ...deployments
      .filter(({ spec }) => guardedBy(spec.template.metadata?.labels).length !== 1)
      .map((one) => `${called(one)}: has no budget of its own`),
  ];
}
