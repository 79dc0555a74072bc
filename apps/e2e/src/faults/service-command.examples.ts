import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Ring, RingService } from '@hutong/world';

/** What a command of a service printed, and how it ended. */
export type Ran = Readonly<{ exitCode: number | null; out: string }>;

const WITHIN_MS = 300_000;

/** Runs a command of a service's own program, with the environment of its first instance. */
export async function runOf(
  ring: Ring,
  service: RingService,
  args: readonly string[],
): Promise<Ran> {
  const [first] = ring.instancesOf(service);
  if (first === undefined) throw new Error(`no ${service}`);
  const { main, env } = first.spec;
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out += text));
  await once(child, 'close');
  return { exitCode: child.exitCode, out };
}
