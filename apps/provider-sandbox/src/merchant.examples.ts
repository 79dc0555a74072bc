import {
  createDecipheriv,
  createSign,
  createVerify,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import type { WechatCredentials } from './wechat/wechat-accounts.adapter.js';

export type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: string }>;

/** Everything a request says beside what it is about; a spec gets one of them wrong. */
export type Asking = Readonly<{
  timestamp?: number;
  serial?: string;
  /** Wechatpay-Serial; `null` leaves it out. */
  answeredWith?: string | null;
  headers?: Readonly<Record<string, string | undefined>>;
  /** Sent instead of the body that was signed. */
  sentBody?: string;
}>;

let numbers = 0;

/** A number that no other order of this run has. */
export const aNumber = (): string => `01JD${(numbers += 1).toString().padStart(22, '0')}`;

/** A merchant that signs and verifies by itself, with none of the sandbox's code. */
export class Merchant {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(
    private readonly port: number,
    readonly account: WechatCredentials,
    private readonly notifyUrl = 'http://127.0.0.1:9/nobody-listens',
  ) {}

  native(outTradeNo: string, over: object = {}, asking: Asking = {}): Promise<Answer> {
    return this.create('native', outTradeNo, over, asking);
  }

  /** @param type the end of the path; what else it needs is in `over`. */
  create(
    type: string,
    outTradeNo: string,
    over: object = {},
    asking: Asking = {},
  ): Promise<Answer> {
    const order = {
      appid: this.account.appid,
      mchid: this.account.mchid,
      description: '龙井茶 250 g',
      out_trade_no: outTradeNo,
      notify_url: this.notifyUrl,
      amount: { total: 12_800, currency: 'CNY' },
      ...over,
    };
    return this.send('POST', `/v3/pay/transactions/${type}`, JSON.stringify(order), asking);
  }

  query(outTradeNo: string, asking: Asking = {}): Promise<Answer> {
    const path = `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${this.account.mchid}`;
    return this.send('GET', path, '', asking);
  }

  queryTransaction(transactionId: string): Promise<Answer> {
    return this.send(
      'GET',
      `/v3/pay/transactions/id/${transactionId}?mchid=${this.account.mchid}`,
      '',
    );
  }

  close(outTradeNo: string, asking: Asking = {}): Promise<Answer> {
    const path = `/v3/pay/transactions/out-trade-no/${outTradeNo}/close`;
    return this.send('POST', path, JSON.stringify({ mchid: this.account.mchid }), asking);
  }

  /** Asks for 100 fen of an order of 12 800, unless `over` says otherwise. */
  refund(outTradeNo: string, outRefundNo: string, over: object = {}): Promise<Answer> {
    const asked = {
      out_trade_no: outTradeNo,
      out_refund_no: outRefundNo,
      notify_url: this.notifyUrl,
      amount: { refund: 100, total: 12_800, currency: 'CNY' },
      ...over,
    };
    return this.send('POST', '/v3/refund/domestic/refunds', JSON.stringify(asked));
  }

  queryRefund(outRefundNo: string): Promise<Answer> {
    const path = `/v3/refund/domestic/refunds/${encodeURIComponent(outRefundNo)}`;
    return this.send('GET', path, '');
  }

  /** What an app hands to WeChat's client. */
  appParameters(prepayId: string) {
    const { appid, mchid } = this.account;
    const { timestamp, noncestr, sign } = this.signedFor(appid, prepayId);
    const fixed = { appid, partnerid: mchid, prepayid: prepayId, package: 'Sign=WXPay' };
    return { ...fixed, noncestr, timestamp, sign };
  }

  /** What a mini program hands to WeChat's client: its own appid is signed and not said. */
  miniProgramParameters(prepayId: string) {
    const what = `prepay_id=${prepayId}`;
    const { timestamp, noncestr, sign } = this.signedFor(this.account.appid, what);
    const signed = { signType: 'RSA', paySign: sign };
    return { timeStamp: timestamp, nonceStr: noncestr, package: what, ...signed };
  }

  private signedFor(appid: string, what: string) {
    const timestamp = Math.floor(Date.now() / 1_000).toString();
    const noncestr = randomBytes(16).toString('hex');
    const sign = createSign('RSA-SHA256')
      .update(`${appid}\n${timestamp}\n${noncestr}\n${what}\n`)
      .sign(this.account.privateKeyPem, 'base64');
    return { timestamp, noncestr, sign };
  }

  /** Creates an order and answers its code_url. */
  async codeOf(outTradeNo: string, over: object = {}): Promise<string> {
    return String(jsonOf(await this.native(outTradeNo, over))['code_url']);
  }

  /** @throws Error of Node if the connection dies before the answer. */
  send(method: string, path: string, body: string, asking: Asking = {}): Promise<Answer> {
    const timestamp = asking.timestamp ?? Math.floor(Date.now() / 1_000);
    const nonce = randomBytes(16).toString('hex');
    const signature = createSign('RSA-SHA256')
      .update(`${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`)
      .sign(this.account.privateKeyPem, 'base64');
    const serial = asking.serial ?? this.account.certificateSerial;
    const { answeredWith = this.account.publicKeyId } = asking;
    const headers = {
      accept: 'application/json',
      'user-agent': 'spec/1',
      authorization:
        `WECHATPAY2-SHA256-RSA2048 mchid="${this.account.mchid}",nonce_str="${nonce}",` +
        `signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`,
      ...(body !== '' && { 'content-type': 'application/json' }),
      ...(answeredWith !== null && { 'wechatpay-serial': answeredWith }),
      ...asking.headers,
    };
    return this.exchange(method, path, headers, asking.sentBody ?? body);
  }

  /** Whether an answer is WeChat's: by its public key, or by that of a certificate. */
  verifies({ headers, body }: Pick<Answer, 'headers' | 'body'>, certificate?: KeyObject): boolean {
    const text = `${String(headers['wechatpay-timestamp'])}\n${String(headers['wechatpay-nonce'])}\n${body}\n`;
    const isRecent = Math.abs(Date.now() / 1_000 - Number(headers['wechatpay-timestamp'])) < 300;
    const isOurs =
      certificate !== undefined || headers['wechatpay-serial'] === this.account.publicKeyId;
    const signature = String(headers['wechatpay-signature']);
    const verifier = createVerify('RSA-SHA256').update(text);
    const key = certificate ?? this.account.publicKeyPem;
    return isRecent && isOurs && verifier.verify(key, signature, 'base64');
  }

  /** What a notification's resource says. @throws Error if it was sealed with another key. */
  opened(body: string): Record<string, unknown> {
    const { resource } = jsonAs<Readonly<{ resource: object }>>(body);
    return jsonAs<Record<string, unknown>>(this.unsealed(resource));
  }

  /** What was sealed with the merchant's own key. */
  unsealed(part: object): string {
    const { ciphertext, nonce, associated_data: data } = part as Sealed;
    const bytes = Buffer.from(ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.account.apiV3Key, nonce, {
      authTagLength: 16,
    });
    decipher.setAAD(Buffer.from(data));
    decipher.setAuthTag(bytes.subarray(-16));
    const start = decipher.update(bytes.subarray(0, -16), undefined, 'utf8');
    return start + decipher.final('utf8');
  }

  private exchange(
    method: string,
    path: string,
    headers: Readonly<Record<string, string | undefined>>,
    body: string,
  ): Promise<Answer> {
    const said = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    );
    return new Promise((resolve, reject) => {
      const sending = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          agent: this.agent,
          headers: { ...Object.fromEntries(said), 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
          });
        },
      );
      sending.on('error', reject);
      sending.end(body);
    });
  }
}

type Sealed = Readonly<{ ciphertext: string; nonce: string; associated_data: string }>;

/** JSON as what a spec takes it for: the spec itself is what checks it. */
export const jsonAs = <T>(text: string): T => JSON.parse(text) as T;

export const jsonOf = ({ body }: Pick<Answer, 'body'>): Record<string, unknown> => jsonAs(body);
