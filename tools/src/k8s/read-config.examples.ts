import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readStoreConfig } from '@hutong/config';
import { mountedFiles } from './environment.js';
import type { Manifest } from './manifests.js';
import { root } from './repository.js';
import { environmentOf, type Workload } from './workloads.js';

/** What every service's own reader answers, as far as manifests speak of it. */
export type ReadConfig = Readonly<{ role?: string; port?: number; managementPort?: number }>;
type Reader = (env: NodeJS.ProcessEnv) => ReadConfig;

const STAND_IN = 'stand-in for a secret that is made elsewhere\n';

/**
 * Reads a workload's environment by the code that will read it in the pod, with what is mounted there
 * in a folder of this machine. @throws that code's Error, which names every bad variable.
 */
export async function readAsThePodDoes(
  workload: Workload,
  manifests: readonly Manifest[],
): Promise<ReadConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-k8s-spec-'));
  try {
    const at = (path: string) => join(folder, path);
    for (const { mountPath } of workload.container.volumeMounts ?? []) {
      mkdirSync(at(mountPath), { recursive: true });
    }
    for (const { path, text } of mountedFiles(workload, manifests)) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), text ?? STAND_IN);
    }
    const paths = workload.container.volumeMounts?.map(({ mountPath }) => mountPath) ?? [];
    const env = Object.entries(environmentOf(workload, manifests)).map(([name, value]) => [
      name,
      paths.some((path) => value.startsWith(path)) ? at(value) : value,
    ]);
    const read = await readerOf(workload);
    return read(Object.fromEntries(env) as NodeJS.ProcessEnv);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What every service's migration reads, which has neither role nor ports. */
function readStore(env: NodeJS.ProcessEnv): ReadConfig {
  readStoreConfig(env);
  return {};
}

/** By a computed address: no package may depend on an app, and this spec holds manifests to the apps. */
async function readerOf({ app, part }: Workload): Promise<Reader> {
  if (part === 'migration') return readStore;
  const wanted = /^read\w+Config$/;
  for (const file of globSync(`apps/${app}/src/*.config.ts`, { cwd: root })) {
    const module = (await import(pathToFileURL(join(root, file)).href)) as Record<string, Reader>;
    const [reader] = Object.entries(module).filter(([name]) => wanted.test(name));
    if (reader !== undefined) return reader[1];
  }
  throw new Error(`${app} has no ${wanted.source}`);
}
