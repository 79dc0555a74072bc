import { parseArgs } from 'node:util';
import { catalogue, type Service } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import type { Chosen } from './parked-copy.js';
import type { Applying } from './redrive.js';

export const REDRIVE_USAGE = `redrive [--topic T] [--error-code C] [--key K] [--since TIME] [--apply --by NAME]
     what this service's group has set aside, and why; with --apply it is put back, in order per key,
     for this group alone; needs the service's database and brokers in the environment
     --topic       where it was told first; every topic that the service hears if left out
     --error-code  why it was parked, like handler_parked
     --key         of one payment
     --since       parked from then on: an RFC 3339 time like 2027-01-31T00:00:00Z
     --apply       puts back what can be read; without it nothing is changed
     --by          who orders it: kept with each record in the table redrives
     --rate        records a second, 1 to 1000 (10)
     --again       also what was parked again after it had been put back
     --wait        seconds that the service may take for it (60); afterwards it counts as waiting
     ends with 0 without --apply, whatever it lists; with --apply only if all that it lists is dealt with and
     no key is in trouble, else with 1; with 1 too if it could not run, with 2 if it is asked for what makes
     no sense`;

/** What was asked for. Without `applying` nothing is changed. */
export type RedriveAsked = Readonly<{
  help: boolean;
  chosen: Chosen;
  applying: Applying | undefined;
}>;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const OPTIONS = {
  topic: text,
  'error-code': text,
  key: text,
  since: text,
  apply: flag,
  by: text,
  rate: text,
  again: flag,
  wait: text,
  help: flag,
} as const;

/** @returns what is wrong with the arguments, in a line for the person who typed them. */
export function readRedriveArguments(
  service: Service,
  args: readonly string[],
): Result<RedriveAsked, string> {
  const given = valuesOf(args);
  if (given === undefined) return refuse(`usage: ${REDRIVE_USAGE}`);
  const heard = catalogue.filter(({ heardBy }) => heardBy.includes(service)).map((t) => t.name);
  const topics = given.topic === undefined ? heard : heard.filter((one) => one === given.topic);
  if (topics.length === 0) return refuse(`--topic is one of ${heard.join(', ')}`);
  const since = given.since === undefined ? undefined : instant(given.since);
  if (given.since !== undefined && since === undefined) {
    return refuse('--since is an RFC 3339 time like 2027-01-31T00:00:00Z');
  }
  const [rate, waitS] = [
    wholeNumber(given.rate ?? '10', 1_000),
    wholeNumber(given.wait ?? '60', 3_600),
  ];
  if (rate === undefined || rate < 1) return refuse('--rate is a whole number from 1 to 1000');
  if (waitS === undefined) return refuse('--wait is a whole number of seconds up to 3600');
  const { by, apply = false, again = false, help = false } = given;
  if (!apply && (by !== undefined || again)) return refuse('--by and --again go with --apply');
  const chosen = { topics, errorCode: given['error-code'], key: given.key, since };
  if (!apply) return ok({ help, chosen, applying: undefined });
  if (by === undefined || !/^[\w .@-]{1,64}$/.test(by)) {
    return refuse('--apply needs --by NAME: 1 to 64 letters, digits, blanks, . @ - or _');
  }
  return ok({ help, chosen, applying: { by, rate, again, waitMs: waitS * 1_000 } });
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch {
    return undefined;
  }
}

export function instant(given: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(given)) return undefined;
  const at = new Date(given);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

export const wholeNumber = (given: string, most: number): number | undefined =>
  /^\d{1,6}$/.test(given) && Number(given) <= most ? Number(given) : undefined;
