import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { kafkaTopics, kafkaUsers } from './kafka-objects.js';
import { deployedServices, root } from './repository.js';

const GENERATED = '# Generated from libs/domain-events by: node tools/run.mjs k8s\n';

const documents = (objects: readonly object[]): string =>
  GENERATED +
  objects
    .map((object) => stringify(object, { aliasDuplicateObjects: false, singleQuote: true }))
    .join('---\n');

const copyOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/**
 * Files below `k8s` that follow from something else, by path. Kustomize reads nothing outside of a
 * base, so that a base carries copies of the data that its service ships with.
 */
export const generatedFiles = (): Readonly<Record<string, string>> => ({
  'components/strimzi-topics/topics.yaml': documents(kafkaTopics()),
  'components/strimzi-users/users.yaml': documents(kafkaUsers(deployedServices())),
  'base/routing/policies/taobao.json': copyOf('apps/routing/policies/taobao.json'),
  'base/ledger/contract-rates.json': copyOf('apps/ledger/contract-rates.json'),
});
