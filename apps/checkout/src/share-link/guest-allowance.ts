/** What one caller may do, and how many callers are remembered. */
export type Allowed = Readonly<{ perSecond: number; atOnce: number; remembered: number }>;

type Bucket = Readonly<{ left: number; atMs: number }>;

/**
 * So much a second for each caller, and so much at once after a pause. For callers whom nobody knows:
 * only the latest are remembered, so that many addresses cost no memory. Counted per instance.
 */
export class GuestAllowance {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly allowed: Allowed) {}

  /** @returns 0 if the caller may go on, else in how many whole seconds. Counts nothing. */
  secondsToWait(caller: string, nowMs: number): number {
    const { left } = this.bucketOf(caller, nowMs);
    return left < 1 ? Math.ceil((1 - left) / this.allowed.perSecond) : 0;
  }

  take(caller: string, nowMs: number): void {
    const { left } = this.bucketOf(caller, nowMs);
    this.buckets.delete(caller); // and behind all others again: the first is the one longest unseen
    this.buckets.set(caller, { left: Math.max(0, left - 1), atMs: nowMs });
    const [first] = this.buckets.keys();
    if (this.buckets.size > this.allowed.remembered && first !== undefined) {
      this.buckets.delete(first);
    }
  }

  private bucketOf(caller: string, nowMs: number): Bucket {
    const { perSecond, atOnce } = this.allowed;
    const before = this.buckets.get(caller) ?? { left: atOnce, atMs: nowMs };
    const regained = ((nowMs - before.atMs) * perSecond) / 1_000;
    return { left: Math.min(atOnce, before.left + regained), atMs: nowMs };
  }
}

/** An IPv4 address in an IPv6 one's clothes, as dual-stack sockets show it, is itself. */
export const plainAddress = (address: string): string =>
  /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1] ?? address;

/** Who a caller is counted as: an IPv4 address, or the /64 that one household or server has of IPv6. */
export function callerAt(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const [front = '', back] = plain.split('::');
  const groups = front === '' ? [] : front.split(':');
  const tail = back === undefined || back === '' ? [] : back.split(':');
  const zeros = back === undefined ? 0 : Math.max(0, 8 - groups.length - tail.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...tail];
  const network = all.slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}
