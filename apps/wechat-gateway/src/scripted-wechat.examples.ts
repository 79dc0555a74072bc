import { createCipheriv, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Clock } from '@hutong/config';
import type { Notice } from '@hutong/gateway/conformance';
import { aKeyPair } from './account-files.examples.js';
import { recorded } from './recorded.examples.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

const pair = aKeyPair();
const privateKey = createPrivateKey(pair.privateKeyPem);

/** A key of this run, by which `ScriptedWechat` signs. */
export const SCRIPTED_KEY = {
  serial: 'PUB_KEY_ID_0119000000012026112400000000000009',
  publicKey: createPublicKey(pair.publicKeyPem),
};

export type Script = Readonly<{ status: number; json?: object; unsigned?: boolean }>;
export type Heard = Readonly<{
  method: string;
  url: string;
  serial: string | undefined;
  body: string;
}>;

/** A real HTTP server that answers what it is told, signed by a key of this run. */
export class ScriptedWechat implements AsyncDisposable {
  readonly heard: Heard[] = [];
  private readonly scripts = new Map<string, Script>();

  private constructor(
    private readonly server: Server,
    private readonly clock: Clock,
    readonly url: URL,
  ) {}

  static async start(clock: Clock): Promise<ScriptedWechat> {
    const server = createServer(STAYS_OPEN);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    const url = new URL(`http://127.0.0.1:${address.port}`);
    const wechat = new ScriptedWechat(server, clock, url);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const serial = headers['wechatpay-serial'];
        wechat.heard.push({ method, url: path, serial: serial?.toString(), body });
        const script = wechat.scripts.get(`${method} ${path}`) ?? { status: 404, unsigned: true };
        const text = script.json === undefined ? '' : JSON.stringify(script.json);
        const signed = script.unsigned ? {} : wechat.signed(text);
        response.writeHead(script.status, signed).end(text);
      });
    });
    return wechat;
  }

  /** What such a call is answered from now on. @param call `METHOD /path?query` */
  answer(call: string, script: Script): void {
    this.scripts.set(call, script);
  }

  /** A notification of this event, as this key signs it. */
  notice(eventType: string, told: object): Notice {
    const body = JSON.stringify({
      id: randomBytes(16).toString('hex'),
      create_time: '2026-11-24T16:00:02+08:00',
      event_type: eventType,
      resource_type: 'encrypt-resource',
      resource: { original_type: 'refund', ...encrypted(JSON.stringify(told), 'refund') },
    });
    return { headers: this.signed(body), body };
  }

  signed(body: string): Record<string, string> {
    const timestamp = `${Math.floor(this.clock.now().getTime() / 1_000)}`;
    const nonce = randomBytes(16).toString('hex');
    const message = Buffer.from(`${timestamp}\n${nonce}\n${body}\n`);
    return {
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': SCRIPTED_KEY.serial,
      'wechatpay-signature': sign('sha256', message, privateKey).toString('base64'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }
}

/** As WeChat seals notifications and certificates: under the APIv3 key of the recordings. */
export function encrypted(text: string, associatedData: string, key = recorded.portal.apiV3Key) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(associatedData));
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  const ciphertext = sealed.toString('base64');
  return { algorithm: 'AEAD_AES_256_GCM', nonce, associated_data: associatedData, ciphertext };
}
