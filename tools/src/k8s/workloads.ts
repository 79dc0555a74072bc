import { called, ofKind, type Container, type Manifest, type PodTemplate } from './manifests.js';

/** Something that runs pods: what it is called, of which app, in which part. */
export type Workload = Readonly<{
  called: string;
  name: string;
  /** The app's name: `checkout`. */
  app: string;
  /** `api`, `worker`, `sandbox` or `migration`. */
  part: string;
  template: PodTemplate;
  container: Container;
}>;

/** @throws Error if a pod has not exactly one container: ours have, and the relations count on it. */
export const workloadsOf = (manifests: readonly Manifest[]): Workload[] =>
  [...ofKind(manifests, 'Deployment'), ...ofKind(manifests, 'Job')].map((owner) => {
    const { template } = owner.spec;
    const [container, ...others] = template.spec.containers;
    if (container === undefined || others.length > 0) {
      throw new Error(`${called(owner)} has not exactly one container`);
    }
    const labels = template.metadata?.labels ?? {};
    return {
      called: called(owner),
      name: owner.metadata.name,
      app: labels['app.kubernetes.io/name'] ?? '',
      part: labels['app.kubernetes.io/component'] ?? '',
      template,
      container,
    };
  });

/** The environment that the container gets, as Kubernetes puts it together. */
export function environmentOf(
  { container }: Workload,
  manifests: readonly Manifest[],
): Record<string, string> {
  const maps = ofKind(manifests, 'ConfigMap');
  const shared = (container.envFrom ?? []).flatMap(({ configMapRef }) =>
    Object.entries(maps.find(({ metadata }) => metadata.name === configMapRef?.name)?.data ?? {}),
  );
  const own = (container.env ?? []).map(({ name, value = '' }) => [name, value] as const);
  return Object.fromEntries([...shared, ...own]);
}
