import { refuse, ok, type Result } from '@hutong/result';
import type { Refusal } from './result-code.js';
import { readBeijingDigits } from './unionpay-time.js';
import type { Fields } from './unionpay.signature.js';

/** What a field may be, and whether it has to be there. */
type Rule = Readonly<{ fits: (value: string) => boolean; optional?: true }>;
export type Shape = Readonly<Record<string, Rule>>;

const like = (pattern: RegExp): Rule => ({ fits: (value) => pattern.test(value) });
const oneOf = (...values: readonly string[]): Rule => ({ fits: (value) => values.includes(value) });
const time: Rule = { fits: (value) => readBeijingDigits(value) !== undefined };
const httpUrl: Rule = {
  fits: (value) => value.length <= 256 && /^https?:\/\//.test(value) && URL.canParse(value),
};
/** Neither `&` nor brackets nor braces: an answer that is not encoded could not be cut again. */
const free = (longest: number): Rule => ({
  fits: (value) => value.length <= longest && !/[&{}[\]\p{Cc}]/u.test(value),
});
const optional = (rule: Rule): Rule => ({ ...rule, optional: true });

const DIGITS_AMOUNT = like(/^[1-9]\d{0,11}$/);

/** Fields of every request. */
const COMMON = {
  version: oneOf('5.1.0'),
  encoding: oneOf('UTF-8', 'utf-8'),
  signMethod: oneOf('01'),
  certId: like(/^\d{1,50}$/),
  signature: like(/^.+$/),
  txnType: like(/^\d\d$/),
  txnSubType: like(/^\d\d$/),
  bizType: like(/^\d{6}$/),
  accessType: oneOf('0'),
  merId: like(/^\d{15}$/),
  orderId: like(/^[0-9A-Za-z]{8,32}$/),
  txnTime: time,
  reqReserved: optional(free(1_024)),
} as const satisfies Shape;

/** Fields of everything that moves money. */
const MOVING = {
  ...COMMON,
  channelType: oneOf('07', '08'),
  txnAmt: DIGITS_AMOUNT,
  backUrl: httpUrl,
} as const satisfies Shape;

const CREATING = {
  ...MOVING,
  currencyCode: oneOf('156'),
  payTimeout: optional(time),
  orderDesc: optional(free(32)),
  riskRateInfo: optional(like(/^\{[^{}]*\}$/)),
  reserved: optional(like(/^\{[^{}]*\}$/)),
  customerIp: optional(like(/^[\d.:a-f]{3,45}$/i)),
  defaultPayType: optional(like(/^\d{4}$/)),
  issInsCode: optional(like(/^[0-9A-Za-z]{1,16}$/)),
} as const satisfies Shape;

export const SHAPES = {
  page: { ...CREATING, frontUrl: httpUrl },
  app: { ...CREATING, frontUrl: optional(httpUrl) },
  qr: CREATING,
  barcode: { ...CREATING, qrNo: like(/^\d{1,32}$/), termId: like(/^[0-9A-Za-z]{8}$/) },
  undo: { ...MOVING, origQryId: like(/^\d{21}$/) },
  refund: { ...MOVING, origQryId: like(/^\d{21}$/) },
  query: { ...COMMON, queryId: optional(like(/^\d{21}$/)) },
} as const satisfies Record<string, Shape>;

/**
 * Checks every field: one that is missing is 13, one that is wrong 10, and so is one that no list of
 * UnionPay's has for this call, though UnionPay might overlook it: here mistakes are to be found.
 */
export function checkFields(fields: Fields, shape: Shape): Result<Fields, Refusal> {
  for (const [name, { fits, optional: isOptional }] of Object.entries(shape)) {
    const value = fields[name] ?? '';
    if (value === '' && !isOptional) return refuse({ code: '13', issue: name });
    if (value !== '' && !fits(value)) return refuse({ code: '10', issue: name });
  }
  const stranger = Object.keys(fields).find((name) => !Object.hasOwn(shape, name));
  return stranger === undefined ? ok(fields) : refuse({ code: '10', issue: wordsOf(stranger) });
}

/** A name that a stranger chose goes into an answer that is not encoded. */
const wordsOf = (name: string): string => name.replaceAll(/[^0-9A-Za-z]/g, '?').slice(0, 32);
