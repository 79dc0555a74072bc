import { ok, refuse, type Result } from '@hutong/result';
import { isAddress, isPublicAddress } from './public-address.js';

/** Where webhooks may go that are not on the internet. Empty in production. */
export type DevelopmentHosts = ReadonlySet<string>;

export type EndpointUrlRefusal = Readonly<{
  code:
    | 'endpoint_url_invalid'
    | 'endpoint_url_not_https'
    | 'endpoint_url_odd'
    | 'endpoint_address_not_public';
}>;

const LONGEST = 2_048;
/** Names that lead to this host, this network or this cluster wherever they are looked up. */
const INTERNAL = /^(.*\.)?(localhost|local|localdomain|internal|intranet|home\.arpa|lan|onion)$/;

/**
 * An address to which webhooks may be sent, as far as it can be told from its text: what a name leads
 * to is looked at when it is registered, and again on each connection.
 *
 * The host must be written as it is meant. Readers of addresses know many more ways to write one
 * (`0x7f.1`, `2130706433`, full-width digits, a tab in the middle), and each is a way past a check.
 */
export function parseEndpointUrl(
  text: string,
  development: DevelopmentHosts,
): Result<URL, EndpointUrlRefusal> {
  if (text.length > LONGEST || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) {
    return refuse({ code: 'endpoint_url_invalid' });
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse({ code: 'endpoint_url_not_https' });
  }
  const written = /^https?:\/\/([^/?#\\@]+?)(:\d+)?(?:[/?#]|$)/i.exec(text)?.[1]?.toLowerCase();
  const plain = url.username === '' && url.password === '' && url.hash === '';
  if (written !== url.hostname || !plain || text.includes('\\')) {
    return refuse({ code: 'endpoint_url_odd' });
  }
  if (development.has(url.hostname)) return ok(url);
  if (url.protocol !== 'https:') return refuse({ code: 'endpoint_url_not_https' });
  return mayBePublic(bareHost(url)) ? ok(url) : refuse({ code: 'endpoint_address_not_public' });
}

/** The host as it is connected to: IPv6 without its brackets. */
export const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** A public address, or a name that may lead to one: dotted, not of this network. */
const mayBePublic = (host: string): boolean =>
  isAddress(host)
    ? isPublicAddress(host)
    : /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(host) &&
      !INTERNAL.test(host);
