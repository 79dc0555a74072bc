import { called, type Manifest } from './manifests.js';

/** Kinds that belong to the cluster and not to a namespace; of what we use or might come to use. */
const OF_THE_CLUSTER = [
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterTriggerAuthentication',
  'CustomResourceDefinition',
  'MutatingWebhookConfiguration',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
  'ValidatingWebhookConfiguration',
];

const isOfTheCluster = ({ kind }: Manifest): boolean => OF_THE_CLUSTER.includes(kind);

/** Objects of the cluster among those of a namespace, and objects in another namespace than is meant. */
export const strays = (manifests: readonly Manifest[], namespace: string | undefined): string[] => [
  ...manifests.filter(isOfTheCluster).map((one) => `${called(one)} belongs to the cluster`),
  ...manifests
    .filter(({ metadata }) => metadata.namespace !== namespace)
    .map((one) => `${called(one)} is in ${one.metadata.namespace ?? 'whatever namespace is set'}`),
];

/** Objects of one namespace among those of the cluster. */
export const notOfTheCluster = (manifests: readonly Manifest[]): string[] =>
  manifests
    .filter((one) => !isOfTheCluster(one))
    .map((one) => `${called(one)} belongs to a namespace`);
