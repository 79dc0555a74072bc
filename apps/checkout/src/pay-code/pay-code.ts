import type { Instrument, Provider } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';

/** Whose code it is, named by the provider that gave it out: a bank's app shows UnionPay's. */
export type CodeIssuer = Provider;

export type PayCodeRefusal =
  | Readonly<{ code: 'pay_code_missing' | 'pay_code_unknown' }>
  | Readonly<{ code: 'pay_code_unsupported' | 'pay_code_of_another_app'; issuer: CodeIssuer }>;

/**
 * What the providers publish of the codes that their apps show to a merchant's scanner. Alipay's
 * `trade.pay` page: 16 to 24 digits from 25 to 30, or `fp` and 33 more for a face; UnionPay's QR standard:
 * 19 digits from 62; WeChat's pages for other interfaces than ours: 18 digits from 10 to 15.
 */
const published: readonly (readonly [RegExp, CodeIssuer])[] = [
  [/^1[0-5]\d{16}$/, 'wechat'],
  [/^(?:2[5-9]|30)\d{14,22}$/, 'alipay'],
  [/^fp[0-9A-Za-z]{33}$/, 'alipay'],
  [/^62\d{17}$/, 'unionpay'],
];

/** Whose code that is. Its prefix and length tell; nobody is asked. */
export function issuerOf(code: string | undefined): Result<CodeIssuer, PayCodeRefusal> {
  if (code === undefined) return refuse({ code: 'pay_code_missing' });
  const issuer = published.find(([form]) => form.test(code))?.[1];
  if (issuer === undefined) return refuse({ code: 'pay_code_unknown' });
  // WeChat takes codes through another interface than its API v3, which is all that we speak.
  return issuer === 'wechat' ? refuse({ code: 'pay_code_unsupported', issuer }) : ok(issuer);
}

/** Refused unless the code is of the app that a method reads codes of. */
export function fitting(
  instrument: Instrument,
  code: string | undefined,
): Result<CodeIssuer, PayCodeRefusal> {
  const issuer = issuerOf(code);
  if (!issuer.ok || issuer.value === issuerFor(instrument)) return issuer;
  return refuse({ code: 'pay_code_of_another_app', issuer: issuer.value });
}

/** Who gives out the codes of an app. */
export function issuerFor(instrument: Instrument): CodeIssuer {
  if (instrument === 'wechat_pay') return 'wechat';
  return instrument === 'alipay' ? 'alipay' : 'unionpay';
}
