import { CLUSTER, LAG_READER } from './kafka-objects.js';
import { called, ofKind, selects, type Manifest, type PodSpec } from './manifests.js';
import { deployedGateways, deployedServices } from './repository.js';
import { workloadsOf } from './workloads.js';

/** Made by hand or by an operator before anything is applied; docs/deploy.md says what is in them. */
export const givenSecrets = (): readonly string[] => [
  // Strimzi names a user's Secret as the user, and both as the service.
  ...deployedServices().flatMap((service) => [
    service,
    `${service}-database`,
    `${service}-database-owner`,
  ]),
  ...deployedGateways().flatMap(({ provider }) => [
    `${provider}-accounts`,
    `${provider}-sealing-keys`,
  ]),
  LAG_READER,
  `${CLUSTER}-cluster-ca-cert`,
  'checkout-payer-key',
  'checkout-webhooks',
  'checkout-links',
  'gateway-sealing-keys',
  'operator-tokens',
];

/** What one object says about another that is not so: a name that nobody has, a label on no pod. */
export function dangling(
  manifests: readonly Manifest[],
  priorityClasses: readonly Manifest[],
): string[] {
  const names = (kind: 'ConfigMap' | 'ServiceAccount' | 'Deployment' | 'Service') =>
    new Set(ofKind(manifests, kind).map(({ metadata }) => metadata.name));
  const [configMaps, accounts] = [names('ConfigMap'), names('ServiceAccount')];
  const [deployments, services] = [names('Deployment'), names('Service')];
  const priorities = new Set(ofKind(priorityClasses, 'PriorityClass').map((p) => p.metadata.name));
  const workloads = workloadsOf(manifests);
  const given = givenSecrets();

  const ofPods = workloads.flatMap(({ called, container, template }) => {
    const { serviceAccountName = '', priorityClassName } = template.spec;
    const ports = [container.startupProbe, container.livenessProbe, container.readinessProbe]
      .map((probe) => probe?.httpGet?.port)
      .filter((port) => port !== undefined);
    return [
      ...(accounts.has(serviceAccountName) ? [] : [`ServiceAccount ${serviceAccountName}`]),
      ...(priorityClassName === undefined || priorities.has(priorityClassName)
        ? []
        : [`PriorityClass ${priorityClassName}`]),
      ...configMapsOf(template.spec)
        .filter((name) => !configMaps.has(name))
        .map((name) => `ConfigMap ${name}`),
      ...secretsOf(template.spec)
        .filter((name) => !given.includes(name))
        .map((name) => `Secret ${name}`),
      ...ports
        .filter((port) => !container.ports?.some(({ name }) => name === port))
        .map((port) => `port ${port}`),
      ...mountsWithoutVolume(template.spec),
    ].map((missing) => `${called}: no ${missing}`);
  });

  const ofServices = ofKind(manifests, 'Service').flatMap((service) => {
    const behind = workloads.filter(({ template }) =>
      selects({ matchLabels: service.spec.selector }, template.metadata?.labels),
    );
    const lacking = service.spec.ports.filter(
      ({ targetPort }) =>
        !behind.every(({ container }) => container.ports?.some(({ name }) => name === targetPort)),
    );
    return [
      ...(behind.length === 1 ? [] : [`${called(service)}: ${behind.length} workloads behind it`]),
      ...lacking.map(({ targetPort }) => `${called(service)}: no port ${targetPort} behind it`),
    ];
  });

  const ofScalers = [
    ...ofKind(manifests, 'HorizontalPodAutoscaler'),
    ...ofKind(manifests, 'ScaledObject'),
  ]
    .filter(({ spec }) => !deployments.has(spec.scaleTargetRef.name))
    .map((scaler) => `${called(scaler)}: no Deployment ${scaler.spec.scaleTargetRef.name}`);

  const logins = ofKind(manifests, 'TriggerAuthentication');
  const ofTriggers = ofKind(manifests, 'ScaledObject').flatMap((scaler) =>
    scaler.spec.triggers
      .map(({ authenticationRef }) => authenticationRef?.name)
      .filter((name) => !logins.some(({ metadata }) => metadata.name === name))
      .map((name) => `${called(scaler)}: no TriggerAuthentication ${name}`),
  );
  const ofLogins = logins.flatMap((login) => [
    ...login.spec.secretTargetRef
      .filter(({ name }) => !given.includes(name))
      .map(({ name }) => `${called(login)}: no Secret ${name}`),
    ...login.spec.configMapTargetRef
      .filter(({ name }) => !configMaps.has(name))
      .map(({ name }) => `${called(login)}: no ConfigMap ${name}`),
  ]);

  const ofIngresses = ofKind(manifests, 'Ingress').flatMap((ingress) =>
    ingress.spec.rules
      .flatMap(({ http }) => http.paths.map(({ backend }) => backend.service.name))
      .filter((name) => !services.has(name))
      .map((name) => `${called(ingress)}: no Service ${name}`),
  );
  return [...ofPods, ...ofServices, ...ofScalers, ...ofTriggers, ...ofLogins, ...ofIngresses];
}

const configMapsOf = ({ containers, volumes = [] }: PodSpec): string[] =>
  [
    ...containers.flatMap(({ envFrom = [] }) => envFrom.map((one) => one.configMapRef?.name)),
    ...volumes.map(({ configMap }) => configMap?.name),
  ].filter((name) => name !== undefined);

export const secretsOf = ({ volumes = [] }: PodSpec): string[] =>
  volumes
    .flatMap(({ secret, projected }) => [
      secret?.secretName,
      ...(projected?.sources.map((source) => source.secret?.name) ?? []),
    ])
    .filter((name) => name !== undefined);

const mountsWithoutVolume = ({ containers, volumes = [] }: PodSpec): string[] =>
  containers
    .flatMap(({ volumeMounts = [] }) => volumeMounts)
    .filter(({ name }) => !volumes.some((volume) => volume.name === name))
    .map(({ name }) => `volume ${name}`);
