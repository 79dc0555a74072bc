// node tools/compose/pay.mjs: one payment through the composed system, by what a platform, its payer and
// an operator can do. Needs nothing but Node and the `docker compose` that brought the system up.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

const METHOD = 'wechat/wechat_pay/qr';
const WITHIN_MS = 60_000;

const compose = (...args) => execFileSync('docker', ['compose', ...args], { encoding: 'utf8' });

const addressOf = (service, port) => `http://${compose('port', service, `${port}`).trim()}`;
const CHECKOUT = addressOf('checkout', 3000);
const LEDGER = addressOf('ledger', 3002);
const SANDBOX = addressOf('provider-sandbox', 3100);

/** @throws Error with the answer if it is not a good one. */
async function call(method, address, { token, body } = {}) {
  const answer = await fetch(address, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${address} answered ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Asks again until the answer is the one that is awaited. @throws Error if it does not come in time. */
async function until(what, ask, awaited) {
  const deadline = performance.now() + WITHIN_MS;
  for (let seen = await ask(); ; seen = await ask()) {
    if (awaited(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`${what}: ${JSON.stringify(seen)}`);
  }
}

const app = ['exec', '-T', 'checkout', 'node', 'dist/main.js'];
const issued = compose(...app, 'keys', 'issue', '--platform', 'taobao', '--name', 'compose');
const token = /\bhk_\S+/.exec(issued)?.[0];

const requested = await call('POST', `${CHECKOUT}/payments`, {
  token,
  body: {
    orderReference: `compose-${randomUUID()}`,
    merchantId: 'tea-house',
    amount: { currency: 'CNY', minor: '12800' },
    description: 'Longjing tea, 250 g',
    channel: 'web',
    payer: { userId: 'somebody', hasBoundCard: 'no', hasBalance: 'no' },
  },
});
const { paymentId } = requested;
const see = () => call('GET', `${CHECKOUT}/payments/${paymentId}?wait=2`, { token });
const { offer } = await until('no offer', see, (payment) => payment.offer !== undefined);
console.log(`payment ${paymentId} was offered ${offer.methods.map((m) => m.method).join(', ')}`);

await call('POST', `${CHECKOUT}/payments/${paymentId}/attempts`, {
  token,
  body: { offer: offer.number, method: METHOD },
});
const shown = await until('no code', see, ({ attempts }) => attempts[0]?.action !== undefined);
const [{ attemptId, action }] = shown.attempts;
console.log(`the payer sees ${action.content}`);

await call('POST', `${SANDBOX}/control/wechat/pay`, { body: { codeUrl: action.content } });
const paid = await until('not paid', see, ({ status }) => status === 'paid');
console.log(`the platform sees it ${paid.status}`);

const operator = compose(
  'run',
  '--rm',
  '-T',
  '--no-deps',
  'secrets',
  'cat',
  '/secrets/operator/token',
);
const { entries } = await until(
  'not booked',
  () => call('GET', `${LEDGER}/entries?attempt=${attemptId}`, { token: operator.trim() }),
  (answer) => answer.entries.length > 0,
);
console.log(`the ledger booked ${JSON.stringify(entries[0])}`);
