import type { ServiceProcess } from './service-process.js';

/**
 * What a collector would read of a process: all values of this name together, whatever their labels.
 * @param label `outcome="retried"`: of those alone that have it, and none may be.
 */
export async function metricOf(
  { spec }: ServiceProcess,
  name: string,
  label = '',
): Promise<number> {
  const answer = await fetch(new URL('/metrics', spec.readyUrl), {
    signal: AbortSignal.timeout(10_000),
  });
  const lines = (await answer.text()).split('\n');
  const own = lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  if (own.length === 0 && label === '') throw new Error(`${spec.name} tells no ${name}`);
  return own
    .filter((line) => line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
