import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { goldenFile } from './repository.js';

/** The parts of Kubernetes' objects that the relations look at; what else there is stays as it is. */
type Named = {
  apiVersion: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
};

export type Labels = Record<string, string>;
export type Expression = { key: string; operator: string; values?: string[] };
export type Selector = { matchLabels?: Labels; matchExpressions?: Expression[] };
export type Capabilities = { add?: string[]; drop?: string[] };
export type SeccompProfile = { type?: string; localhostProfile?: string };
export type SecurityContext = {
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  readOnlyRootFilesystem?: boolean;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  runAsGroup?: number;
  fsGroup?: number;
  capabilities?: Capabilities;
  seccompProfile?: SeccompProfile;
  appArmorProfile?: { type?: string };
  seLinuxOptions?: { type?: string; user?: string; role?: string };
  procMount?: string;
  windowsOptions?: { hostProcess?: boolean };
  sysctls?: { name: string }[];
};
export type HttpGet = { path: string; port: string | number; host?: string };
export type Probe = { httpGet?: HttpGet; failureThreshold?: number; periodSeconds?: number };
export type Variable = { name: string; value?: string; valueFrom?: unknown };
export type Container = {
  name: string;
  image: string;
  args?: string[];
  env?: Variable[];
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  ports?: { name: string; containerPort: number; hostPort?: number }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  lifecycle?: { preStop?: { sleep?: { seconds: number } } };
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: SecurityContext;
  volumeMounts?: { name: string; mountPath: string }[];
};
type Items = { key: string; path: string }[];
export type Volume = {
  name: string;
  emptyDir?: { sizeLimit?: string };
  configMap?: { name: string; items?: Items };
  secret?: { secretName: string; items?: Items };
  projected?: { sources: { secret?: { name: string; items?: Items } }[] };
};
export type PodSpec = {
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  automountServiceAccountToken?: boolean;
  enableServiceLinks?: boolean;
  serviceAccountName?: string;
  priorityClassName?: string;
  terminationGracePeriodSeconds?: number;
  securityContext?: SecurityContext;
  containers: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  volumes?: Volume[];
};
export type PodTemplate = { metadata?: { labels?: Labels }; spec: PodSpec };
export type IpBlock = { cidr: string; except?: string[] };
export type Peer = {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: IpBlock;
};
/** Without a port: all ports of the protocol. */
export type PolicyPort = { port?: string | number; protocol?: string };
export type PolicyRule = { from?: Peer[]; to?: Peer[]; ports?: PolicyPort[] };

/** Each kind that a relation is about. */
export type Kinds = {
  Deployment: Named & {
    kind: 'Deployment';
    spec: { replicas?: number; selector: Selector; template: PodTemplate };
  };
  Job: Named & { kind: 'Job'; spec: { template: PodTemplate } };
  Service: Named & {
    kind: 'Service';
    spec: {
      selector: Labels;
      ports: { name: string; port: number; targetPort: string | number }[];
    };
  };
  ConfigMap: Named & { kind: 'ConfigMap'; data: Record<string, string> };
  ServiceAccount: Named & { kind: 'ServiceAccount'; automountServiceAccountToken?: boolean };
  PriorityClass: Named & { kind: 'PriorityClass'; value: number };
  PodDisruptionBudget: Named & {
    kind: 'PodDisruptionBudget';
    spec: {
      selector: Selector;
      maxUnavailable?: number;
      minAvailable?: number;
      unhealthyPodEvictionPolicy?: string;
    };
  };
  NetworkPolicy: Named & {
    kind: 'NetworkPolicy';
    spec: {
      podSelector: Selector;
      policyTypes: string[];
      ingress?: PolicyRule[];
      egress?: PolicyRule[];
    };
  };
  Ingress: Named & {
    kind: 'Ingress';
    spec: {
      rules: {
        http: {
          paths: {
            path: string;
            backend: { service: { name: string; port: { name: string } } };
          }[];
        };
      }[];
    };
  };
  HorizontalPodAutoscaler: Named & {
    kind: 'HorizontalPodAutoscaler';
    spec: { scaleTargetRef: { name: string }; minReplicas: number; maxReplicas: number };
  };
  ScaledObject: Named & {
    kind: 'ScaledObject';
    spec: {
      scaleTargetRef: { name: string };
      minReplicaCount: number;
      maxReplicaCount: number;
      triggers: {
        type: string;
        metadata: Record<string, string>;
        authenticationRef?: { name: string };
      }[];
    };
  };
  TriggerAuthentication: Named & {
    kind: 'TriggerAuthentication';
    spec: Readonly<Record<'configMapTargetRef' | 'secretTargetRef', readonly TargetRef[]>>;
  };
  KafkaTopic: Named & {
    kind: 'KafkaTopic';
    spec: {
      topicName: string;
      partitions: number;
      replicas: number;
      config: Record<string, string | number | boolean>;
    };
  };
  KafkaUser: Named & {
    kind: 'KafkaUser';
    spec: {
      authorization: {
        acls: {
          resource: { type: string; name: string; patternType: string };
          operations: string[];
        }[];
      };
    };
  };
};
/** Which key of which object a parameter of the scaler's login is. */
export type TargetRef = { parameter: string; name: string; key: string };

export type Manifest = Kinds[keyof Kinds];

/** Reading one takes a tenth of a second, and relations read each many times. */
const read = new Map<string, readonly Manifest[]>();

/** What a golden file holds, a copy each time, so that a spec may break it. */
export function golden(name: string): Manifest[] {
  const manifests = read.get(name) ?? parse(readFileSync(goldenFile(name), 'utf8'));
  read.set(name, manifests);
  return structuredClone([...manifests]);
}

export const parse = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);

export const ofKind = <K extends keyof Kinds>(
  manifests: readonly Manifest[],
  kind: K,
): Kinds[K][] => manifests.filter((one): one is Kinds[K] => one.kind === kind);

/** The object of that kind and name. @throws Error if there is none: for specs that break one. */
export function the<K extends keyof Kinds>(
  manifests: readonly Manifest[],
  kind: K,
  name: string,
): Kinds[K] {
  const found = ofKind(manifests, kind).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

export const called = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

/**
 * Whether a selector picks an object with these labels. An empty one picks all.
 * @throws Error on an operator that no manifest of ours has, rather than to take it for nothing.
 */
export const selects = (
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Labels = {},
): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values = [] }) => {
    if (operator !== 'In') throw new Error(`selectors by ${operator} are not foreseen`);
    return values.includes(labels[key] ?? '');
  });
