import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generatedFiles } from './generated-files.js';
import { deployedServices, goldenFile, k8s, RENDERED, root } from './repository.js';

describe('what is generated below k8s', () => {
  it.each(Object.entries(generatedFiles()))('is up to date: %s', (path, text) => {
    expect(readFileSync(join(k8s, path), 'utf8')).toBe(text);
  });

  it('has a golden file for everything that is rendered, and no other', () => {
    const files = readdirSync(join(k8s, 'rendered')).map((file) => join(k8s, 'rendered', file));
    expect(files.toSorted()).toEqual(Object.keys(RENDERED).map(goldenFile).toSorted());
  });
});

describe('every service that can be run', () => {
  it('has manifests, its migration among them', () => {
    const apps = readdirSync(join(root, 'apps')).filter((app) =>
      existsSync(join(root, 'apps', app, 'src/main.ts')),
    );
    const services = apps.filter((app) => app !== 'provider-sandbox').toSorted();
    expect(deployedServices().toSorted()).toEqual(services);
    for (const service of services) {
      expect(existsSync(join(k8s, 'base', service, 'migration/kustomization.yaml'))).toBe(true);
    }
  });
});
