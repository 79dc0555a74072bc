/**
 * WeChat's error codes with their HTTP status and, where it is known, the number that ends their
 * Request-ID. The texts are ours: WeChat's differ from page to page, and nobody may branch on them.
 */
const errors = {
  PARAM_ERROR: { status: 400, text: 'a parameter is wrong' },
  INVALID_REQUEST: { status: 400, text: 'the request breaks a rule of HTTP or of its order' },
  APPID_MCHID_NOT_MATCH: { status: 400, text: 'appid and mchid do not belong together' },
  MCH_NOT_EXISTS: { status: 400, text: 'there is no such merchant' },
  REFUND_FEE_MISMATCH: { status: 400, text: 'the total is not the total of the order' },
  TRADE_OVERDUE: { status: 400, text: 'the payment is too old to be refunded' },
  ORDERPAID: { status: 400, text: 'the order is paid', number: 268449538 },
  ORDER_CLOSED: { status: 400, text: 'the order is closed' },
  SIGN_ERROR: { status: 401, text: 'the signature is wrong', number: 268443699 },
  NO_AUTH: { status: 403, text: 'the merchant may not do this' },
  OUT_TRADE_NO_USED: {
    status: 403,
    text: 'the order number was used with other parameters',
    number: 268498688,
  },
  NOT_ENOUGH: { status: 403, text: 'the balance is too low' },
  USER_ACCOUNT_ABNORMAL: { status: 403, text: 'the account of the user is not usable' },
  RULE_LIMIT: { status: 403, text: 'a limit of the business is reached' },
  TRADE_ERROR: { status: 403, text: 'the trade was refused' },
  ACCOUNT_ERROR: { status: 403, text: 'the account is not usable' },
  ORDER_NOT_EXIST: { status: 404, text: 'there is no such order', number: 268512771 },
  RESOURCE_NOT_EXISTS: { status: 404, text: 'there is no such thing' },
  FREQUENCY_LIMITED: { status: 429, text: 'too many requests', number: 268447840 },
  RATELIMIT_EXCEEDED: { status: 429, text: 'too many requests', number: 268447840 },
  SYSTEM_ERROR: { status: 500, text: 'the system failed: send the same request again' },
  BANK_ERROR: { status: 500, text: 'the bank failed: send the same request again' },
  SERVICE_UNAVAILABLE: { status: 503, text: 'the service is not available' },
} as const satisfies Record<string, { status: number; text: string; number?: number }>;

export type WechatErrorCode = keyof typeof errors;

export const isErrorCode = (text: string): text is WechatErrorCode => Object.hasOwn(errors, text);

/** Where the mistake is, as WeChat says it. `field` is a JSON pointer in a body, a name elsewhere. */
export type RefusalDetail = Readonly<{
  field?: string;
  value?: unknown;
  issue?: string;
  location?: 'body' | 'query' | 'path' | 'header' | 'authorization';
  [more: string]: unknown;
}>;

/** A refusal in WeChat's words, on its way to the wire. */
export type WechatRefusal = Readonly<{
  status: number;
  code: WechatErrorCode;
  message: string;
  detail?: RefusalDetail;
  requestIdNumber: number;
}>;

export function wechatRefusal(code: WechatErrorCode, detail?: RefusalDetail): WechatRefusal {
  const {
    status,
    text,
    number = 0,
  }: { status: number; text: string; number?: number } = errors[code];
  const message = detail?.issue ?? text;
  return { status, code, message, requestIdNumber: number, ...(detail && { detail }) };
}
