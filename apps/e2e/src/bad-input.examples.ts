import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  catalogue,
  CHECKOUT_PAYMENTS,
  GATEWAY_REPORTS,
  GATEWAY_WECHAT,
  PAYMENT_OUTCOMES,
  ROUTING_DECISIONS,
  parkedTopic,
  type Service,
  type Topic,
} from '@hutong/domain-events';
import type { TopicProbe } from '@hutong/messaging';
import { eventually } from '@hutong/testing';
import {
  countRows,
  RING_SERVICES,
  type Merchant,
  type Ring,
  type RingService,
} from '@hutong/world';

const WITHIN_MS = 30_000;
/** Those of which somebody is the reader. */
const topics = [
  CHECKOUT_PAYMENTS,
  ROUTING_DECISIONS,
  GATEWAY_WECHAT,
  GATEWAY_REPORTS,
  PAYMENT_OUTCOMES,
] as const satisfies Topic[];

/** Where bad input is tried: a whole ring, which has to be as it was afterwards. */
export type Target = Readonly<{ ring: Ring; probe: TopicProbe; merchant: Merchant }>;

/**
 * What may come in from outside, as it is answered by the whole system, with nothing changed in any
 * service. The finer cases stand in the specs of those who answer them.
 */
export function describeBadInput(target: () => Target): void {
  describe('bad input', () => {
    const asked = { orderReference: randomUUID(), minor: '12800' };
    let paymentId: string;
    beforeAll(async () => {
      ({ paymentId } = await target().merchant.request(asked));
    }, WITHIN_MS);

    type Row = { what: string; path: string; body: string | object; answer: string };
    it.each<Row>`
      what                         | path                   | body                                | answer
      ${'a negative amount'}       | ${'/payments'}         | ${order({ minor: '-1' })}           | ${'400 invalid_request'}
      ${'no amount at all'}        | ${'/payments'}         | ${order({ minor: '0' })}            | ${'422 amount_not_positive'}
      ${'half a fen'}              | ${'/payments'}         | ${order({ minor: '0.5' })}          | ${'400 invalid_request'}
      ${'a number for an amount'}  | ${'/payments'}         | ${order({ minor: 12_800 })}         | ${'400 invalid_request'}
      ${'more than can be held'}   | ${'/payments'}         | ${order({ minor: '9'.repeat(20) })} | ${'400 invalid_request'}
      ${'a currency of nobody'}    | ${'/payments'}         | ${order({ currency: 'XXX' })}       | ${'400 invalid_request'}
      ${'a broken body'}           | ${'/payments'}         | ${'{"orderReference":'}             | ${'400 malformed_request'}
      ${'a body without end'}      | ${'/payments'}         | ${'"'.padEnd(70_000, 'x')}          | ${'413 body_too_large'}
      ${'a body without a bottom'} | ${'/payments'}         | ${'['.repeat(30_000)}               | ${'400 malformed_request'}
      ${'lists in lists in lists'} | ${'/payments'}         | ${nested(30_000)}                   | ${'400 invalid_request'}
      ${'an offer nobody made'}    | ${'…/attempts'}        | ${choice({ offer: 99 })}            | ${'422 offer_unknown'}
      ${'a method not offered'}    | ${'…/attempts'}        | ${choice({ presentation: 'app' })}  | ${'422 method_not_offered'}
      ${'a method of nobody'}      | ${'…/attempts'}        | ${choice({ provider: 'paypal' })}   | ${'400 invalid_request'}
      ${'a refund of nothing yet'} | ${'…/refunds'}         | ${{ amount: yuan('1') }}            | ${'409 not_paid'}
      ${'a payment of nobody'}     | ${'/payments/x/close'} | ${{}}                               | ${'404 payment_unknown'}
      ${'the same order again'}    | ${'again'}             | ${{}}                               | ${'409 order_already_has_payment'}
    `(
      '$what is answered $answer',
      async ({ path, body, answer }) => {
        const { ring, merchant } = target();
        const before = await stateOf(ring, merchant, paymentId);

        const again = order({ minor: '12800' }, asked.orderReference);
        const at = path === 'again' ? '/payments' : path.replace('…', `/payments/${paymentId}`);
        const answered = await post(ring, at, path === 'again' ? again : body);

        expect(answered).toBe(answer);
        expect(await stateOf(ring, merchant, paymentId)).toEqual(before);
      },
      WITHIN_MS,
    );

    it('opens nothing to a key that nobody issued', async () => {
      const { ring, merchant } = target();
      const before = await stateOf(ring, merchant, paymentId);

      const key = `hk_${'0'.repeat(16)}_${'x'.repeat(43)}`;
      expect(await post(ring, `/payments/${paymentId}/close`, {}, key)).toBe('401 unauthenticated');

      expect(await stateOf(ring, merchant, paymentId)).toEqual(before);
    });

    it.each([
      ['no signature', {}],
      [
        'a made-up signature',
        {
          'wechatpay-serial': 'PUB_KEY_ID_0000000000000000000000000000',
          'wechatpay-timestamp': `${Math.floor(Date.now() / 1000)}`,
          'wechatpay-nonce': 'nonce',
          'wechatpay-signature': 'WECHATPAY/SIGNTEST/AAAA',
        },
      ],
    ])('is refused as a notification with %s', async (_, headers) => {
      const { ring, merchant } = target();
      const before = await stateOf(ring, merchant, paymentId);

      const url = new URL('/notifications/taobao', firstOf(ring, 'wechat-gateway'));
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ event_type: 'TRANSACTION.SUCCESS', resource: {} }),
        signal: AbortSignal.timeout(10_000),
      });

      expect(answer.status).toBe(401);
      expect(await stateOf(ring, merchant, paymentId)).toEqual(before);
    });

    const here: readonly string[] = RING_SERVICES;
    const consumed = topics.flatMap((name) =>
      catalogue
        .filter((topic) => topic.name === name)
        .flatMap(({ heardBy }) => heardBy.filter((by) => here.includes(by)))
        .map((by) => ({ name, by })),
    );
    it.each<Readonly<{ name: Topic; by: Service }>>(consumed)(
      'on $name is parked by $by with its reason, and $by goes on',
      async ({ name, by }) => {
        const { probe, merchant } = target();
        const key = `019aa9c2-7c00-7d3e-8a11-${randomBytes(6).toString('hex')}`;
        await probe.produce(
          name,
          { key, value: null },
          { key, value: '{"specversion":' },
          { key, value: JSON.stringify(unheardOf(key)) },
        );

        const parked = await eventually(
          async () => {
            const records = await probe.records(parkedTopic(name, by));
            const own = records.filter((record) => record.key === key);
            return own.length === 3 && own;
          },
          { withinMs: WITHIN_MS, what: `three records of ${name} parked by ${by}` },
        );

        const codes = parked.map(({ headers }) => headers['dlt.error-code']);
        expect(codes).toEqual(['tombstone', 'not_json', 'type_unknown']);
        const next = { orderReference: randomUUID(), minor: '12800' };
        expect(await merchant.request(next)).toMatchObject({ status: 'offered' });
      },
      2 * WITHIN_MS,
    );
  });
}

const yuan = (minor: unknown, currency = 'CNY') => ({ currency, minor });

const order = (
  { minor = '12800', currency }: { minor?: unknown; currency?: string },
  orderReference: string = randomUUID(),
) => ({
  orderReference,
  merchantId: 'tea-house',
  amount: yuan(minor, currency),
  description: 'Longjing tea, 250 g',
  channel: 'web',
  payer: { userId: 'somebody' },
});

const choice = ({ offer = 1, provider = 'wechat', presentation = 'qr' }) => ({
  offer,
  method: `${provider}/wechat_pay/${presentation}`,
});

const nested = (depth: number): string =>
  `{"orderReference":"x","amount":${'['.repeat(depth)}${']'.repeat(depth)}}`;

/** Good in everything but its type. */
const unheardOf = (subject: string) => ({
  specversion: '1.0',
  id: '019aa9c2-7f00-7000-8000-000000000001',
  source: '/hutong/checkout',
  type: 'payment.enchanted.v1',
  subject,
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  sequence: 1,
  data: {},
});

/** The answer's status and code, as `422 offer_unknown`. */
async function post(
  ring: Ring,
  path: string,
  body: string | object,
  key = ring.apiKey,
): Promise<string> {
  const answer = await fetch(new URL(path, firstOf(ring, 'checkout')), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const said: unknown = await answer.json();
  return `${answer.status} ${String(Reflect.get(Object(said), 'code'))}`;
}

/** What nothing of this may change: the payment as its merchant sees it, and how much there is at all. */
async function stateOf(ring: Ring, merchant: Merchant, paymentId: string) {
  return {
    payment: await merchant.see(paymentId),
    checkout: await countRows(ring.databaseOf('checkout'), CHECKOUT_TABLES),
    gateway: await countRows(ring.databaseOf('wechat-gateway'), ['attempts', 'notifications']),
    routing: await countRows(ring.databaseOf('routing'), ['payment', 'decision', 'attempt']),
    ledger: await countRows(ring.databaseOf('ledger'), ['ledger_event', 'outcome_log']),
  };
}

const CHECKOUT_TABLES = [
  'payment',
  'attempt',
  'receipt',
  'refund',
  'share_link',
  'idempotent_request',
];

function firstOf(ring: Ring, service: RingService): URL {
  const [first] = ring.addressesOf(service);
  if (first === undefined) throw new Error(`no ${service} runs`);
  return first;
}
