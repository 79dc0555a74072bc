import { createPrivateKey, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { formText, type Form } from '@hutong/form';
import { aKeyPair } from './account-files.examples.js';
import { decrypted, notificationText, SIGN_TYPE } from './alipay.signature.js';

/** Whoever keeps a connection must not find it closed, however long a busy spec leaves it idle. */
const STAYS_OPEN = { keepAliveTimeout: 0 };

const pair = aKeyPair();
const privateKey = createPrivateKey(pair.privateKeyPem);

/** Of a key of this run, by which `ScriptedAlipay` signs. */
export const SCRIPTED_KEY_PEM = pair.publicKeyPem;

export type Asked = Readonly<{ method: string; orderNumber: string }>;
/** A whole answer. One that is not a 200 says so. */
export type Script = Readonly<{ status?: number; body: string }>;

/** A real HTTP server that answers what it is told. */
export class ScriptedAlipay implements AsyncDisposable {
  private script: (asked: Asked) => Script = () => ({ status: 503, body: '' });

  private constructor(
    private readonly server: Server,
    /** Alipay's gateway. */
    readonly url: URL,
  ) {}

  /** @param contentKey what the content of requests is encrypted with. */
  static async start(contentKey: string): Promise<ScriptedAlipay> {
    const server = createServer(STAYS_OPEN);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    const url = new URL(`http://127.0.0.1:${address.port}/gateway.do`);
    const alipay = new ScriptedAlipay(server, url);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const { searchParams: query } = new URL(request.url ?? '', url);
        const sealed = new URLSearchParams(body).get('biz_content') ?? '';
        const content = JSON.parse(decrypted(sealed, contentKey) ?? '{}') as OrderContent;
        const method = query.get('method') ?? '';
        const script = alipay.script({ method, orderNumber: content.out_trade_no ?? '' });
        response.writeHead(script.status ?? 200).end(script.body);
      });
    });
    return alipay;
  }

  /** How whatever is asked is answered from now on. */
  answering(script: (asked: Asked) => Script): void {
    this.script = script;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }
}

type OrderContent = Readonly<{ out_trade_no?: string }>;

/** An answer to `method`, as this run's key signs it, or as nobody does. */
export function answerTo(method: string, content: object, by: 'alipay' | 'nobody'): Script {
  const node = JSON.stringify(content);
  const signature = sign('sha256', Buffer.from(node), privateKey).toString('base64');
  const signed = by === 'alipay' ? `,"sign":"${signature}"` : '';
  return { body: `{"${method.replaceAll('.', '_')}_response":${node}${signed}}` };
}

/** The body of a notification, as this run's key signs it. */
export function signedNotice(form: Form): string {
  const text = Buffer.from(notificationText(form));
  const signature = sign('sha256', text, privateKey).toString('base64');
  return formText({ ...form, sign_type: SIGN_TYPE, sign: signature });
}
