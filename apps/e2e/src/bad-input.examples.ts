import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Ring } from '@hutong/world';
import { describeForeignKeys } from './foreign-keys.examples.js';
import { describePoison } from './poison.examples.js';
import { firstOf, stateOf } from './ring-state.examples.js';
import { WITHIN_MS, type Target } from './target.examples.js';

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
        const { ring } = target();
        const before = await stateOf(target(), paymentId);

        const again = order({ minor: '12800' }, asked.orderReference);
        const at = path === 'again' ? '/payments' : path.replace('…', `/payments/${paymentId}`);
        const answered = await post(ring, at, path === 'again' ? again : body);

        expect(answered).toBe(answer);
        expect(await stateOf(target(), paymentId)).toEqual(before);
      },
      WITHIN_MS,
    );

    it('opens nothing to a key that nobody issued', async () => {
      const { ring } = target();
      const before = await stateOf(target(), paymentId);

      const key = `hk_${'0'.repeat(16)}_${'x'.repeat(43)}`;
      expect(await post(ring, `/payments/${paymentId}/close`, {}, key)).toBe('401 unauthenticated');

      expect(await stateOf(target(), paymentId)).toEqual(before);
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
      const { ring } = target();
      const before = await stateOf(target(), paymentId);

      const url = new URL('/notifications/taobao', firstOf(ring, 'wechat-gateway'));
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ event_type: 'TRANSACTION.SUCCESS', resource: {} }),
        signal: AbortSignal.timeout(10_000),
      });

      expect(answer.status).toBe(401);
      expect(await stateOf(target(), paymentId)).toEqual(before);
    });
  });

  describeForeignKeys(target);
  describePoison(target);
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
