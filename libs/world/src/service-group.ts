import { allDone } from './all-done.js';
import type { Reaper } from './reaper.js';
import type { PortPair } from './ring-ports.js';
import { environmentOf, mainOf, type RingService, type RingSetting } from './ring-services.js';
import { ServiceProcess, type ServiceSpec, type UnexpectedEnd } from './service-process.js';

type Instance = { process: ServiceProcess; readonly http: URL };

/** What the processes of a group have in common. */
export type GroupOptions = Readonly<{
  /** Holds their logs. */
  folder: string;
  reaper: Reaper;
  /** Told of each that ends unasked once it was ready. */
  ended: (end: UnexpectedEnd) => void;
}>;

/** The processes of one service: as many as there are pairs of ports, behind one name. */
export class ServiceGroup {
  private constructor(
    private readonly instances: readonly Instance[],
    private readonly own: GroupOptions,
  ) {}

  /** Starts all of them and waits until each is ready. */
  static async start(
    service: RingService,
    ring: RingSetting,
    pairs: readonly PortPair[],
    own: GroupOptions,
  ): Promise<ServiceGroup> {
    const instances = pairs.map((pair, index) => ({
      process: ServiceProcess.start(specOf(service, ring, pair, index), own.folder, own.reaper),
      http: new URL(`http://127.0.0.1:${pair.http}`),
    }));
    const group = new ServiceGroup(instances, own);
    await group.ready(group.processes);
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
    await this.startEnded(this.instances);
  }

  /** Stops the last in good order, or starts some again, so that the first so many run. */
  async scale(count: number): Promise<void> {
    await allDone(...this.processes.slice(count).map((process) => process.stop()));
    await this.startEnded(this.instances.slice(0, count));
  }

  private async startEnded(instances: readonly Instance[]): Promise<void> {
    const ended = instances.filter(({ process }) => process.exited);
    for (const one of ended) {
      one.process = ServiceProcess.start(one.process.spec, this.own.folder, this.own.reaper);
    }
    await this.ready(ended.map(({ process }) => process));
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
  }

  /** One that ends before is not told of: the start fails of it, and says so itself. */
  private async ready(started: readonly ServiceProcess[]): Promise<void> {
    await allDone(...started.map((process) => process.ready()));
    for (const process of started) process.onUnexpectedEnd(this.own.ended);
  }
}

function specOf(
  service: RingService,
  ring: RingSetting,
  { http, management }: PortPair,
  index: number,
): ServiceSpec {
  const name = index === 0 ? service : `${service}-${index + 1}`;
  return {
    name,
    main: mainOf(ring.root, service),
    nodeArgs: ring.nodeArgsOf(name),
    readyUrl: new URL(`http://127.0.0.1:${management}/health/ready`),
    env: {
      ...environmentOf(service, ring),
      PGAPPNAME: name, // its sessions say in the database whose they are
      PORT: `${http}`,
      MANAGEMENT_PORT: `${management}`,
    },
  };
}
