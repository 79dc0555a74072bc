import { formText, type Form } from '@hutong/form';
import { aProviderRef, CANARIES, canariesIn as commonCanariesIn } from '@hutong/testing';
import { aKeyPair } from './account-files.examples.js';
import { recorded } from './recorded.examples.js';

/** What the content of requests is encrypted with. */
export const { contentKey } = recorded.vectors;
const { appId, sellerId } = recorded.portal;
/** Of the app, of this run. */
export const { privateKeyPem } = aKeyPair();

/** What only Alipay has, and what only this merchant has. */
const OURS: typeof CANARIES = [
  ['a buyer', '2088000000000009'],
  ['a buyer by a name', 'pay***@example.com'],
  ['the shortest code shown in a store', '2855123456789012'],
  ['the longest code shown in a store', '305512345678901234567890'],
  ['the key of the content', contentKey],
  ['the key of the app', privateKeyPem.trim()],
];

/** Everything that must be nowhere. */
export const ALL: typeof CANARIES = [...CANARIES, ...OURS];

/** Which of all of them stand in a text; of a key any line but those that every key has. */
export const canariesIn = (text: string): string[] => [
  ...commonCanariesIn(text),
  ...OURS.filter(([, canary]) =>
    [...canary.split('\n').filter((line) => !line.startsWith('---')), encodeURIComponent(canary)]
      .filter((part) => part.length > 8)
      .some((part) => text.includes(part)),
  ).map(([what]) => what),
];

/** Wherever Alipay says anything of a payer, or in words. */
export const ofPayer = (canary: string) => ({
  msg: canary,
  sub_msg: canary,
  buyer_id: canary,
  buyer_user_id: canary,
  buyer_open_id: canary,
  buyer_logon_id: canary,
  auth_code: canary,
  body: canary,
  passback_params: canary,
  [canary]: canary,
});

/** Of a payment of nobody's order. */
export const aNotice = (said: Form = {}): Form => ({
  notify_type: 'trade_status_sync',
  notify_id: crypto.randomUUID(),
  notify_time: '2026-11-24 16:00:02',
  app_id: appId,
  seller_id: sellerId,
  trade_no: aProviderRef(),
  out_trade_no: 'of-nobody',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '128.00',
  gmt_payment: '2026-11-24 16:00:02',
  ...said,
});

/** Not signed by Alipay, with `canary` wherever such a message says who signed it, and elsewhere. */
export const forgeries = (canary: string): readonly string[] => [
  canary,
  ...['sign', 'sign_type', 'alipay_cert_sn', 'notify_time', canary].map((field) =>
    formText({ ...aNotice(ofPayer(canary)), sign_type: 'RSA2', sign: 'AAAA', [field]: canary }),
  ),
];
