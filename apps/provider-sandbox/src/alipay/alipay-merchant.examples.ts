import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
} from 'node:crypto';
import { jsonAs } from '../merchant.examples.js';
import type { World } from '../world.examples.js';
import type { AlipayCredentials } from './alipay-accounts.adapter.js';

export type Node = Readonly<Record<string, unknown>>;

/** What came back, with its node cut out of the text as it stands there. */
export type Answer = Readonly<{
  status: number;
  type: string;
  body: string;
  /** The text of the node: what is signed. */
  content: string;
  node: Node;
  sign: string | undefined;
  certSn: string | undefined;
}>;

/** What a spec gets wrong, or has otherwise; `undefined` leaves a parameter out. */
export type Asking = Readonly<{
  parameters?: Readonly<Record<string, string | undefined>>;
  /** Changed after signing. */
  resaid?: Readonly<Record<string, string>>;
  keys?: 'public_key' | 'certificate';
  encrypts?: boolean;
}>;

let numbers = 0;

/** A number that no other order of this run has. */
export const aNumber = (): string => `01JE${(numbers += 1).toString().padStart(22, '0')}`;

/** `yyyy-MM-dd HH:mm:ss` in Beijing, so many milliseconds from now. */
export const stampIn = (ms: number): string =>
  new Date(Date.now() + 8 * 3_600_000 + ms).toISOString().slice(0, 19).replace('T', ' ');

/** A merchant that signs, cuts answers and verifies by itself, with none of the sandbox's code. */
export class AlipayMerchant {
  constructor(
    readonly port: number,
    readonly account: AlipayCredentials,
    private readonly notifyUrl = 'http://127.0.0.1:9/nobody-listens',
  ) {}

  /** @throws Error if the sandbox has no such account */
  static async of(world: World, name = 'taobao', notifyUrl?: string): Promise<AlipayMerchant> {
    const answer = await world.control('GET', '/credentials/alipay');
    const account = (answer.json as AlipayCredentials[]).find((each) => each.account === name);
    if (account === undefined) throw new Error(`no account ${name}`);
    return new AlipayMerchant(world.alipayPort, account, notifyUrl);
  }

  precreate(outTradeNo: string, over: object = {}, asking: Asking = {}): Promise<Answer> {
    const order = this.order(outTradeNo, { product_code: 'QR_CODE_OFFLINE', ...over });
    return this.call('trade.precreate', order, asking);
  }

  pay(outTradeNo: string, authCode: string, over: object = {}): Promise<Answer> {
    const shop = { product_code: 'FACE_TO_FACE_PAYMENT', scene: 'bar_code', auth_code: authCode };
    return this.call('trade.pay', this.order(outTradeNo, { ...shop, ...over }));
  }

  query(outTradeNo: string, asking: Asking = {}): Promise<Answer> {
    return this.call('trade.query', { out_trade_no: outTradeNo }, asking);
  }

  close(outTradeNo: string): Promise<Answer> {
    return this.call('trade.close', { out_trade_no: outTradeNo });
  }

  cancel(outTradeNo: string): Promise<Answer> {
    return this.call('trade.cancel', { out_trade_no: outTradeNo });
  }

  /** Asks for 1.00 of an order of 128.00, unless `over` says otherwise. */
  refund(outTradeNo: string, outRequestNo: string, over: object = {}): Promise<Answer> {
    return this.call('trade.refund', {
      out_trade_no: outTradeNo,
      out_request_no: outRequestNo,
      refund_amount: '1.00',
      ...over,
    });
  }

  queryRefund(outTradeNo: string, outRequestNo: string): Promise<Answer> {
    const which = { out_trade_no: outTradeNo, out_request_no: outRequestNo };
    return this.call('trade.fastpay.refund.query', which);
  }

  /** Where a browser is sent. @param kind what it is for */
  pageUrl(
    kind: 'page' | 'wap',
    outTradeNo: string,
    over: object = {},
    asking: Asking = {},
  ): string {
    const product_code = kind === 'page' ? 'FAST_INSTANT_TRADE_PAY' : 'QUICK_WAP_WAY';
    const order = this.order(outTradeNo, { product_code, ...over });
    return `${this.gateway}?${this.signed(`trade.${kind}.pay`, order, asking).toString()}`;
  }

  /** What an app hands to Alipay's client. */
  orderString(outTradeNo: string, over: object = {}, asking: Asking = {}): string {
    const order = this.order(outTradeNo, { product_code: 'QUICK_MSECURITY_PAY', ...over });
    return this.signed('trade.app.pay', order, asking).toString();
  }

  /** Creates an order and answers its qr_code. */
  async codeOf(outTradeNo: string, over: object = {}): Promise<string> {
    return String((await this.precreate(outTradeNo, over)).node['qr_code']);
  }

  call(method: string, biz: object, asking: Asking = {}): Promise<Answer> {
    const parameters = this.signed(method, biz, asking);
    const body = new URLSearchParams({ biz_content: parameters.get('biz_content') ?? '' });
    parameters.delete('biz_content');
    return this.post(parameters.toString(), body.toString());
  }

  async post(query: string, body: string): Promise<Answer> {
    const answer = await fetch(`${this.gateway}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
      body,
    });
    const text = await answer.text();
    const { status, headers } = answer;
    return { status, type: headers.get('content-type') ?? '', body: text, ...this.cut(text) };
  }

  /** Whether an answer is Alipay's. */
  verifies({ content, sign = '' }: Pick<Answer, 'content' | 'sign'>): boolean {
    return this.isAlipays(content, sign);
  }

  /** Whether a notification is, and what it says. */
  read(form: string): Readonly<{ isAlipays: boolean; said: Readonly<Record<string, string>> }> {
    const said = Object.fromEntries(new URLSearchParams(form));
    const signed = Object.entries(said).filter(([name]) => !['sign', 'sign_type'].includes(name));
    const content = joined(Object.fromEntries(signed));
    return { isAlipays: this.isAlipays(content, said['sign'] ?? ''), said };
  }

  get gateway(): string {
    return `http://127.0.0.1:${this.port}/gateway.do`;
  }

  signed(method: string, biz: object, asking: Asking): URLSearchParams {
    const { parameters = {}, resaid = {}, keys = 'public_key', encrypts = false } = asking;
    const plain = JSON.stringify(biz);
    const said = present({
      app_id: this.account.appId,
      method: `alipay.${method}`,
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: stampIn(0),
      version: '1.0',
      notify_url: this.notifyUrl,
      biz_content: encrypts ? this.encrypted(plain) : plain,
      ...(encrypts && { encrypt_type: 'AES' }),
      ...(keys === 'certificate' && {
        app_cert_sn: this.account.appCertSn,
        alipay_root_cert_sn: this.account.alipayRootCertSn,
      }),
      ...parameters,
    });
    const sign = createSign('RSA-SHA256')
      .update(joined(said))
      .sign(createPrivateKey(this.account.appPrivateKeyPem), 'base64');
    return new URLSearchParams(present({ sign, ...said, ...resaid }));
  }

  private order(outTradeNo: string, over: object): object {
    return { out_trade_no: outTradeNo, total_amount: '128.00', subject: '龙井茶 + 250 g', ...over };
  }

  private isAlipays(content: string, sign: string): boolean {
    const key = createPublicKey(this.account.alipayPublicKeyPem);
    return createVerify('RSA-SHA256').update(content).verify(key, sign, 'base64');
  }

  /** The node's text, found by its brackets and quotes, and what it says. */
  private cut(text: string) {
    const document = jsonAs<Record<string, unknown>>(text);
    const [name = ''] = Object.keys(document);
    const from = text.indexOf(`"${name}":`) + name.length + 3;
    const behind = [`,"alipay_cert_sn":`, `,"sign":`].map((end) => text.lastIndexOf(end));
    const to = Math.min(...[...behind.filter((at) => at > 0), text.length - 1]);
    const content = text.slice(from, to);
    const inner = document[name];
    const node = typeof inner === 'string' ? this.decrypted(inner) : inner;
    const { sign, alipay_cert_sn: certSn } = document;
    return {
      content,
      node: node as Node,
      sign: sign as string | undefined,
      certSn: certSn as string | undefined,
    };
  }

  private encrypted(plain: string): string {
    const cipher = createCipheriv('aes-128-cbc', this.aesKey, Buffer.alloc(16));
    return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
  }

  private decrypted(text: string): unknown {
    const decipher = createDecipheriv('aes-128-cbc', this.aesKey, Buffer.alloc(16));
    return JSON.parse(decipher.update(text, 'base64', 'utf8') + decipher.final('utf8'));
  }

  private get aesKey(): Buffer {
    return Buffer.from(this.account.aesKey, 'base64');
  }
}

const present = (said: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(said).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    ),
  );

const joined = (said: Readonly<Record<string, string>>): string =>
  Object.keys(said)
    .filter((name) => said[name] !== '')
    .sort()
    .map((name) => `${name}=${said[name] ?? ''}`)
    .join('&');
