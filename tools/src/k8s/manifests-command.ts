import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readOptions, UsageError } from '../command-line.js';
import { generatedFiles } from './generated-files.js';
import { findRenderer, type Renderer } from './render.js';
import { goldenFile, k8s, RENDERED } from './repository.js';

const USAGE = `node tools/run.mjs k8s [options]

Writes what is generated under k8s/: Kafka's topics and users from the catalogue, copies of what the
services ship with, and k8s/rendered, which kustomize (or kubectl) makes of every overlay.

  --check   writes nothing; says which files are out of date, and ends with 1 if any is
  --help    this text`;

const OPTIONS = { check: { type: 'boolean' }, help: { type: 'boolean' } } as const;

/** @returns the exit code. What cannot be looked at for want of a renderer is said, and is no failure. */
export function manifests(args: readonly string[]): number {
  try {
    const { check = false, help = false } = readOptions('k8s', args, OPTIONS);
    if (help) console.log(USAGE);
    return help ? 0 : bringUpToDate(check);
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    console.error(cause.message);
    return 2;
  }
}

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
  if (check && stale.length > 0) console.error('node tools/run.mjs k8s writes them anew.');
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
