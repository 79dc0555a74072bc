import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  attemptId,
  CHECKOUT_PAYMENTS,
  GATEWAY_REPORTS,
  parseMethod,
  paymentId,
  ROUTING_DECISIONS,
  type Method,
  type PaymentId,
} from '@hutong/domain-events';
import { SealingKeys } from '@hutong/gateway';
import { anAttemptAwaitingPayer, aPaymentOffered } from '@hutong/testing';
import { anOrder, PlatformClient, World, type Answer } from '../world.examples.js';

const AT_ONCE = { prefer: 'wait=0' };
const ALIPAY_CODE = '287777777777777777';
const UNIONPAY_CODE = '6277777777777777777';
const WECHAT_CODE = '137777777777777777';
const IN_STORE = [
  'alipay/alipay/barcode',
  'unionpay/cloud_quickpass/barcode',
  'alipay/cloud_quickpass/barcode',
];

const refusal = ({ status, body }: Answer) => [status, body['code'], body['issuer']];

describe('a code that is read in a store', () => {
  const opened = new AsyncDisposableStack();
  let world: World;
  let shop: PlatformClient;
  let alipay: SealingKeys;
  let unionpay: SealingKeys;

  beforeAll(async () => {
    world = opened.use(await World.start('all'));
    shop = new PlatformClient(world.at(), await world.keyFor('corner_shop'));
    alipay = await gatewayKey('alipay');
    unionpay = await gatewayKey('unionpay');
  }, 120_000);

  afterAll(() => opened.disposeAsync(), 60_000);

  /** The public half for checkout, the other for the gateway. */
  async function gatewayKey(provider: 'alipay' | 'unionpay'): Promise<SealingKeys> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = join(world.folder, provider);
    await mkdir(own);
    await writeFile(join(own, '1.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    await writeFile(join(world.folder, `${provider}-gateway.1.pem`), pem);
    return SealingKeys.open(provider, own);
  }

  async function offered(...methods: readonly string[]): Promise<PaymentId> {
    const { body } = await shop.post('/payments', anOrder({ channel: 'in_store' }), AT_ONCE);
    const id = paymentId(String(body['paymentId']));
    const offer = {
      paymentId: id,
      offer: 1,
      validUntil: new Date(Date.now() + 600_000),
      methods: methods.map((text) => ({ method: method(text), label: 'In store' })),
    };
    await world.tell(ROUTING_DECISIONS, aPaymentOffered(offer));
    await world.settled();
    return id;
  }
  const pay = (id: PaymentId, code: string | undefined, by = 'barcode', headers = {}) =>
    shop.post(
      `/payments/${id}/attempts`,
      { offer: 1, method: by, payer: { code } },
      { ...AT_ONCE, ...headers },
    );
  const attemptsOf = async (id: PaymentId) => (await shop.get(`/payments/${id}`)).body['attempts'];

  it('goes to whom the offer names first for it, sealed for that gateway alone', async () => {
    const id = await offered(...IN_STORE);
    const attempt = await pay(id, ALIPAY_CODE);
    expect([attempt.status, attempt.body['method']]).toEqual([201, 'alipay/alipay/barcode']);
    const [, selected] = await world.said(CHECKOUT_PAYMENTS, id, 2);
    if (selected?.event.type !== 'payment.method_selected') throw new Error('nothing selected');
    const sealed = selected.event.sealedPayer ?? '';
    expect(await alipay.read(sealed)).toEqual({ ok: true, value: { code: ALIPAY_CODE } });
    expect(await unionpay.read(sealed)).toEqual({ ok: false, refusal: 'foreign_key' });
    expect(JSON.stringify(attempt.body)).not.toContain(ALIPAY_CODE);
  });

  it.each([
    [IN_STORE, 'unionpay/cloud_quickpass/barcode'],
    [IN_STORE.toReversed(), 'alipay/cloud_quickpass/barcode'],
  ])(
    'goes through the acceptance of another where %j has that first',
    async (methods, expected) => {
      const id = await offered(...methods);
      expect((await pay(id, UNIONPAY_CODE)).body['method']).toBe(expected);
    },
  );

  it.each<[string, string | undefined, string, (string | undefined)[]]>([
    ['of WeChat', WECHAT_CODE, 'barcode', ['pay_code_unsupported', 'wechat']],
    ['of nobody', '99999', 'barcode', ['pay_code_unknown', undefined]],
    ['that is not there', undefined, 'barcode', ['pay_code_missing', undefined]],
    ['missing for a method', undefined, 'alipay/alipay/barcode', ['pay_code_missing', undefined]],
    ['nobody takes', ALIPAY_CODE, 'barcode', ['pay_code_not_offered', 'alipay']],
    [
      'of another app than the method',
      ALIPAY_CODE,
      'unionpay/cloud_quickpass/barcode',
      ['pay_code_of_another_app', 'alipay'],
    ],
  ])('%s is refused with the reason, and nothing is tried', async (_, code, by, answer) => {
    const id = await offered('unionpay/cloud_quickpass/barcode');
    expect(refusal(await pay(id, code, by))).toEqual([422, ...answer]);
    expect(await attemptsOf(id)).toEqual([]);
  });

  it('leaves nothing to show: who sees the payment is told to wait, and until when', async () => {
    const id = await offered(...IN_STORE);
    const made = await pay(id, ALIPAY_CODE);
    const validUntil = new Date(Date.now() + 60_000);
    const about = { paymentId: id, attemptId: attemptId(String(made.body['attemptId'])) } as const;
    const action = { type: 'wait', validUntil } as const;
    const awaiting = anAttemptAwaitingPayer({ ...about, provider: 'alipay', action });
    await world.tell(GATEWAY_REPORTS, awaiting, { source: 'alipay-gateway' });
    await world.settled();
    expect(await attemptsOf(id)).toMatchObject([
      { status: 'awaiting_payer', action: { type: 'wait', validUntil: validUntil.toISOString() } },
    ]);
  });

  it('read twice under one key is one attempt; another code under it is refused', async () => {
    const id = await offered(...IN_STORE);
    const key = { 'idempotency-key': 'till-7-receipt-12' };
    const first = await pay(id, UNIONPAY_CODE, 'barcode', key);
    const again = await pay(id, UNIONPAY_CODE, 'barcode', key);
    expect([again.status, again.body['attemptId']]).toEqual([201, first.body['attemptId']]);
    expect(refusal(await pay(id, ALIPAY_CODE, 'barcode', key))).toEqual([
      422,
      'idempotency_key_reused',
      undefined,
    ]);
    expect(await attemptsOf(id)).toHaveLength(1);
  });
});

function method(text: string): Method {
  const parsed = parseMethod(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}
