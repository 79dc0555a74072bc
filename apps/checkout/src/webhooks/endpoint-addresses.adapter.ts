import { lookup, Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { refuse, type Result } from '@hutong/result';
import {
  bareHost,
  parseEndpointUrl,
  type DevelopmentHosts,
  type EndpointUrlRefusal,
} from './endpoint-url.js';
import { isPublicAddress } from './public-address.js';

/** Every address that a name leads to. Throws where it leads nowhere. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** As this host's own clients resolve, `/etc/hosts` included: for development's own hosts alone. */
const asThisHost: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** Milliseconds for the first of two tries; the second has a little longer. */
export const DNS_PATIENCE = { timeout: 2_000, tries: 2 };

/**
 * Asks DNS itself, and gives up after seconds. The host's own way takes one of a few threads for as
 * long as a name server likes to be silent, and every connection of the process needs those.
 * @throws Error where no address came in time.
 */
export const askDns =
  (resolver: Resolver): Resolve =>
  async (name) => {
    const asked = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const found = asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (found.length === 0) throw new Error('the name leads nowhere now');
    return found;
  };

const publicResolve = askDns(new Resolver(DNS_PATIENCE));

/** An endpoint leads to an address that webhooks may not be sent to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Which addresses an endpoint leads to, and whether webhooks may go there. */
export class EndpointAddresses {
  constructor(
    readonly development: DevelopmentHosts,
    /** DNS itself, where nothing is said. */
    private readonly resolve?: Resolve,
  ) {}

  /**
   * All addresses of the host, each of them allowed. One that is not spoils them all: whoever can have
   * a name lead to several places can have it lead to any of them next.
   * @throws AddressRefused, or what the resolver threw.
   */
  async of(url: URL): Promise<readonly string[]> {
    const host = bareHost(url);
    const known = this.development.has(url.hostname);
    const resolve = this.resolve ?? (known ? asThisHost : publicResolve);
    const addresses = isIP(host) === 0 ? await resolve(host) : [host];
    if (known) return addresses;
    if (!addresses.every(isPublicAddress)) throw new AddressRefused('not a public address');
    return addresses;
  }

  /** An address that may be registered: by its text, and by what its name leads to now. */
  async admit(text: string): Promise<Result<URL, EndpointUrlRefusal>> {
    const url = parseEndpointUrl(text, this.development);
    if (!url.ok || !(await this.leadsInside(url.value))) return url;
    return refuse({ code: 'endpoint_address_not_public' });
  }

  /**
   * Whether the name leads inside, as far as it leads anywhere now. A name that does not resolve yet
   * may be registered: each connection looks again.
   */
  async leadsInside(url: URL): Promise<boolean> {
    try {
      await this.of(url);
      return false;
    } catch (cause) {
      return cause instanceof AddressRefused;
    }
  }
}

/** Has a connection go to the addresses that were checked, whatever its name leads to by now. */
export const pinnedTo = (addresses: readonly string[]): LookupFunction => {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, answer) => {
    const [first] = all;
    if (first === undefined) answer(new Error('the name leads nowhere'), '');
    else if (options.all === true) answer(null, all);
    else answer(null, first.address, first.family);
  };
};
