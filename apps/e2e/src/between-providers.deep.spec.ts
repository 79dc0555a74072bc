import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { gatewayService } from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import { play, readRows, type PaymentView, type Ring, type Stage } from '@hutong/world';
import { startStory } from './story-ring.examples.js';

const WITHIN_MS = 60_000;
/** A circuit rests for half a minute, and so long an attempt may take to be tried again. */
const BACK_WITHIN_MS = 120_000;
/** A minute is the shortest life of an order at UnionPay; one more later it has not come, for certain. */
const GONE_WITHIN_MS = 240_000;
const SCENE_WITHIN_MS = 400_000;
/** Longer than a gateway waits for an answer. */
const SLOW_MS = 20_000;
/** No notification was verified and did not agree with what its gateway had asked for. */
const NOTHING_ASIDE = { quarantine: [] };
/** Of failed attempts, with one to spare, a circuit opens. */
const TRIES = 6;

const CODES = {
  alipay: 'alipay/alipay/qr',
  unionpay: 'unionpay/cloud_quickpass/qr',
  wechat: 'wechat/wechat_pay/qr',
} as const;
type Named = keyof typeof CODES;

/** What takes its time between providers: circuits that rest, retries, orders that cannot be closed. */
describe('between providers, in the long run', () => {
  const running = new AsyncDisposableStack();
  let ring: Ring;
  let stage: Stage;

  beforeAll(async () => {
    ({ ring, stage } = await startStory(running));
  }, 180_000);

  afterAll(() => running.disposeAsync(), 60_000);

  afterEach(async () => {
    await stage.sandbox.disarm();
    await stage.books();
    for (const service of Object.values(gatewayService)) {
      expect(await readRows(ring.databaseOf(service), { quarantine: '*' })).toEqual(NOTHING_ASIDE);
    }
  }, SCENE_WITHIN_MS);

  const request = () => stage.merchant.request({ orderReference: randomUUID(), minor: '12800' });
  const choose = ({ paymentId, offer }: PaymentView, provider: Named) =>
    stage.merchant.choose(paymentId, offer?.number ?? 0, CODES[provider]);
  const pay = async (provider: Named): Promise<PaymentView> => {
    const payment = await request();
    const { action } = await choose(payment, provider);
    await stage.phone(APPS[provider]).pay(action ?? {});
    return stage.merchant.seeUntil(payment.paymentId, 'paid', WITHIN_MS);
  };
  const circuitIs = (provider: Named, state: string) =>
    eventually(
      async () => {
        const { circuits } = await stage.operator.switches();
        return circuits.some((one) => one.provider === provider && one.state === state);
      },
      { withinMs: BACK_WITHIN_MS, what: `the circuit of ${provider} to be ${state}` },
    );

  type Row = Readonly<{ provider: 'alipay' | 'unionpay'; others: readonly Named[]; how: string }>;
  it.each<Row>`
    provider      | others                    | how
    ${'alipay'}   | ${['wechat', 'unionpay']} | ${'delay_answer'}
    ${'unionpay'} | ${['wechat', 'alipay']}   | ${'drop_request'}
  `(
    '$provider goes ($how): offers leave it out, a probe brings it back, the others go on',
    ({ provider, others, how }) =>
      play(ring, stage, async ({ merchant, sandbox }) => {
        const create = provider === 'alipay' ? 'precreate' : 'create';
        for (const call of [create, 'query'] as const) {
          await armAll(sandbox, provider, { call, fault: how, delayMs: SLOW_MS });
        }
        const stuck = await Promise.all(Array.from({ length: TRIES }, request));
        const answers = stuck.map((payment) => choose(payment, provider));

        const paid = await Promise.all(others.flatMap((other) => [pay(other), pay(other)]));

        expect(paid.map(({ status }) => status)).toEqual(paid.map(() => 'paid'));
        const meanwhile = await Promise.all(stuck.map(({ paymentId }) => merchant.see(paymentId)));
        for (const { attempts } of meanwhile) {
          expect(['selected', 'accepted', 'unknown']).toContain(attempts[0]?.status);
        }
        await circuitIs(provider, 'open');
        const { offer } = await request();
        const left = offer?.methods.map(({ method }) => method.split('/')[0]);
        expect(new Set(left)).toEqual(new Set(others));
        expect(offer?.refused).toEqual(
          expect.arrayContaining([
            { method: CODES[provider], reasons: [`${provider} does not answer at present`] },
          ]),
        );

        await sandbox.disarm();
        await circuitIs(provider, 'half_open');
        expect(await pay(provider)).toMatchObject({ receipt: { provider } });
        await circuitIs(provider, 'closed');
        await Promise.all(answers);
        // What was stuck is asked about, and can be paid after all.
        for (const { paymentId } of stuck) {
          const { attempts } = await merchant.seeWhen(paymentId, isWaiting, {
            withinMs: BACK_WITHIN_MS,
            what: 'to wait for its payer',
          });
          await stage.phone(APPS[provider]).pay(attempts[0]?.action ?? {});
          await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
        }
      }),
    SCENE_WITHIN_MS,
  );

  it(
    'surplus whose refund the provider accepted and then failed is given back again by itself',
    () =>
      play(ring, stage, async ({ merchant, phone, sandbox }) => {
        const { paymentId } = await twoPaid(sandbox);

        const tried = await merchant.seeWhen(paymentId, hasFailedOnce, {
          withinMs: WITHIN_MS,
          what: 'to have a refund of surplus failed',
        });
        expect(tried.surplus).toMatchObject([{ status: 'taken', refunds: [{ status: 'failed' }] }]);
        expect(await stage.surplusIs((open) => open > 0)).toBe(1);

        const isBack = { withinMs: BACK_WITHIN_MS, what: 'to have surplus back' };
        const seen = await merchant.seeWhen(paymentId, isGivenBack, isBack);
        expect(seen.surplus).toMatchObject([
          { status: 'refunded', refunds: [{ status: 'failed' }, { status: 'succeeded' }] },
        ]);
        expect(await stage.surplusIs((open) => open === 0)).toBe(0);

        async function twoPaid(world: Stage['sandbox']): Promise<PaymentView> {
          // Of the same day, so the first try is an undo; what failed to be undone is then refunded.
          await world.at('unionpay').arm({ call: 'undo', fault: 'ends_failed' });
          const payment = await request();
          const lost = await choose(payment, 'unionpay');
          const won = await choose(payment, 'wechat');
          await stage.payer.pay(won.action ?? {});
          await merchant.seeUntil(payment.paymentId, 'paid', WITHIN_MS);
          await phone('cloud_quickpass').pay(lost.action ?? {});
          return payment;
        }
      }),
    SCENE_WITHIN_MS,
  );

  it(
    'an order that its provider cannot close is closed once its time is over',
    () =>
      play(ring, stage, async ({ merchant }) => {
        const expiresAt = new Date(Date.now() + 10_000);
        const order = { orderReference: randomUUID(), minor: '12800', expiresAt };
        const payment = await merchant.request(order);
        const open = await choose(payment, 'unionpay');
        const { action } = await choose(payment, 'wechat');

        await stage.payer.pay(action ?? {});

        const { paymentId } = payment;
        const { attempts } = await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
        expect(attempts).toMatchObject([{ status: 'closing' }, { status: 'succeeded' }]);
        const seen = await merchant.seeWhen(
          paymentId,
          (now) => now.attempts.every(({ status }) => status !== 'closing'),
          { withinMs: GONE_WITHIN_MS, what: 'to have it closed' },
        );
        expect(seen.attempts[0]).toMatchObject({ attemptId: open.attemptId, status: 'closed' });
      }),
    SCENE_WITHIN_MS,
  );
});

const APPS = { alipay: 'alipay', unionpay: 'cloud_quickpass', wechat: 'wechat_pay' } as const;

/** All calls of a kind go wrong from now on. */
async function armAll(
  sandbox: Stage['sandbox'],
  provider: 'alipay' | 'unionpay',
  fault: Readonly<{ call: 'precreate' | 'create' | 'query'; fault: string; delayMs: number }>,
): Promise<void> {
  const { call, ...how } = fault;
  if (provider === 'alipay' && call !== 'create') {
    await sandbox.at(provider).arm({ ...how, call, share: 1 });
  } else if (provider === 'unionpay' && call !== 'precreate') {
    await sandbox.at(provider).arm({ ...how, call, share: 1 });
  }
}

const isWaiting = ({ attempts }: PaymentView): boolean => attempts[0]?.status === 'awaiting_payer';

const hasFailedOnce = ({ surplus }: PaymentView): boolean =>
  surplus.some(({ refunds }) => refunds.some(({ status }) => status === 'failed'));

const isGivenBack = ({ surplus }: PaymentView): boolean =>
  surplus.length > 0 && surplus.every(({ status }) => status === 'refunded');
