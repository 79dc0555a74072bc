import { allDone } from './all-done.js';
import type { Reaper } from './reaper.js';
import type { PortPair } from './ring-ports.js';
import { environmentOf, mainOf, type RingService, type RingSetting } from './ring-services.js';
import { ServiceProcess, type ServiceSpec } from './service-process.js';

type Instance = { process: ServiceProcess; readonly http: URL };

/** The processes of one service: as many as there are pairs of ports, behind one name. */
export class ServiceGroup {
  private constructor(
    private readonly instances: readonly Instance[],
    private readonly folder: string,
    private readonly reaper: Reaper,
  ) {}

  /** Starts all of them and waits until each is ready. */
  static async start(
    service: RingService,
    ring: RingSetting,
    pairs: readonly PortPair[],
    reaper: Reaper,
  ): Promise<ServiceGroup> {
    const instances = pairs.map((pair, index) => ({
      process: ServiceProcess.start(specOf(service, ring, pair, index), ring.folder, reaper),
      http: new URL(`http://127.0.0.1:${pair.http}`),
    }));
    const group = new ServiceGroup(instances, ring.folder, reaper);
    await group.ready();
    return group;
  }

  get processes(): readonly ServiceProcess[] {
    return this.instances.map(({ process }) => process);
  }

  get addresses(): readonly URL[] {
    return this.instances.map(({ http }) => http);
  }

  /** Starts those again that have ended, each at its old address. */
  async restart(): Promise<void> {
    for (const one of this.instances.filter(({ process }) => process.exited)) {
      one.process = ServiceProcess.start(one.process.spec, this.folder, this.reaper);
    }
    await this.ready();
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
  }

  private async ready(): Promise<void> {
    await allDone(...this.processes.map((process) => process.ready()));
  }
}

function specOf(
  service: RingService,
  ring: RingSetting,
  { http, management }: PortPair,
  index: number,
): ServiceSpec {
  return {
    name: index === 0 ? service : `${service}-${index + 1}`,
    main: mainOf(ring.root, service),
    readyUrl: new URL(`http://127.0.0.1:${management}/health/ready`),
    env: {
      ...environmentOf(service, ring),
      PORT: `${http}`,
      MANAGEMENT_PORT: `${management}`,
    },
  };
}
