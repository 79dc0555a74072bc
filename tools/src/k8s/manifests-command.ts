import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files.js';
import { k8sOptions } from './options.js';
import { findRenderer, type Renderer } from './render.js';
import { goldenFile, k8s, RENDERED } from './repository.js';

/** @returns the exit code. What cannot be looked at for want of a renderer is said, and is no failure. */
export const manifests = (args: readonly string[]): number => bringUpToDate(k8sOptions(args).check);

function bringUpToDate(check: boolean): number {
  const settle = check ? isStale : write;
  const stale = Object.entries(generatedFiles()).filter(([path, text]) =>
    settle(join(k8s, path), text),
  );
  const renderer = findRenderer();
  if (renderer === undefined) {
    console.log(
      '!! NOT RENDERED: neither kustomize nor kubectl is here, so k8s/rendered was not compared with k8s. ' +
        'go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1 brings one.',
    );
  } else {
    stale.push(...goldens(renderer).filter(([name, text]) => settle(goldenFile(name), text)));
  }
  for (const [name] of check ? stale : []) console.error(`out of date: ${name}`);
  if (check && stale.length > 0) console.error('npm run k8s writes them anew.');
  return check && stale.length > 0 ? 1 : 0;
}

const goldens = (renderer: Renderer): [string, string][] =>
  Object.entries(RENDERED).map(([name, folder]) => [name, renderer.render(join(k8s, folder))]);

const isStale = (file: string, text: string): boolean =>
  !existsSync(file) || readFileSync(file, 'utf8') !== text;

function write(file: string, text: string): boolean {
  const stale = isStale(file, text);
  if (stale) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return stale;
}
