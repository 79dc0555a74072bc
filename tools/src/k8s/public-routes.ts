import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofKind, type Manifest } from './manifests.js';
import { root } from './repository.js';

/** A controller of operators, whom no Ingress leads to. */
const FOR_OPERATORS = /\bTokenGuard\b/;

const textsOf = (pattern: string): string[] =>
  globSync(pattern, { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));

/** First parts of the paths that an app serves to platforms, guests and providers, from its source. */
export function publicRoutesOf(app: string): Set<string> {
  const routes = textsOf(`apps/${app}/src/**/*.controller.ts`)
    .filter((text) => !FOR_OPERATORS.test(text))
    .flatMap((text) => [...text.matchAll(/@Controller\('([\w-]+)/g)])
    .map(([, first]) => `/${first}`);
  const isDescribed = textsOf(`apps/${app}/src/start-*.ts`).some((text) => /\bopenApi:/.test(text));
  return new Set([...routes, ...(isDescribed ? ['/openapi.json'] : [])]);
}

/** What an Ingress leads to that is for operators or nobody, and what the world cannot reach. */
export const publicProblems = (manifests: readonly Manifest[]): string[] =>
  ofKind(manifests, 'Ingress').flatMap(({ metadata: { name }, spec }) => {
    const open = spec.rules.flatMap(({ http }) => http.paths.map(({ path }) => path));
    const served = publicRoutesOf(name);
    return [
      ...open.filter((path) => !served.has(path)).map((path) => `open: ${name}${path}`),
      ...[...served].filter((path) => !open.includes(path)).map((path) => `closed: ${name}${path}`),
    ];
  });
