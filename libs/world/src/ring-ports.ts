import { freePorts, isFree } from '@hutong/testing';
import { MANAGEMENT_OFFSET, WELL_KNOWN_PORTS } from './well-known-ports.js';

/** Any free ports, or those where things are usually found, as far as these are free. */
export type PortChoice = 'free' | 'well-known';
export type PortPair = Readonly<{ http: number; management: number }>;
type Owner = keyof typeof WELL_KNOWN_PORTS;

/** Hands out ports of 127.0.0.1, each once. */
export class RingPorts {
  private readonly given = new Set<number>();

  /** @param report told of every well-known port that somebody else has. */
  constructor(
    private readonly choice: PortChoice,
    private readonly report: (line: string) => void,
  ) {}

  one(of: Owner): Promise<number> {
    return this.usualOr(of, WELL_KNOWN_PORTS[of]);
  }

  /** For HTTP and for management. */
  async pair(of: Owner): Promise<PortPair> {
    const http = await this.usualOr(of, WELL_KNOWN_PORTS[of]);
    const management = await this.usualOr(of, WELL_KNOWN_PORTS[of] + MANAGEMENT_OFFSET);
    return { http, management };
  }

  /** For each of several instances; only the first gets what is usual. */
  async pairs(of: Owner, instances: number): Promise<PortPair[]> {
    const pairs: PortPair[] = [];
    for (let left = instances; left > 0; left -= 1) pairs.push(await this.pair(of));
    return pairs;
  }

  private async usualOr(of: Owner, usual: number): Promise<number> {
    if (this.choice === 'well-known' && !this.given.has(usual)) {
      this.given.add(usual);
      if (await isFree(usual)) return usual;
      this.report(`port ${usual} is taken: ${of} gets another`);
    }
    return this.free();
  }

  private async free(): Promise<number> {
    const [port = 0] = await freePorts(1);
    if (this.given.has(port)) return this.free();
    this.given.add(port);
    return port;
  }
}
