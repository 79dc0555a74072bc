import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { kafkaTopics, kafkaUsers } from './kafka-objects.js';
import { deployedServices, root } from './repository.js';
import { serviceLists } from './service-lists.js';

const GENERATED = '# Generated: npm run k8s writes it anew.\n';

const commented = (text: string): string => text.replaceAll(/^/gm, '# ') + '\n';

const documents = (objects: readonly object[]): string =>
  GENERATED +
  objects
    .map((object) => stringify(object, { aliasDuplicateObjects: false, singleQuote: true }))
    .join('---\n');

const copyOf = (path: string): string => readFileSync(join(root, path), 'utf8');

const POLICIES = 'apps/routing/policies';

/** Every policy that routing ships with, and the component that makes one ConfigMap of them. */
function policies(): Record<string, string> {
  const names = readdirSync(join(root, POLICIES)).filter((name) => name.endsWith('.json'));
  const component = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    configMapGenerator: [{ name: 'routing-policies', files: names.toSorted() }],
  };
  return {
    'base/routing/policies/kustomization.yaml': documents([component]),
    ...Object.fromEntries(
      names.map((name) => [`base/routing/policies/${name}`, copyOf(`${POLICIES}/${name}`)]),
    ),
  };
}

/**
 * Files below `k8s` that follow from something else, by path. Kustomize reads nothing outside of a
 * base, so that a base carries copies of the data that its service ships with.
 */
export const generatedFiles = (): Readonly<Record<string, string>> => ({
  'components/strimzi-topics/topics.yaml': documents(kafkaTopics()),
  'components/strimzi-users/users.yaml': documents(kafkaUsers(deployedServices())),
  ...policies(),
  ...Object.fromEntries(
    Object.entries(serviceLists()).map(([path, { about, content }]) => [
      path,
      commented(about) + documents([content]),
    ]),
  ),
  'base/ledger/contract-rates.json': copyOf('apps/ledger/contract-rates.json'),
});
