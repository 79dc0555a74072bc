import { createDecipheriv, sign, verify, type KeyObject } from 'node:crypto';
import { ok, refuse, type Result } from '@hutong/result';

/** The only scheme that we speak. Another one is another signature file. */
export const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

/** WeChat's keys by exactly the serial that its headers name: `PUB_KEY_ID_…` or a certificate's. */
export type KeyRing = ReadonlyMap<string, KeyObject>;

export type RequestToSign = Readonly<{
  /** Upper case. */
  method: string;
  /** Path and query exactly as they are sent, percent-encoded, without the host. */
  url: string;
  /** Empty for GET. */
  body: Uint8Array;
}>;

/** Who signs, and what makes this signature unlike any other. */
export type Signer = Readonly<{
  mchid: string;
  /** Of the merchant's certificate: 40 upper-case hex digits. */
  certificateSerial: string;
  privateKey: KeyObject;
  at: Date;
  /** 32 characters, never used before. */
  nonce: string;
}>;

/** Who signs what a client is started with. */
export type ClientSigner = Pick<Signer, 'mchid' | 'privateKey' | 'at' | 'nonce'> &
  Readonly<{ appid: string }>;

/** What WeChat's app is started with: signed over the bare prepay id. */
export function appParameters(
  prepayId: string,
  signer: ClientSigner,
): Readonly<Record<string, string>> {
  const { appid, mchid, nonce, at } = signer;
  return {
    appid,
    partnerid: mchid,
    prepayid: prepayId,
    package: 'Sign=WXPay',
    noncestr: nonce,
    timestamp: `${unixSeconds(at)}`,
    sign: clientSignature(prepayId, signer),
  };
}

/** What `wx.requestPayment` takes in a mini program: its app id is signed, and not sent. */
export function miniProgramParameters(
  prepayId: string,
  signer: ClientSigner,
): Readonly<Record<string, string>> {
  const named = `prepay_id=${prepayId}`;
  return {
    timeStamp: `${unixSeconds(signer.at)}`,
    nonceStr: signer.nonce,
    package: named,
    signType: 'RSA',
    paySign: clientSignature(named, signer),
  };
}

/** Four lines, each ended by LF. */
function clientSignature(what: string, { appid, at, nonce, privateKey }: ClientSigner): string {
  const lines = `${appid}\n${unixSeconds(at)}\n${nonce}\n${what}\n`;
  return sign('sha256', Buffer.from(lines), privateKey).toString('base64');
}

/** The headers that an answer or a notification is verified by; names in lower case. */
export type SignedHeaders = Readonly<Record<string, string | undefined>>;

export type SignatureRefusal =
  'headers_missing' | 'outside_window' | 'unknown_key' | 'bad_signature';

const WINDOW_MS = 300_000;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const LF = Buffer.from('\n');

/** The Authorization header. Five lines are signed, each ended by LF, the last too. */
export function authorization(request: RequestToSign, signer: Signer): string {
  const { method, url, body } = request;
  const { mchid, certificateSerial, privateKey, at, nonce } = signer;
  const timestamp = unixSeconds(at);
  const head = Buffer.from(`${method}\n${url}\n${timestamp}\n${nonce}\n`);
  const signature = sign('sha256', Buffer.concat([head, body, LF]), privateKey);
  const attributes = {
    mchid,
    nonce_str: nonce,
    signature: signature.toString('base64'),
    timestamp: `${timestamp}`,
    serial_no: certificateSerial,
  };
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  return `${SCHEME} ${written.join(',')}`;
}

/**
 * Whether WeChat signed these raw bytes just now. Its forged probes (`WECHATPAY/SIGNTEST/…`) are no
 * special case: they do not verify. An unknown serial is refused, never tried with other keys.
 */
export function verifySigned(
  body: Uint8Array,
  headers: SignedHeaders,
  { keys, now }: Readonly<{ keys: KeyRing; now: Date }>,
): Result<true, SignatureRefusal> {
  const timestamp = headers['wechatpay-timestamp'];
  const nonce = headers['wechatpay-nonce'];
  const signature = headers['wechatpay-signature'];
  const serial = headers['wechatpay-serial'];
  const scheme = headers['wechatpay-signature-type'] ?? SCHEME;
  if (!timestamp || !nonce || !signature || !serial || !/^\d{1,12}$/.test(timestamp)) {
    return refuse('headers_missing');
  }
  if (Math.abs(now.getTime() - Number(timestamp) * 1_000) >= WINDOW_MS) {
    return refuse('outside_window');
  }
  const key = keys.get(serial);
  if (key === undefined) return refuse('unknown_key');
  if (scheme !== SCHEME || !BASE64.test(signature)) return refuse('bad_signature');
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, LF]);
  const good = verify('sha256', message, key, Buffer.from(signature, 'base64'));
  return good ? ok(true) : refuse('bad_signature');
}

/** Of a public key or a certificate: what a forger writes there instead may be anybody's. */
const SERIAL = /^(PUB_KEY_ID_[0-9A-Z]{1,53}|[0-9A-Fa-f]{40})$/;

/**
 * What an unverified message says of its signature, for whoever finds out why it does not verify. Only
 * what looks like a serial, a time and a probe: anything else may be anybody's data.
 */
export function claimsOf(headers: SignedHeaders): Readonly<Record<string, string>> {
  const { 'wechatpay-serial': serial, 'wechatpay-timestamp': timestamp } = headers;
  const probe = headers['wechatpay-signature']?.startsWith('WECHATPAY/SIGNTEST/') ?? false;
  return {
    ...(serial !== undefined && { serial: SERIAL.test(serial) ? serial : 'malformed' }),
    ...(timestamp !== undefined && {
      timestamp: /^\d{10}$/.test(timestamp) ? timestamp : 'malformed',
    }),
    ...(probe && { probe: 'yes' }),
  };
}

/** What a notification carries sealed. */
export type SealedResource = Readonly<{
  algorithm: string;
  /** Base64, the 16-byte tag at its end. */
  ciphertext: string;
  nonce: string;
  associatedData: string | undefined;
}>;

const SEALING = 'AEAD_AES_256_GCM';
const TAG_BYTES = 16;

/**
 * AES-256-GCM under the APIv3 key, whose 32 characters are the key itself. Only the tag makes the text
 * believable, so nothing comes out before it was checked, and no shorter tag is taken.
 */
export function unsealed(
  { algorithm, ciphertext, nonce, associatedData }: SealedResource,
  apiV3Key: string,
): Result<string, 'not_decryptable'> {
  const sealed = BASE64.test(ciphertext) ? Buffer.from(ciphertext, 'base64') : Buffer.alloc(0);
  if (algorithm !== SEALING || sealed.length < TAG_BYTES) return refuse('not_decryptable');
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(associatedData ?? ''));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = decipher.update(sealed.subarray(0, -TAG_BYTES));
    return ok(Buffer.concat([text, decipher.final()]).toString('utf8'));
  } catch {
    return refuse('not_decryptable'); // another key, another nonce, or not what was sealed
  }
}

const unixSeconds = (at: Date): number => Math.floor(at.getTime() / 1_000);
