import { createHash, createPrivateKey, sign, verify, X509Certificate } from 'node:crypto';
import type { World } from '../world.examples.js';
import type { UnionpayCredentials } from './unionpay-accounts.adapter.js';

export type Said = Readonly<Record<string, string>>;
export type Answer = Readonly<{ status: number; body: string; said: Said }>;

let numbers = 0;

/** A number that no other order of this run has. */
export const aNumber = (): string => `01JD${(numbers += 1).toString().padStart(22, '0')}`;

/** `YYYYMMDDhhmmss` in Beijing, so many milliseconds from now. */
export const timeIn = (ms: number): string =>
  new Date(Date.now() + 8 * 3_600_000 + ms).toISOString().replaceAll(/\D/g, '').slice(0, 14);

/** Everything is right but what a spec gets wrong; `undefined` leaves a field out. */
export type Over = Readonly<Record<string, string | undefined>>;

/** Changes what was signed, or how it is sent. */
export type Sending = Readonly<{
  resaid?: Over;
  account?: UnionpayCredentials;
}>;

/** A merchant that signs, cuts answers and verifies by itself, with none of the sandbox's code. */
export class UnionpayMerchant {
  constructor(
    private readonly port: number,
    readonly account: UnionpayCredentials,
    private readonly backUrl = 'http://127.0.0.1:9/nobody-listens',
  ) {}

  /** @throws Error if the sandbox has no such account */
  static async of(world: World, name = 'taobao', backUrl?: string): Promise<UnionpayMerchant> {
    const answer = await world.control('GET', '/credentials/unionpay');
    const account = (answer.json as UnionpayCredentials[]).find((each) => each.account === name);
    if (account === undefined) throw new Error(`no account ${name}`);
    return new UnionpayMerchant(world.unionpayPort, account, backUrl);
  }

  app(orderId: string, over: Over = {}, sending?: Sending): Promise<Answer> {
    return this.send('appTransReq', this.order(orderId, { bizType: '000201', ...over }), sending);
  }

  qr(orderId: string, over: Over = {}): Promise<Answer> {
    return this.send('backTransReq', this.order(orderId, { txnSubType: '07', ...over }));
  }

  barcode(orderId: string, qrNo: string, over: Over = {}): Promise<Answer> {
    const shop = { txnSubType: '06', qrNo, termId: '49000002' };
    return this.send('backTransReq', this.order(orderId, { ...shop, ...over }));
  }

  page(orderId: string, over: Over = {}): Promise<Answer> {
    const browser = { channelType: '07', frontUrl: 'http://127.0.0.1:9/back' };
    const fields = this.order(orderId, { bizType: '000201', ...browser, ...over });
    return this.send('frontTransReq', fields);
  }

  query(orderId: string, txnTime: string, over: Over = {}): Promise<Answer> {
    const asked = { txnType: '00', txnSubType: '00', bizType: '000000', orderId, txnTime, ...over };
    return this.send('queryTrans', asked);
  }

  refund(orderId: string, origQryId: string, over: Over = {}): Promise<Answer> {
    return this.giveBack('04', orderId, origQryId, { txnAmt: '100', ...over });
  }

  undo(orderId: string, origQryId: string, over: Over = {}): Promise<Answer> {
    return this.giveBack('31', orderId, origQryId, over);
  }

  /** Whether the message is UnionPay's: by its own certificate, and that by the middle and the root. */
  verifies(said: Said): boolean {
    const { signPubKeyCert = '', signature = '' } = said;
    if (signPubKeyCert === '') return false;
    const certificate = new X509Certificate(signPubKeyCert);
    const middle = new X509Certificate(this.account.middlePem);
    const root = new X509Certificate(this.account.rootPem);
    const chain =
      certificate.checkIssued(middle) &&
      certificate.verify(middle.publicKey) &&
      middle.verify(root.publicKey);
    const isNow =
      certificate.validFromDate.getTime() < Date.now() &&
      certificate.validToDate.getTime() > Date.now();
    const commonName = /CN=(.+)$/m.exec(certificate.subject)?.[1] ?? '';
    const isUnionpay = commonName.split('@')[2] === '中国银联股份有限公司';
    const bytes = Buffer.from(signature, 'base64');
    return (
      chain && isNow && isUnionpay && verify('sha256', hashed(said), certificate.publicKey, bytes)
    );
  }

  async send(call: string, fields: Over, sending: Sending = {}): Promise<Answer> {
    const { resaid = {}, account = this.account } = sending;
    const said = present({
      version: '5.1.0',
      encoding: 'UTF-8',
      signMethod: '01',
      certId: account.certId,
      accessType: '0',
      merId: account.merId,
      ...fields,
    });
    const key = createPrivateKey(account.privateKeyPem);
    const signature = sign('sha256', hashed(said), key).toString('base64');
    return this.post(
      call,
      new URLSearchParams(present({ ...said, signature, ...resaid })).toString(),
    );
  }

  /** @param body as it is, signed or not */
  async post(call: string, body: string): Promise<Answer> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/gateway/api/${call}.do`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      body,
    });
    const text = await answer.text();
    return { status: answer.status, body: text, said: cutUp(text) };
  }

  private giveBack(txnType: string, orderId: string, origQryId: string, over: Over) {
    const moved = { txnSubType: '00', channelType: '07', backUrl: this.backUrl };
    const asked = { txnType, orderId, txnTime: timeIn(0), txnAmt: '12800', origQryId, ...moved };
    return this.send('backTransReq', { bizType: '000000', ...asked, ...over });
  }

  private order(orderId: string, over: Over): Over {
    return {
      txnType: '01',
      txnSubType: '01',
      bizType: '000000',
      channelType: '08',
      orderId,
      txnTime: timeIn(0),
      txnAmt: '12800',
      currencyCode: '156',
      backUrl: this.backUrl,
      ...over,
    };
  }
}

const present = (fields: Over): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

function hashed(said: Said): Buffer {
  const names = Object.keys(said).filter((name) => name !== 'signature' && said[name] !== '');
  const text = names.sort().map((name) => `${name}=${said[name]}`);
  return Buffer.from(createHash('sha256').update(text.join('&')).digest('hex'));
}

/** Cuts an answer that is not encoded: an `&` inside of braces or brackets ends no pair. */
export function cutUp(text: string): Said {
  const said: Record<string, string> = {};
  let depth = 0;
  let pair = '';
  for (const character of `${text}&`) {
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    if (character !== '&' || depth > 0) {
      pair += character;
      continue;
    }
    const at = pair.indexOf('=');
    if (at > 0) said[pair.slice(0, at)] = pair.slice(at + 1);
    pair = '';
  }
  return said;
}

/** A notification's form, decoded once. */
export const formIn = (body: string): Said => Object.fromEntries(new URLSearchParams(body));
