import { ok, refuse, type Result } from '@hutong/result';
import { parseBeijingStamp } from '../clock/beijing-time.js';
import type { AlipayAccount, KeyMode } from './alipay-accounts.adapter.js';
import { decrypted, isSignedBy, requestContent, SIGN_TYPE } from './alipay.signature.js';
import { isMethod, type Method } from './methods.js';
import { alipayRefusal, type AlipayRefusal, type SubCode } from './refusal.js';

/** Who asks, for what, and how the answer is to be signed. */
export type Caller = Readonly<{
  account: AlipayAccount;
  method: Method;
  /** biz_content in the clear. */
  biz: string;
  notifyUrl: string | undefined;
  returnUrl: string | undefined;
  keys: KeyMode;
  /** Whether content goes both ways encrypted. */
  encrypts: boolean;
}>;

type Parameters = ReadonlyMap<string, string>;
type Rule = (parameters: Parameters, account: AlipayAccount, now: Date) => SubCode | false;

/** Alipay publishes no window; a clock that is a day off is found here. */
const SKEW_MS = 24 * 3_600_000;

/** In Alipay's order: the app is looked at before the signature, everything else after it. */
const rules: readonly Rule[] = [
  (p) => !p.get('method') && 'isv.missing-method',
  (p) => !isMethod(p.get('method') ?? '') && 'isv.invalid-method',
  (p) => !p.get('sign_type') && 'isv.missing-signature-type',
  (p) => p.get('sign_type') !== SIGN_TYPE && 'isv.invalid-signature-type',
  (p) => !p.get('sign') && 'isv.missing-signature',
  (p) => !['utf-8', 'UTF-8'].includes(p.get('charset') ?? '') && 'isv.invalid-charset',
  (p, { appPublicKey }) =>
    !isSignedBy(requestContent(p), p.get('sign') ?? '', appPublicKey) && 'isv.invalid-signature',
  (p) => !p.get('timestamp') && 'isv.missing-timestamp',
  (p, _, now) => !isNear(p.get('timestamp') ?? '', now) && 'isv.invalid-timestamp',
  (p) => p.get('version') !== '1.0' && 'isv.missing-version',
  (p) => (p.get('format') ?? 'JSON').toUpperCase() !== 'JSON' && 'isv.invalid-format',
  (p, account) => !namesItsCertificates(p, account) && 'isv.missing-signature-config',
  (p) => !['', 'AES'].includes(p.get('encrypt_type') ?? '') && 'isv.invalid-encrypt-type',
  (p, { aesKey }) => bizOf(p, aesKey) === undefined && 'isv.decryption-error-unknown',
  (p) => p.has('app_auth_token') && 'aop.invalid-app-auth-token',
];

/** Who asks, or which of Alipay's rules is broken first. */
export function authenticate(
  parameters: Parameters,
  accounts: readonly AlipayAccount[],
  now: Date,
): Result<Caller, AlipayRefusal> {
  const appId = parameters.get('app_id') ?? '';
  if (appId === '') return refuse(alipayRefusal('isv.missing-app-id'));
  const account = accounts.find((known) => known.appId === appId);
  if (account === undefined) return refuse(alipayRefusal('isv.invalid-app-id'));
  for (const rule of rules) {
    const broken = rule(parameters, account, now);
    if (broken === false) continue;
    return refuse(alipayRefusal(broken, explained(broken, parameters)));
  }
  const method = parameters.get('method') ?? '';
  const biz = bizOf(parameters, account.aesKey);
  if (!isMethod(method) || biz === undefined) throw new Error('the rules let it pass');
  return ok({
    account,
    method,
    biz,
    notifyUrl: parameters.get('notify_url') || undefined,
    returnUrl: parameters.get('return_url') || undefined,
    keys: parameters.has('app_cert_sn') ? 'certificate' : 'public_key',
    encrypts: isEncrypted(parameters),
  });
}

const isEncrypted = (parameters: Parameters): boolean => parameters.get('encrypt_type') === 'AES';

const bizOf = (parameters: Parameters, aesKey: string): string | undefined => {
  const text = parameters.get('biz_content') ?? '';
  return isEncrypted(parameters) ? decrypted(text, aesKey) : text;
};

/** Both numbers and both right, or neither: then it is the public key. */
const namesItsCertificates = (parameters: Parameters, account: AlipayAccount): boolean => {
  const own = parameters.get('app_cert_sn');
  const roots = parameters.get('alipay_root_cert_sn');
  if (own === undefined && roots === undefined) return true;
  return own === account.appCertificate.number && roots === account.roots.number;
};

const isNear = (timestamp: string, now: Date): boolean => {
  const at = parseBeijingStamp(timestamp);
  return at !== undefined && Math.abs(now.getTime() - at.getTime()) <= SKEW_MS;
};

/** Of a wrong signature, what should have been signed: what a developer compares with theirs. */
const explained = (subCode: SubCode, parameters: Parameters): string =>
  subCode === 'isv.invalid-signature'
    ? `the signature is not over: ${requestContent(parameters).slice(0, SHOWN_CHARACTERS)}`
    : subCode;

const SHOWN_CHARACTERS = 400;
