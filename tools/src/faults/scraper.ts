import { RING_SERVICES, type Ring, type ServiceProcess } from '@hutong/world';

/** What one process has counted since it started. */
type Life = Readonly<{ service: string; delivered: ReadonlyMap<string, number> }>;

/** Every outcome that ends a delivery; that of a parked key's record is counted when its turn comes. */
const ENDS = /outcome="(?:done|skipped|parked)"/;
const EVERY_MS = 2_000;

/**
 * How many records were delivered to each service, over all lives of its processes: what they counted
 * last before they died is added up. What a process counted in the moments before its death is not
 * known, so these are never too many.
 */
export class Scraper {
  private readonly lives = new Map<string, Life>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly ring: Pick<Ring, 'instancesOf'>) {}

  start(): void {
    this.timer = setInterval(() => void this.look(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Reads all processes that answer. */
  async look(): Promise<void> {
    await Promise.all(
      RING_SERVICES.flatMap((service) =>
        this.ring.instancesOf(service).map((process) => this.lookAt(service, process)),
      ),
    );
  }

  /** Reads one process: the last moment before it is killed. */
  async lookAt(service: string, { pid, spec }: ServiceProcess): Promise<void> {
    try {
      const signal = AbortSignal.timeout(2_000);
      const answer = await fetch(new URL('/metrics', spec.readyUrl), { signal });
      this.lives.set(`${pid}`, { service, delivered: deliveredIn(await answer.text()) });
    } catch {
      // It is dead, or frozen, or has not started yet: what it said last counts.
    }
  }

  /** Records delivered to a service of one topic, by all of its processes together. */
  delivered(service: string, topic: string): number {
    return [...this.lives.values()]
      .filter((life) => life.service === service)
      .reduce((sum, { delivered }) => sum + (delivered.get(topic) ?? 0), 0);
  }
}

function deliveredIn(text: string): ReadonlyMap<string, number> {
  const byTopic = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (!line.startsWith('hutong_consumer_events_total{') || !ENDS.test(line)) continue;
    const [, topic = ''] = /topic="([^"]+)"/.exec(line) ?? [];
    const count = Number(line.slice(line.lastIndexOf(' ')));
    byTopic.set(topic, (byTopic.get(topic) ?? 0) + count);
  }
  return byTopic;
}
