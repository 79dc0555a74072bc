import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { checkClientParameters, readClientParameters } from './client-parameters.signature.js';
import { openOrder, type TradeType } from './order.js';
import type { WechatAccount } from './wechat-accounts.adapter.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const AT = new Date('2026-11-24T08:00:00.000Z');
const APPID = 'wx0000000000000001';
const PREPAY_ID = 'wx20261124160000aa';
const TIME = '1795500000';

const key = { serial: '1', privateKey, publicKey };
const account: WechatAccount = {
  account: 'taobao',
  mchid: '1900000001',
  appid: APPID,
  certificateSerial: '1',
  merchantPrivateKey: privateKey,
  merchantPublicKey: publicKey,
  apiV3Key: '',
  publicKey: key,
  openid: 'o',
};
const orderOf = (tradeType: TradeType) => {
  const terms = {
    mchid: account.mchid,
    appid: APPID,
    outTradeNo: 'A',
    tradeType,
    description: 'tea',
    attach: undefined,
    amount: money(1n, 'CNY'),
    notifyUrl: 'http://127.0.0.1/n',
    openid: undefined,
    asked: '{}',
  };
  const code = { text: PREPAY_ID, deadlineMs: 1 };
  return openOrder(terms, code, { at: AT, deadlineMs: 1 });
};
const signed = (...lines: string[]) =>
  sign('sha256', Buffer.from([...lines, ''].join('\n')), privateKey).toString('base64');

const app = {
  appid: APPID,
  partnerid: account.mchid,
  prepayid: PREPAY_ID,
  package: 'Sign=WXPay',
  noncestr: 'n',
  timestamp: TIME,
  sign: signed(APPID, TIME, 'n', PREPAY_ID),
};
const mini = {
  timeStamp: TIME,
  nonceStr: 'n',
  package: `prepay_id=${PREPAY_ID}`,
  signType: 'RSA',
  paySign: signed(APPID, TIME, 'n', `prepay_id=${PREPAY_ID}`),
};

function answer(given: object, tradeType: TradeType): unknown {
  const read = readClientParameters({ ...given });
  if (!read.ok) return read.refusal;
  const checked = checkClientParameters(read.value, orderOf(tradeType), account);
  return checked.ok ? checked.value : checked.refusal;
}

describe("WeChat's client", () => {
  it.each<[string, object, TradeType]>([
    ['an app', app, 'APP'],
    ['a mini program', mini, 'JSAPI'],
    ['a page in WeChat, which says its appid', { ...mini, appId: APPID }, 'JSAPI'],
  ])('opens for %s', (_, given, tradeType) => {
    expect(answer(given, tradeType)).toBe(PREPAY_ID);
  });

  it.each<[string, object, TradeType, object]>([
    [
      'a sign over the package instead of the number',
      { ...app, sign: signed(APPID, TIME, 'n', `prepay_id=${PREPAY_ID}`) },
      'APP',
      { code: 'sign_wrong' },
    ],
    [
      'a sign over the bare number',
      { ...mini, paySign: signed(APPID, TIME, 'n', PREPAY_ID) },
      'JSAPI',
      { code: 'sign_wrong' },
    ],
    [
      'another time than was signed',
      { ...mini, timeStamp: '1795500001' },
      'JSAPI',
      { code: 'sign_wrong' },
    ],
    [
      'a time in milliseconds',
      { ...app, timestamp: `${TIME}000` },
      'APP',
      { code: 'parameters_wrong', parameter: 'timestamp' },
    ],
    [
      'a time that is a number',
      { ...mini, timeStamp: Number(TIME) },
      'JSAPI',
      { code: 'parameters_wrong', parameter: 'timeStamp' },
    ],
    [
      'another sign type',
      { ...mini, signType: 'MD5' },
      'JSAPI',
      { code: 'parameters_wrong', parameter: 'signType' },
    ],
    [
      'a bare number as package',
      { ...mini, package: PREPAY_ID },
      'JSAPI',
      { code: 'parameters_wrong', parameter: 'package' },
    ],
    [
      'the package of the other kind',
      { ...app, package: `prepay_id=${PREPAY_ID}` },
      'APP',
      { code: 'parameters_wrong', parameter: 'package' },
    ],
    [
      'something more',
      { ...app, extra: '1' },
      'APP',
      { code: 'parameters_wrong', parameter: 'extra' },
    ],
    ['nothing', {}, 'JSAPI', { code: 'parameters_wrong', parameter: 'timeStamp' }],
    ['the parameters of an app for a mini program', app, 'JSAPI', { code: 'other_trade_type' }],
    ['another app', { ...app, appid: 'wx2' }, 'APP', { code: 'other_app' }],
    ['another merchant', { ...app, partnerid: '1900000002' }, 'APP', { code: 'other_merchant' }],
  ])('does not open for %s', (_, given, tradeType, refusal) => {
    expect(answer(given, tradeType)).toEqual(refusal);
  });
});
