import { ok, refuse, type Result } from '@hutong/result';
import type { Order } from './order.js';
import { isSignedBy } from './wechat.signature.js';
import type { WechatAccount } from './wechat-accounts.adapter.js';

/** Why WeChat's client does not open: what is wrong, and for a wrong shape with which parameter. */
export type ClientRefusal =
  | Readonly<{ code: 'parameters_wrong'; parameter: string }>
  | Readonly<{ code: 'prepay_id_unknown' | 'other_app' | 'other_merchant' | 'other_trade_type' }>
  | Readonly<{ code: 'sign_wrong' }>;

type Given = Readonly<Record<string, unknown>>;

/** What a client was given, read; nothing of it is believed yet. */
export type ClientParameters = Readonly<{
  tradeType: 'APP' | 'JSAPI';
  prepayId: string;
  /** Signed even where a mini program does not send it: then it is the mini program's own. */
  appid: string | undefined;
  partnerid: string | undefined;
  timestamp: string;
  nonce: string;
  signature: string;
}>;

const APP = ['appid', 'partnerid', 'prepayid', 'package', 'noncestr', 'timestamp', 'sign'] as const;
const JSAPI = ['timeStamp', 'nonceStr', 'package', 'signType', 'paySign'] as const;

/** Every parameter is a string, none is missing, and none is there that the client does not know. */
export function readClientParameters(given: Given): Result<ClientParameters, ClientRefusal> {
  return 'prepayid' in given || 'partnerid' in given ? readApp(given) : readJsapi(given);
}

function readApp(given: Given): Result<ClientParameters, ClientRefusal> {
  const read = strings(given, APP, []);
  if (!read.ok) return read;
  const { value } = read;
  if (value.package !== 'Sign=WXPay') return wrong('package');
  if (!isSeconds(value.timestamp)) return wrong('timestamp');
  return ok({
    tradeType: 'APP',
    prepayId: value.prepayid,
    appid: value.appid,
    partnerid: value.partnerid,
    timestamp: value.timestamp,
    nonce: value.noncestr,
    signature: value.sign,
  });
}

function readJsapi(given: Given): Result<ClientParameters, ClientRefusal> {
  const read = strings(given, JSAPI, ['appId']);
  if (!read.ok) return read;
  const { value } = read;
  const [, prepayId] = /^prepay_id=(\w+)$/.exec(value.package) ?? [];
  if (prepayId === undefined) return wrong('package');
  if (value.signType !== 'RSA') return wrong('signType');
  if (!isSeconds(value.timeStamp)) return wrong('timeStamp');
  const { appId } = given;
  return ok({
    tradeType: 'JSAPI',
    prepayId,
    appid: typeof appId === 'string' ? appId : undefined,
    partnerid: undefined,
    timestamp: value.timeStamp,
    nonce: value.nonceStr,
    signature: value.paySign,
  });
}

/** Whether the merchant signed these parameters, for this order. */
export function checkClientParameters(
  parameters: ClientParameters,
  order: Order,
  account: WechatAccount,
): Result<string, ClientRefusal> {
  const { tradeType, prepayId, appid = order.terms.appid, partnerid, signature } = parameters;
  if (order.terms.tradeType !== tradeType) return refuse({ code: 'other_trade_type' });
  if (appid !== order.terms.appid) return refuse({ code: 'other_app' });
  if (partnerid !== undefined && partnerid !== account.mchid) {
    return refuse({ code: 'other_merchant' });
  }
  const what = tradeType === 'APP' ? prepayId : `prepay_id=${prepayId}`;
  const lines = [appid, parameters.timestamp, parameters.nonce, what, ''];
  const isSigned = isSignedBy(Buffer.from(lines.join('\n')), signature, account.merchantPublicKey);
  return isSigned ? ok(prepayId) : refuse({ code: 'sign_wrong' });
}

const isSeconds = (text: string): boolean => /^\d{10}$/.test(text);

const wrong = (parameter: string): Result<never, ClientRefusal> =>
  refuse({ code: 'parameters_wrong', parameter });

function strings<Name extends string>(
  given: Given,
  needed: readonly Name[],
  allowed: readonly string[],
): Result<Readonly<Record<Name, string>>, ClientRefusal> {
  const known: readonly string[] = [...needed, ...allowed];
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name) || typeof value !== 'string' || value === '') return wrong(name);
  }
  const missing = needed.find((name) => !(name in given));
  if (missing !== undefined) return wrong(missing);
  return ok(given as Readonly<Record<Name, string>>);
}
