import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayService, PROVIDERS, SERVICES, type Service } from '@hutong/domain-events';

export const root = join(import.meta.dirname, '../../..');
export const k8s = join(root, 'k8s');

/** The services that have manifests: one folder each. */
export const deployedServices = (): readonly Service[] => {
  const folders = readdirSync(join(k8s, 'base'));
  return SERVICES.filter((service) => folders.includes(service));
};

/** Those of them that are gateways, each with its provider. */
export const deployedGateways = () =>
  PROVIDERS.map((provider) => ({ provider, service: gatewayService[provider] })).filter(
    ({ service }) => deployedServices().includes(service),
  );

/** Environments, by name; each has its migrations beside it, which are applied first. */
export const OVERLAYS: readonly string[] = readdirSync(join(k8s, 'overlays'));
export const migrationsOf = (overlay: string): string => `${overlay}-migrations`;

/** What is rendered: a name for the golden file, and the folder that kustomize builds. */
export const RENDERED: Readonly<Record<string, string>> = {
  platform: 'platform',
  ...Object.fromEntries(
    OVERLAYS.flatMap((name) => [
      [name, `overlays/${name}`],
      [migrationsOf(name), `overlays/${name}/migrations`],
    ]),
  ),
  ...Object.fromEntries(readdirSync(join(k8s, 'tests')).map((name) => [name, `tests/${name}`])),
};

export const goldenFile = (name: string): string => join(k8s, 'rendered', `${name}.yaml`);
