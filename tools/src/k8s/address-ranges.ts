import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { called, ofKind, type IpBlock, type Manifest } from './manifests.js';
import { root } from './repository.js';

/** Ranges that lead nowhere (RFC 5737): a policy that has one was never filled in. */
const PLACEHOLDERS = /^(192\.0\.2|198\.51\.100|203\.0\.113)\./;

/** More than anybody owns: open to whoever is on the internet. */
export const isWide = ({ cidr }: IpBlock): boolean => /\/[0-7]$/.test(cidr);

/** Ranges of addresses that nobody has filled in. */
export const unfilledRanges = (manifests: readonly Manifest[]): string[] =>
  rangesOf(manifests)
    .filter(({ block }) => PLACEHOLDERS.test(block.cidr))
    .map(({ policy, block }) => `${policy}: ${block.cidr}`);

/**
 * Where a policy that is open to the internet lets in more, or less, than the internet.
 * @param notPublic ranges of both families, as `10.0.0.0/8`.
 */
export const wideRangeProblems = (
  manifests: readonly Manifest[],
  notPublic: readonly string[],
): string[] =>
  rangesOf(manifests)
    .filter(({ block }) => isWide(block))
    .flatMap(({ policy, block: { cidr, except = [] } }) => {
      const inside = notPublic.filter((range) => isV6(range) === isV6(cidr));
      return [
        ...inside.filter((one) => !except.includes(one)).map((one) => `${cidr} reaches ${one}`),
        ...except.filter((one) => !inside.includes(one)).map((one) => `${cidr} lacks ${one}`),
      ].map((complaint) => `${policy}: ${complaint}`);
    });

/**
 * What checkout sends no webhook to, from its table's source: nobody may import an app.
 * @throws Error if the table is not where it was.
 */
export function rangesRefusedByCheckout(): string[] {
  const file = 'apps/checkout/src/webhooks/public-address.ts';
  const rows = readFileSync(join(root, file), 'utf8').matchAll(/^ {2}\['([\da-f.:]+)', (\d+)\],/gm);
  const ranges = [...rows].map(([, first, prefix]) => `${first}/${prefix}`);
  if (!ranges.some(isV6) || ranges.every(isV6)) throw new Error(`${file} has no table of ranges`);
  return ranges;
}

const isV6 = (cidr: string): boolean => cidr.includes(':');

const rangesOf = (manifests: readonly Manifest[]) =>
  ofKind(manifests, 'NetworkPolicy').flatMap((policy) =>
    (policy.spec.egress ?? [])
      .flatMap(({ to = [] }) => to)
      .flatMap(({ ipBlock }) => ipBlock ?? [])
      .map((block) => ({ policy: called(policy), block })),
  );
