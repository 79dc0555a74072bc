/**
 * The allow-list. A log line holds these fields and nothing else, each only in its own shape, so
 * that a card number, a telephone number, an openid or a key has no field to travel in. The types
 * say so to the compiler; `admit` says it again at run time, since a cast or a spread gets past types.
 */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const SLUG = /^[a-z][a-z0-9_]{0,31}$/;
const NAME = /^[a-z][a-z0-9]*([-._][a-z][a-z0-9]*)*$/;
const HEX_32 = /^[0-9a-f]{32}$/;

const shaped = (pattern: RegExp) => (value: unknown) =>
  typeof value === 'string' && value.length <= 64 && pattern.test(value);
/** Of our code: some codes that payers show in stores are letters and digits as names are. */
const named = (value: unknown) => isPlainText(value) && shaped(NAME)(value);
const upTo = (max: number) => (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= max;

/** Large enough for any count or duration in milliseconds, too small for a telephone number. */
const COUNT = upTo(1_000_000_000);

const rules = {
  paymentId: shaped(UUID),
  eventId: shaped(UUID),
  attemptId: shaped(ULID),
  refundId: shaped(ULID),
  platform: shaped(SLUG),
  /** A provider account by its name in the registry, never its number at the provider. */
  account: shaped(SLUG),
  provider: shaped(SLUG),
  /** `wechat/wechat_pay/qr` */
  method: isPlainText,
  /** Name of an event in code, `payment.requested`. */
  type: named,
  topic: named,
  group: named,
  partition: COUNT,
  offset: (value: unknown) => typeof value === 'bigint',
  service: named,
  instance: (value: unknown) =>
    typeof value === 'string' && /^[A-Za-z0-9.-]{1,80}:\d{1,7}$/.test(value),
  role: named,
  /** Of our own code: `outbox-relay`, `RoutesResolver`. */
  component: isPlainText,
  traceId: shaped(HEX_32),
  /** The template of a route, never the URL that was asked for. */
  route: isPlainText,
  httpMethod: (value: unknown) => typeof value === 'string' && /^[A-Z]{3,8}$/.test(value),
  httpStatus: upTo(999),
  /** A member of one of our closed unions, or an error code of Node, PostgreSQL or Kafka. */
  status: isPlainText,
  code: isCode,
  /** In words of our own code. */
  reason: isPlainText,
  step: isPlainText,
  signal: isPlainText,
  /** `0001_init` */
  migration: isPlainText,
  policyVersion: isPlainText,
  version: COUNT,
  offer: COUNT,
  count: COUNT,
  tries: COUNT,
  lag: COUNT,
  durationMs: COUNT,
  delayMs: COUNT,
  ageMs: COUNT,
  port: upTo(65_535),
} as const satisfies Record<string, (value: unknown) => boolean>;

export type LogField = keyof typeof rules;

type Numeric =
  | 'partition'
  | 'httpStatus'
  | 'version'
  | 'offer'
  | 'count'
  | 'tries'
  | 'lag'
  | 'durationMs'
  | 'delayMs'
  | 'ageMs'
  | 'port';

/** What may be said in a log line; a field that is undefined is left out. */
export type LogFields = Readonly<{
  [F in LogField]?: (F extends 'offset' ? bigint : F extends Numeric ? number : string) | undefined;
}>;

/** The admitted fields, ready for JSON, and how many were dropped. */
export type Admitted = Readonly<{ fields: Record<string, string | number>; dropped: number }>;

/** @param fields by its type only what may be logged; by its content whatever a caller got past it. */
export function admit(fields: LogFields): Admitted {
  const admitted: Record<string, string | number> = {};
  let dropped = 0;
  for (const [key, value] of Object.entries<string | number | bigint | undefined>(fields)) {
    if (value === undefined) continue;
    if (isField(key) && rules[key](value)) {
      admitted[key] = typeof value === 'bigint' ? value.toString() : value;
    } else {
      dropped += 1;
    }
  }
  return { fields: admitted, dropped };
}

const isField = (key: string): key is LogField => Object.hasOwn(rules, key);

/** In JSON, queries, mail addresses: signs that text is somebody's data. */
const OF_DATA = /["@=&]|\d+\.\d+\.\d+\.\d+/;

/**
 * Words as our own code writes them: short ASCII whose pieces are letters with at most a small
 * number behind them, and few digits in all. Numbers of cards and people, openids, tokens,
 * addresses, bodies and PEM or base64 text do not look like this.
 */
export function isPlainText(value: unknown): value is string {
  if (typeof value !== 'string' || !/^[\x20-\x7e]{1,200}$/.test(value)) return false;
  if (OF_DATA.test(value)) return false;
  if (value.replaceAll(/\D/g, '').length > 6) return false;
  const pieces = value.split(/[^0-9A-Za-z]+/).filter((piece) => piece !== '');
  return pieces.every((piece) => /^([A-Za-z]{1,30}\d{0,3}|\d{1,5}[A-Z]?)$/.test(piece));
}

/** A code of an error: `ECONNREFUSED`, or five signs as PostgreSQL and Prisma have them, `40P01`. */
export function isCode(value: unknown): value is string {
  return isPlainText(value) || (typeof value === 'string' && /^[0-9A-Z]{5}$/.test(value));
}
