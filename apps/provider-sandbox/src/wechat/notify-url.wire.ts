import { IsUrl, MaxLength } from 'class-validator';

/**
 * Absolute and without query. Production wants https and a public host; this world lets plain http
 * and loopback pass, since gateways under development have nothing else.
 */
export function IsNotifyUrl(longest: number): PropertyDecorator {
  const isUrl = IsUrl({
    protocols: ['http', 'https'],
    require_protocol: true,
    require_tld: false,
    allow_query_components: false,
    allow_fragments: false,
    disallow_auth: true,
  });
  const isShort = MaxLength(longest);
  return (target, property) => {
    isUrl(target, String(property));
    isShort(target, String(property));
  };
}
