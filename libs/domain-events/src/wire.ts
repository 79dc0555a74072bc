import { CURRENCIES, MINOR_DIGITS, parseMoney, type Money } from '@hutong/money';
import { IsUrl, MaxLength } from 'class-validator';
import { applyDecorators } from './apply-decorators.js';
import { IsListLike, IsOneOf, IsTextLike, IsTextWhere, saying } from './fields.js';
import { idPatterns } from './ids.js';
import {
  instrumentPattern,
  isInstrument,
  methodPattern,
  parseMethod,
  type Method,
} from './method.js';
import { IsOne } from './nested.js';

/** Money on the wire: `{"currency":"CNY","minor":"12800"}`, minor units as digits. */
export class WireMoney {
  /** ISO 4217. All of them have two minor digits. */
  @IsOneOf(CURRENCIES) currency!: string;
  /** How many of the currency's smallest unit; no sign, point or leading zero. */
  @IsTextLike(MINOR_DIGITS, 'minor units (fen, cent) as 1 to 18 decimal digits') minor!: string;
}

export const IsMoney = () => IsOne(() => WireMoney, 'money');

/** @throws Error on a wire that was not validated first. */
export function moneyFrom(wire: WireMoney): Money {
  const parsed = parseMoney(wire);
  if (!parsed.ok) throw new Error(`unvalidated money: ${parsed.refusal.code}`);
  return parsed.value;
}

const idShapes: Readonly<Record<keyof typeof idPatterns, string>> = {
  paymentId: 'UUIDv7, lower case',
  eventId: 'UUIDv7, lower case',
  attemptId: 'ULID, 26 upper-case characters',
  refundId: 'ULID, 26 upper-case characters',
  platformId: 'slug, 2 to 32 of `a-z0-9_`',
  merchantId: '1 to 64 of `0-9A-Za-z_-`',
  payerKey: '32 lower-case hex digits',
  providerRef: '1 to 64 of `0-9A-Za-z_-`',
  bankCode: '1 to 16 of `0-9A-Za-z`',
};

export const IsIdOf = (kind: keyof typeof idPatterns) =>
  IsTextLike(idPatterns[kind], idShapes[kind]);

export const IsListOfIds = (
  kind: keyof typeof idPatterns,
  size: Readonly<{ min: number; max: number }>,
) => IsListLike(size, idPatterns[kind], idShapes[kind]);

export const IsMethodText = () =>
  IsTextWhere(
    'isMethod',
    'method, `<provider>/<instrument>/<presentation>`',
    (text) => parseMethod(text).ok,
    { pattern: methodPattern.source },
  );

/** @throws Error on a text that was not validated first. */
export function methodFrom(text: string): Method {
  const parsed = parseMethod(text);
  if (!parsed.ok) throw new Error(`unvalidated method: ${parsed.refusal.code}`);
  return parsed.value;
}

export const IsInstrumentText = () =>
  IsTextWhere(
    'isInstrument',
    '`wechat_pay`, `alipay`, `cloud_quickpass` or `bank_app:<bank code>`',
    isInstrument,
    { pattern: instrumentPattern.source },
  );

/** RFC 3339 in UTC with milliseconds, as `toISOString` writes it: a moment that exists, in one form. */
export const IsInstant = () =>
  IsTextWhere('isInstant', 'RFC 3339 in UTC, with milliseconds', isMoment, {
    format: 'date-time',
    pattern: `^${DAY}T${TIME}Z$`,
  });

const DAY = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])';
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}';

/** A day that exists, `2026-11-24`. */
export const IsCalendarDay = () =>
  IsTextWhere(
    'isCalendarDay',
    'calendar day, `YYYY-MM-DD`',
    (text) => isMoment(`${text}T00:00:00.000Z`),
    { format: 'date', pattern: `^${DAY}$` },
  );

/** Years of four digits only: `toISOString` writes others with a sign and six, which RFC 3339 has not. */
function isMoment(text: string): boolean {
  const at = new Date(text);
  return text.length === 24 && !Number.isNaN(at.getTime()) && at.toISOString() === text;
}

export const optionalDate = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);

/** Where a browser goes after paying. */
export const IsReturnUrl = () =>
  applyDecorators(
    MaxLength(2048, saying('http or https URL, at most 2048 characters')),
    IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false }),
  );

/** A compact JWE to one gateway's key: what it needs of the payer, opaque to everybody else. */
export const IsSealed = () =>
  IsTextLike(
    /^[\w-]{1,2048}\.[\w-]{0,512}\.[\w-]{1,64}\.[\w-]{1,4096}\.[\w-]{1,64}$/,
    'compact JWE (RFC 7516)',
  );
