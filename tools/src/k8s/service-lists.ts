import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { deployedGateways, deployedServices, k8s } from './repository.js';

const KUSTOMIZATION = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };
const COMPONENT = { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' };

type Listing = Readonly<{ about: string; content: object }>;

/**
 * The lists of services, by path below `k8s`: a service is one folder of `base`, with all that there is
 * about it, and every list follows from which folders there are.
 */
export function serviceLists(): Readonly<Record<string, Listing>> {
  const services = deployedServices();
  const scaled = (by: string): string[] =>
    services.flatMap((service) => firstOf(service, [by, 'autoscaling-api']));
  return {
    'base/kustomization.yaml': {
      about: 'Every service. One alone is a base of its own: k8s/base/wechat-gateway.',
      content: { ...KUSTOMIZATION, resources: services },
    },
    'base/migrations/kustomization.yaml': {
      about: "Every service's migration.",
      content: {
        ...KUSTOMIZATION,
        resources: services.map((service) => `../${service}/migration`),
      },
    },
    'components/network-policies/kustomization.yaml': {
      about:
        "Nothing reaches anything but what is said here: names, each service's own stores, and each\n" +
        "provider from its own gateway. The peers' namespaces and labels are in docs/deploy.md.",
      content: {
        ...COMPONENT,
        components: ['default', ...services.flatMap((one) => firstOf(one, ['network-policies']))],
      },
    },
    'components/ingress/kustomization.yaml': {
      about:
        "What the world may call: the platforms' API, and each provider its gateway's notification path.",
      content: {
        ...COMPONENT,
        components: services.flatMap((one) => firstOf(one, ['ingress'])),
      },
    },
    'components/autoscaling-api/kustomization.yaml': {
      about:
        'Autoscaling of what answers HTTP, by CPU. The other two autoscaling components bring it along.',
      content: { ...COMPONENT, components: [...scaled('autoscaling-api'), 'shape'] },
    },
    'components/autoscaling-hpa/kustomization.yaml': {
      about:
        'Autoscaling where there is no KEDA: everything by CPU, workers too. Not both on one cluster.',
      content: { ...COMPONENT, components: [...scaled('autoscaling-hpa'), 'shape'] },
    },
    'components/autoscaling-keda/kustomization.yaml': {
      about:
        'Autoscaling of each worker by the lag of its own topics, of what answers HTTP by CPU. Needs\n' +
        "KEDA. The ledger's projector is not scaled: one leads, one stands by.",
      content: { ...COMPONENT, components: [...scaled('autoscaling-keda'), 'shape'] },
    },
    'components/dev-dependencies/kustomization.yaml': {
      about:
        "The sandbox in the providers' place: development only. Gateways come to it by configuration.",
      content: {
        ...COMPONENT,
        resources: ['provider-sandbox.yaml', 'network-policy.yaml'],
        components: deployedGateways().flatMap(({ service }) => firstOf(service, ['sandbox'])),
      },
    },
  };
}

/** The first of these folders that the service has, from a component's; none if it has none of them. */
const firstOf = (service: string, folders: readonly string[]): string[] =>
  folders
    .map((folder) => `base/${service}/${folder}`)
    .filter((path) => existsSync(join(k8s, path)))
    .slice(0, 1)
    .map((path) => `../../${path}`);
