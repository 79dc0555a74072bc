import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue, decodeEnvelope, PAYMENT_OUTCOMES } from '@hutong/domain-events';
import { TopicProbe } from '@hutong/messaging';
import {
  amountsAtTheLimit,
  answerIsLost,
  APP,
  askTables,
  friendPays,
  history,
  nobodyPays,
  outsideTheShare,
  play,
  payAfterClosing,
  payByScanning,
  payInApp,
  payWhileClosing,
  QR,
  refundInParts,
  tellHistory,
  toldLateAndTwice,
  whateverIsKnown,
  wrongAmount,
  type Ring,
  type Seen,
  type Stage,
} from '@hutong/world';
import { onTaobao } from './offers.examples.js';
import { startStory } from './story-ring.examples.js';
import { describeThreeProviders } from './story-providers.examples.js';
import { tablesByHand } from './tables.examples.js';
import { verdictsOf } from './verdicts.examples.js';

const SCENARIO_WITHIN_MS = 60_000;

/** How three providers came to be one choice: every service a process, policies as shipped, the sandbox for all. */
let ring: Ring;
let stage: Stage;
let probe: TopicProbe;
const running = new AsyncDisposableStack();

beforeAll(async () => {
  let brokers: readonly string[];
  ({ ring, stage, brokers } = await startStory(running));
  probe = running.use(await TopicProbe.connect({ brokers: [...brokers] }));
}, 180_000);

afterAll(() => running.disposeAsync(), 60_000);

const played = <T>(scene: (on: Stage) => Promise<T>) => play(ring, stage, scene);

/** One offer by the pilot's policy, with the same reasons against both of WeChat Pay's methods. */
const pilot = (...against: string[]) => [onTaobao.inThePilot(...against)];

describe('the story', () => {
  // Whatever a scenario does to money: everybody's own books say the same of it, to the fen.
  afterEach(async () => {
    await stage.books();
  }, SCENARIO_WITHIN_MS);

  it(
    'begins with a pilot: a payer without a bound card scans a code, all in one trace',
    async () => {
      const traceId = randomBytes(16).toString('hex');
      const seen = await played((on) => payByScanning(on, `00-${traceId}-b7ad6b7169203331-01`));

      expect(verdictsOf(seen)).toEqual(pilot());
      expect(seen.payment).toMatchObject({
        status: 'paid',
        attempts: [{ method: QR, status: 'succeeded' }],
        receipt: { amount: { minor: '12800' } },
      });
      expect(seen.entries).toMatchObject([
        { type: 'payment.paid', bookedDay: '2023-11-24', gross: { minor: '12800' }, sum: '0' },
      ]);
      expect(await tracesOf(seen.payment.paymentId)).toEqual(
        ['checkout.payments', 'routing.decisions', 'gateway.wechat', 'gateway.reports']
          .concat('payment.outcomes')
          .map((topic) => [topic, [traceId]]),
      );
    },
    SCENARIO_WITHIN_MS,
  );

  it(
    'lets a friend pay by link, which opening it does not, and counts who bought',
    async () => {
      const seen = await played(friendPays);

      expect(seen.opened).toMatchObject({ status: 'offered', attempts: [] });
      expect(seen.orders[1]).toBe(seen.orders[0]);
      expect(seen.payment).toMatchObject({ status: 'paid', attempts: [{ method: QR }] });
      expect(seen.afterwards).toBe('paid');
      expect(seen.entries).toMatchObject([{ type: 'payment.paid', bookedDay: '2023-11-25' }]);
      // On that day alone somebody is counted, and with the day before nobody else: the buyer both times.
      for (const from of ['2023-11-25', '2023-11-24']) {
        const days = { from, to: '2023-11-26' };
        expect(await stage.operator.uniquePayers(days)).toMatchObject({ uniques: 1 });
      }
      expect(await outcomesOf(seen.payment.paymentId)).toMatchObject([
        { attempt: { paidByAnother: true } },
      ]);
    },
    SCENARIO_WITHIN_MS,
  );

  it('offers ¥300.00 in the pilot and not a fen more', async () => {
    const [inside, above] = await played(amountsAtTheLimit);

    expect([inside, above].map((seen) => seen && verdictsOf(seen))).toEqual([
      pilot(),
      pilot('above the limit'),
    ]);
  });

  it('is open to payers of whom one of two things is known: no bound card, or no balance', async () => {
    const seen = await played(whateverIsKnown);

    const isOpen = ({ what }: Seen) => /card no|balance no$/.test(what);
    expect(seen).toHaveLength(9);
    expect(seen.map((one) => [one.what, verdictsOf(one)])).toEqual(
      seen.map((one) => [one.what, isOpen(one) ? pilot() : pilot('not open to this payer')]),
    );
  });

  it('is not open to payers outside the share', async () => {
    const seen = await played(outsideTheShare);

    expect(verdictsOf(seen)).toEqual(
      pilot('not open to this payer yet: outside the share of payers'),
    );
  });

  it(
    'opens to everybody, without a limit and in the app, in September 2024',
    async () => {
      const seen = await played(payInApp);

      expect(verdictsOf(seen)).toEqual([onTaobao.inFull()]);
      expect(seen.action).toBe('app');
      expect(seen.payment).toMatchObject({
        status: 'paid',
        attempts: [{ method: APP, status: 'succeeded' }],
        receipt: { amount: { minor: '299900' } },
      });
    },
    SCENARIO_WITHIN_MS,
  );

  it(
    'gives back a part, then the rest, and refuses a third refund',
    async () => {
      const seen = await played(refundInParts);

      expect(seen.payment).toMatchObject({
        status: 'refunded',
        refunds: [
          { status: 'succeeded', amount: { minor: '5000' } },
          { status: 'succeeded', amount: { minor: '7800' } },
        ],
      });
      expect(seen.third).toBe('422 exceeds_refundable');
    },
    SCENARIO_WITHIN_MS,
  );

  it(
    'closes at the provider, then here, what nobody pays',
    async () => {
      const { payment, order } = await played(nobodyPays);

      expect(order).toMatchObject({ state: 'CLOSED', closedBecause: 'asked' });
      expect(payment).toMatchObject({
        status: 'closed',
        reason: 'expired',
        attempts: [{ status: 'closed' }],
        surplus: [],
      });
    },
    SCENARIO_WITHIN_MS,
  );

  it(
    'ends paid, or with surplus that is back, where somebody pays in the moment of closing',
    async () => {
      for (const { payment, order } of await played((on) => payWhileClosing(on, 8))) {
        const isTaken = order?.state === 'SUCCESS';
        const kept = payment.receipt !== undefined;
        const back = payment.surplus.filter(({ status }) => status === 'refunded');
        expect({ taken: isTaken ? 1 : 0, of: payment.status }).toEqual({
          taken: (kept ? 1 : 0) + back.length,
          of: kept ? 'paid' : 'closed',
        });
      }
    },
    SCENARIO_WITHIN_MS,
  );

  it(
    'gives back what comes after the closing was confirmed',
    async () => {
      const { payment } = await played(payAfterClosing);

      expect(payment).toMatchObject({
        status: 'closed',
        surplus: [{ status: 'refunded', reason: 'after_close', amount: { minor: '12800' } }],
      });
      expect(payment.receipt).toBeUndefined();
    },
    SCENARIO_WITHIN_MS,
  );

  it(
    'asks, and never orders anew, where the answer to an order was lost',
    async () => {
      const { payment, order, entries } = await played(answerIsLost);

      expect(order).toMatchObject({ state: 'SUCCESS' });
      expect(payment).toMatchObject({ status: 'paid', attempts: [{ status: 'succeeded' }] });
      expect(entries).toHaveLength(1);
    },
    SCENARIO_WITHIN_MS,
  );

  it(
    'books once what is told late and twice',
    async () => {
      const { payment, entries } = await played(toldLateAndTwice);

      expect(payment).toMatchObject({ status: 'paid', surplus: [] });
      expect(entries).toHaveLength(1);
    },
    SCENARIO_WITHIN_MS,
  );

  it(
    'gives a wrong amount back as surplus, and takes the right one',
    async () => {
      const { payment, entries } = await played(wrongAmount);

      expect(payment).toMatchObject({
        status: 'paid',
        receipt: { amount: { minor: '12800' } },
        surplus: [{ status: 'refunded', reason: 'wrong_amount', amount: { minor: '12801' } }],
      });
      expect(entries).toMatchObject([{ type: 'payment.paid', gross: { minor: '12800' } }]);
    },
    SCENARIO_WITHIN_MS,
  );

  describeThreeProviders(played, () => stage);
});

describe('five years on', () => {
  it('the ledger counts over all of history what anybody counts by hand', async () => {
    const to = '2026-11-01';
    const until = new Date(`${to}T00:00:00+08:00`);
    await tellHistory(history({ seed: 2021, payments: 3_000, until }), probe);
    const records = await probe.records(PAYMENT_OUTCOMES);
    const past = records.flatMap(({ value }) => {
      const decoded = decodeEnvelope(value ?? '');
      return decoded.ok ? [decoded.value] : [];
    });
    const byHand = tablesByHand(past, to);

    const tables = await askTables(stage.operator, to);

    expect(sorted(tables.volumes)).toEqual(sorted(byHand.volumes));
    expect(sorted(tables.adoption)).toEqual(sorted(byHand.adoption));
    expect(tables.unionpayOnTaobao).toEqual(byHand.unionpayOnTaobao);
    expect(tables.alipayShare).toMatchObject(byHand.alipayShare);
    expect(tables.unionpayOnTaobao.every(({ sinceLaunch }) => sinceLaunch > 0)).toBe(true);
  }, 240_000);
});

const sorted = <T>(lines: readonly T[]): T[] =>
  lines.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

/** Of each topic that holds records of the payment: their different trace ids. */
async function tracesOf(paymentId: string): Promise<(readonly [string, readonly string[]])[]> {
  const all = await Promise.all(
    catalogue.map(async ({ name }) => {
      const records = (await probe.records(name)).filter(({ key }) => key === paymentId);
      const ids = records.map(({ headers }) => headers['traceparent']?.split('-')[1] ?? 'none');
      return [name, [...new Set(ids)]] as const;
    }),
  );
  return all.filter(([, ids]) => ids.length > 0);
}

/** What the world was told of the payment, as it lies in the topic. */
async function outcomesOf(paymentId: string): Promise<unknown[]> {
  const records = await probe.records(PAYMENT_OUTCOMES);
  return records
    .filter(({ key }) => key === paymentId)
    .map(({ value }): unknown => Reflect.get(Object(JSON.parse(value ?? '{}')), 'data'));
}
