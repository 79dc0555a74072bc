import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ManagementServer } from '@hutong/http';
import { Metrics } from '@hutong/telemetry';
import { golden, the, type Container, type Manifest } from './manifests.js';
import { probedPaths, probeProblems, unwatched } from './probes.js';
import { RENDERED } from './repository.js';

const names = Object.keys(RENDERED).filter((name) => name !== 'platform');

describe('what a pod is asked', () => {
  it.each(names)('fits how it starts and where it listens, in %s', (name) => {
    expect([...probeProblems(golden(name)), ...unwatched(golden(name))]).toEqual([]);
  });

  type Row = { says: string; change: (container: Container, manifests: Manifest[]) => void };
  it.each<Row>([
    {
      says: 'is restarted for what should only keep requests away',
      change: ({ livenessProbe }) =>
        Object.assign(livenessProbe?.httpGet ?? {}, { path: '/health/ready' }),
    },
    {
      says: 'is given up before it can have started',
      change: ({ startupProbe }) => Object.assign(startupProbe ?? {}, { failureThreshold: 10 }),
    },
    {
      says: 'readinessProbe does not ask the management port',
      change: ({ readinessProbe }) =>
        Object.assign(readinessProbe?.httpGet ?? {}, { port: 'http' }),
    },
    {
      says: 'startupProbe does not ask the management port',
      change: (container) => delete container.startupProbe,
    },
    {
      says: 'has its management port elsewhere',
      change: ({ envFrom }, all) => {
        const map = the(all, 'ConfigMap', envFrom?.[0]?.configMapRef?.name ?? '');
        map.data['MANAGEMENT_PORT'] = '9999';
      },
    },
    {
      says: 'has its HTTP port elsewhere',
      change: ({ ports }) => ports?.forEach((port) => (port.containerPort += 1)),
    },
  ])('or else it $says', ({ says, change }) => {
    const manifests = golden('bare');
    const [container] = the(manifests, 'Deployment', 'routing-api').spec.template.spec.containers;
    if (container === undefined) throw new Error('nothing to break');
    change(container, manifests);
    expect(probeProblems(manifests)).toContain(`Deployment routing-api: ${says}`);
  });

  it('is collected from every role', () => {
    const manifests = golden('bare').filter(({ metadata }) => metadata.name !== 'routing');
    expect(unwatched(manifests)).toEqual(['Deployment routing-api']);
  });
});

/** Of services as they really run, `started-services.deep.spec.ts` asks the same. */
describe('the server behind the management port', () => {
  let management: ManagementServer;
  beforeAll(async () => {
    management = await ManagementServer.start({
      host: '127.0.0.1',
      port: 0,
      metrics: new Metrics('spec'),
      live: [{ name: 'consumer', look: () => true }],
      ready: [{ name: 'serving', look: () => true }],
    });
  });
  afterAll(() => management.close());

  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${management.port}${path}`);
    await answer.arrayBuffer();
    return answer.status;
  };

  it('answers every path that a probe asks for, and would not answer another', async () => {
    const paths = new Set(names.flatMap((name) => [...probedPaths(golden(name))]));
    expect(paths.size).toBe(2);
    for (const path of paths) expect([path, await ask(path)]).toEqual([path, 200]);
    expect(await ask('/healthz')).toBe(404);
  });
});
