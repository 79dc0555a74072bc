import { called, ofKind, type Manifest, type Probe } from './manifests.js';
import { environmentOf, workloadsOf } from './workloads.js';

/** Migration check and joining a group together may take this long. */
const START_WITHIN_S = 60;

const budgetOf = ({ periodSeconds = 10, failureThreshold = 3 }: Probe): number =>
  periodSeconds * failureThreshold;

/** Every path that a probe of these manifests asks for. */
export const probedPaths = (manifests: readonly Manifest[]): Set<string> =>
  new Set(
    workloadsOf(manifests)
      .flatMap(({ container: c }) => [c.startupProbe, c.livenessProbe, c.readinessProbe])
      .map((probe) => probe?.httpGet?.path)
      .filter((path) => path !== undefined),
  );

/** What is wrong with how long-running pods are probed, and with the ports that their process opens. */
export const probeProblems = (manifests: readonly Manifest[]): string[] =>
  workloadsOf(manifests)
    .filter(({ part }) => part !== 'migration')
    .flatMap((workload) => {
      const { startupProbe, livenessProbe, readinessProbe, ports = [] } = workload.container;
      const given = environmentOf(workload, manifests);
      const probes = { startupProbe, livenessProbe, readinessProbe };
      const portOf = (name: string) => ports.find((port) => port.name === name)?.containerPort;
      const serves = workload.part !== 'worker' && workload.part !== 'sandbox';
      return [
        ...Object.entries(probes)
          .filter(([, probe]) => probe?.httpGet?.port !== 'management')
          .map(([name]) => `${name} does not ask the management port`),
        livenessProbe?.httpGet?.path === readinessProbe?.httpGet?.path &&
          'is restarted for what should only keep requests away',
        startupProbe !== undefined &&
          budgetOf(startupProbe) < START_WITHIN_S &&
          'is given up before it can have started',
        `${portOf('management')}` !== given['MANAGEMENT_PORT'] &&
          'has its management port elsewhere',
        serves && `${portOf('http')}` !== given['PORT'] && 'has its HTTP port elsewhere',
        workload.part === 'worker' && portOf('http') !== undefined && 'answers no HTTP',
      ]
        .filter((complaint) => complaint !== false)
        .map((complaint) => `${workload.called}: ${complaint}`);
    });

/** Deployments without a Service that shows their management port to whoever collects metrics. */
export const unwatched = (manifests: readonly Manifest[]): string[] =>
  ofKind(manifests, 'Deployment')
    .filter(({ spec }) => {
      const labels = spec.template.metadata?.labels ?? {};
      return !ofKind(manifests, 'Service').some(
        (service) =>
          Object.entries(service.spec.selector).every(([key, value]) => labels[key] === value) &&
          service.spec.ports.some(({ name }) => name === 'management'),
      );
    })
    .map(called);
