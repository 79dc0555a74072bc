import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runWhere, startOwnBroker, testDatabase } from '@hutong/testing';
import { Reaper, RING_SERVICES, ServiceProcess, startRing, type Ring } from '@hutong/world';
import { golden, the, type Manifest } from './manifests.js';
import { probeRequests, unanswered } from './probe-requests.js';
import { deployedServices, root } from './repository.js';
import { environmentOf, workloadsOf, type Workload } from './workloads.js';

/** Every role of every service wants its own ports, and two of one service the same one. */
const described = runWhere(
  describe,
  process.platform === 'linux' ? undefined : 'probes of started services need 127.0.0.0/8 of Linux',
);

/** What the manifests alone decide: the rest is of this machine. */
const DECIDED = ['ROLE', 'PORT', 'MANAGEMENT_PORT'];

/** Every role as its own process: addresses of its own, the manifests' ports, all else the ring's. */
class StartedPods implements AsyncDisposable {
  private constructor(
    private readonly stack: AsyncDisposableStack,
    readonly hostOf: (workload: Workload) => string,
  ) {}

  static async start(ring: Ring, manifests: readonly Manifest[]): Promise<StartedPods> {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'hutong-pods-'));
    const reaper = stack.use(Reaper.start(folder));
    const workloads = workloadsOf(manifests);
    const hosts = new Map(workloads.map(({ called }, index) => [called, `127.77.0.${index + 1}`]));
    const hostOf = ({ called }: Workload): string => hosts.get(called) ?? '';
    await Promise.all(
      RING_SERVICES.flatMap((service) => {
        const [instance] = ring.instancesOf(service);
        if (instance === undefined) throw new Error(`no ${service} runs`);
        return workloads
          .filter(({ app }) => app === service)
          .map(async (workload) => {
            const given = environmentOf(workload, manifests);
            const decided = DECIDED.map((name) => [name, given[name] ?? ''] as const);
            const host = hostOf(workload);
            const spec = {
              ...instance.spec,
              name: workload.name,
              readyUrl: new URL(`http://${host}:${given['MANAGEMENT_PORT']}/health/ready`),
              env: { ...instance.spec.env, HOST: host, ...Object.fromEntries(decided) },
            };
            const started = ServiceProcess.start(spec, folder, reaper);
            stack.defer(() => started.stop().then(() => undefined));
            await started.ready();
          });
      }),
    );
    return new StartedPods(stack.move(), hostOf);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stack.disposeAsync();
  }
}

described('what probes ask of the services as they really run', () => {
  const started = new AsyncDisposableStack();
  let pods: StartedPods;
  beforeAll(async () => {
    const [broker, { adminUrl }] = await Promise.all([startOwnBroker(), testDatabase()]);
    const { brokers } = started.use(broker);
    const ring = started.use(await startRing({ root, brokers, adminUrl }));
    // Their databases and secrets are wanted, not they.
    await Promise.all(
      RING_SERVICES.flatMap((service) => ring.instancesOf(service).map((one) => one.stop())),
    );
    pods = started.use(await StartedPods.start(ring, golden('all')));
  }, 180_000);
  afterAll(() => started.disposeAsync(), 60_000);

  it('is asked of both roles of every service that has manifests', () => {
    const asked = probeRequests(golden('all')).map(
      ({ workload, probe }) => `${workload.app} ${workload.part} ${probe}`,
    );
    expect(asked.toSorted()).toEqual(
      deployedServices()
        .flatMap((app) =>
          ['api', 'worker'].flatMap((part) =>
            ['startupProbe', 'livenessProbe', 'readinessProbe'].map(
              (probe) => `${app} ${part} ${probe}`,
            ),
          ),
        )
        .toSorted(),
    );
  });

  it('is answered, path and port, in every role', async () => {
    expect(await unanswered(probeRequests(golden('all')), pods.hostOf)).toEqual([]);
  });

  it.each<{ what: string; change: (manifests: Manifest[]) => void; said: string }>([
    {
      what: 'at another path',
      change: (all) => Object.assign(probe(all, 'ledger-worker') ?? {}, { path: '/healthz' }),
      said: 'Deployment ledger-worker: readinessProbe gets 404 from :9002/healthz',
    },
    {
      what: 'at the port of its interface',
      change: (all) => Object.assign(probe(all, 'routing-api') ?? {}, { port: 'http' }),
      said: 'Deployment routing-api: readinessProbe gets 404 from :3001/health/ready',
    },
    {
      what: 'at another number',
      change: (all) => Object.assign(probe(all, 'checkout-worker') ?? {}, { port: 9909 }),
      said: 'Deployment checkout-worker: readinessProbe gets no answer from :9909/health/ready',
    },
  ])('would not be answered $what', async ({ change, said }) => {
    const manifests = golden('all');
    change(manifests);
    expect(await unanswered(probeRequests(manifests), pods.hostOf)).toEqual([said]);
  });

  const probe = (manifests: readonly Manifest[], name: string) =>
    the(manifests, 'Deployment', name).spec.template.spec.containers[0]?.readinessProbe?.httpGet;
});
