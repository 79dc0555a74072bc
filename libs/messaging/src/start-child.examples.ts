import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { World } from './world.examples.js';

export type Child = Readonly<{
  process: ChildProcess;
  /** Everything it has printed so far. */
  said: () => string;
}>;

const hooks = join(import.meta.dirname, '../jest/typescript.mjs');
const program = join(import.meta.dirname, 'child.examples.ts');

/** An instance of routing in a process of its own, run from source; whoever starts it ends it. */
export function startChild(
  { kafka, config }: World,
  { instance, inHandMs }: Readonly<{ instance: string; inHandMs: number }>,
): Child {
  const address = new URL(config.url);
  address.password = encodeURIComponent(config.password.reveal());
  const { brokers, namespace = '' } = kafka;
  const args = [brokers.join(','), namespace, address.href, instance, String(inHandMs)];
  return runFromSource(program, args);
}

/** A program of a spec's own, with the compiler of the specs before it. */
export function runFromSource(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Child {
  const flags = ['--import', hooks, '--conditions=@hutong/source', path];
  const child = spawn(process.execPath, [...flags, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += String(chunk);
  });
  return { process: child, said: () => text };
}
