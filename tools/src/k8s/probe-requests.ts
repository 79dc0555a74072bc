import type { Manifest } from './manifests.js';
import { workloadsOf, type Workload } from './workloads.js';

/** What the kubelet will ask of one pod, with the port's name resolved as it resolves it. */
export type ProbeRequest = Readonly<{
  workload: Workload;
  probe: 'startupProbe' | 'livenessProbe' | 'readinessProbe';
  /** Undefined where no port of the container has that name. */
  port: number | undefined;
  path: string;
}>;

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

/** Every request of every probe of what runs for long. */
export const probeRequests = (manifests: readonly Manifest[]): ProbeRequest[] =>
  workloadsOf(manifests)
    .filter(({ part }) => part !== 'migration')
    .flatMap((workload) =>
      PROBES.map((probe) => {
        const { path = '', port } = workload.container[probe]?.httpGet ?? {};
        const named = workload.container.ports?.find(({ name }) => name === port)?.containerPort;
        return { workload, probe, port: typeof port === 'number' ? port : named, path };
      }),
    );

/** Those that are not answered as the kubelet wants it, with what came instead. */
export async function unanswered(
  requests: readonly ProbeRequest[],
  hostOf: (workload: Workload) => string,
): Promise<string[]> {
  const answers = await Promise.all(
    requests.map(async ({ workload, probe, port, path }) => {
      const said = await answerOf(`http://${hostOf(workload)}:${port ?? 0}${path}`);
      return said === 200 ? [] : [`${workload.called}: ${probe} gets ${said} from :${port}${path}`];
    }),
  );
  return answers.flat();
}

/** The status, or `no answer`. */
async function answerOf(url: string): Promise<number | string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 'no answer';
  }
}
