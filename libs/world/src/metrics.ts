import type { ServiceProcess } from './service-process.js';

/** What a collector would read of a process: all values of this name, whatever their labels, together. */
export async function metricOf({ spec }: ServiceProcess, name: string): Promise<number> {
  const answer = await fetch(new URL('/metrics', spec.readyUrl), {
    signal: AbortSignal.timeout(10_000),
  });
  const lines = (await answer.text()).split('\n');
  const own = lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  if (own.length === 0) throw new Error(`${spec.name} tells no ${name}`);
  return own.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
