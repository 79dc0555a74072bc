/** What the internet routes to nobody in particular, or to somebody inside: first address and prefix length. */
const NOT_PUBLIC_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT; a cloud's metadata service among them
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // a cloud's wire server, in a range that is public otherwise
  ['169.254.0.0', 16], // link-local, the usual metadata service
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
];

/** Inside of 2000::/3, which alone is handed out at all: what leads elsewhere than it says. */
const NOT_PUBLIC_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23], // protocol assignments, Teredo
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: an IPv4 address of anybody is inside
  ['3fff::', 20], // documentation
];
const GLOBAL_UNICAST: readonly [string, number] = ['2000::', 3];

/**
 * Whether an address is one of the public internet. IPv4 in four decimal parts or IPv6 without a
 * zone; everything else, IPv4 inside of IPv6 included, is not. A network that reaches IPv4 through
 * NAT64 alone can therefore deliver to IPv6 only.
 * Source: IANA's special-purpose registries for IPv4 and IPv6, RFC 6890 and its updates.
 */
export function isPublicAddress(text: string): boolean {
  const v4 = parseV4(text);
  if (v4 !== undefined) return !NOT_PUBLIC_V4.some((range) => isIn(v4, range, V4));
  const v6 = parseV6(text);
  if (v6 === undefined || !isIn(v6, GLOBAL_UNICAST, V6)) return false;
  return !NOT_PUBLIC_V6.some((range) => isIn(v6, range, V6));
}

/** Whether the text is an address in the one form in which we take it, public or not. */
export const isAddress = (text: string): boolean =>
  parseV4(text) !== undefined || parseV6(text) !== undefined;

type Family = Readonly<{ bits: number; parse: (text: string) => bigint | undefined }>;
const V4: Family = { bits: 32, parse: parseV4 };
const V6: Family = { bits: 128, parse: parseV6 };

function isIn(address: bigint, [first, prefix]: readonly [string, number], family: Family) {
  const shift = BigInt(family.bits - prefix);
  const start = family.parse(first);
  return start !== undefined && address >> shift === start >> shift;
}

/** Four decimal parts without leading zeros: `010.0.0.1` means two things to two readers. */
function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  const decimal = parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  if (parts.length !== 4 || !decimal) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

/** Eight groups, one run of them left out as `::` if need be. No zone, no dotted end. */
function parseV6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const groupsIn = (part: string | undefined) => (part ? part.split(':') : []);
  const [before, after] = [groupsIn(head), groupsIn(tail)];
  const left = 8 - before.length - after.length;
  if (tail === undefined ? left !== 0 : left < 1) return undefined;
  const groups = [...before, ...Array<string>(left).fill('0'), ...after];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
