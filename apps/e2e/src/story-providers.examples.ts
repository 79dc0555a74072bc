import { describe, expect, it } from '@jest/globals';
import {
  acrossInStore,
  acrossOnline,
  alipayAlone,
  alipayOffTaobao,
  lostRace,
  quickpassElsewhere,
  unionpayOpens,
  wechatCodeInStore,
  type Booked,
  type Stage,
} from '@hutong/world';
import { onTaobao } from './offers.examples.js';
import { verdictsOf } from './verdicts.examples.js';

const WITHIN_MS = 90_000;

/** Three providers in one story. After each scene whoever tells it has the books compared. */
export function describeThreeProviders(
  played: <T>(scene: (on: Stage) => Promise<T>) => Promise<T>,
  stage: () => Stage,
): void {
  describe('three providers', () => {
    it(
      'begin with one: Alipay, and nobody else, on Taobao',
      async () => {
        const seen = await played(alipayAlone);

        expect(verdictsOf(seen)).toEqual([onTaobao.alone('app')]);
        expect(paid(seen)).toEqual(['alipay/alipay/app', 'alipay', 'alipay']);
        expect(seen.entries).toMatchObject([{ ...BOOKED, bookedDay: '2021-04-18' }]);
      },
      WITHIN_MS,
    );

    it(
      'are two on Taobao from July 2021: Cloud QuickPass and the apps of banks, behind Alipay',
      async () => {
        const seen = await played(unionpayOpens);

        for (const one of seen) expect(verdictsOf(one)).toEqual([onTaobao.withUnionpay('app')]);
        expect(seen.map(paid)).toEqual([
          ['unionpay/cloud_quickpass/app', 'unionpay', 'cloud_quickpass'],
          ['unionpay/bank_app:0105/app', 'unionpay', 'bank_app:0105'],
        ]);
        const july = { entity: 'payer', from: '2021-07-01', to: '2021-08-01' } as const;
        const counted = { ...july, platform: 'taobao', instrument: 'unionpay' };
        expect(await stage().operator.adoption(counted)).toMatchObject({ uniques: 2 });
      },
      WITHIN_MS,
    );

    it(
      'meet elsewhere in 2022: Cloud QuickPass on JD, on Pinduoduo and in mini programs',
      async () => {
        const seen = await played(quickpassElsewhere);

        expect(seen.map((one) => [one.entries[0]?.platform, ...paid(one)])).toEqual([
          ['jd', 'unionpay/cloud_quickpass/app', 'unionpay', 'cloud_quickpass'],
          ['pinduoduo', 'unionpay/cloud_quickpass/app', 'unionpay', 'cloud_quickpass'],
          [
            'wechat_mini_program',
            'unionpay/cloud_quickpass/mini_program',
            'unionpay',
            'cloud_quickpass',
          ],
        ]);
        for (const one of seen) {
          const [first] = one.payment.offer?.methods ?? [];
          expect(first?.method).toMatch(/^wechat\/wechat_pay\//);
        }
      },
      WITHIN_MS,
    );

    it(
      'meet elsewhere too where the house is another’s: Alipay on Pinduoduo',
      async () => {
        const seen = await played(alipayOffTaobao);

        expect(paid(seen)).toEqual(['alipay/alipay/app', 'alipay', 'alipay']);
        expect(seen.entries).toMatchObject([{ ...BOOKED, platform: 'pinduoduo' }]);
      },
      WITHIN_MS,
    );

    it(
      'pay across online: one took the money, and the app was the other’s',
      async () => {
        const { operator } = stage();
        const may = { platform: 'taobao', from: '2022-05-01', to: '2022-06-01' };
        const payersBy = async (instrument: string) =>
          (await operator.adoption({ entity: 'payer', instrument, ...may })).uniques;

        const seen = await played(acrossOnline);

        expect(seen.map(paid)).toEqual([
          ['alipay/alipay/qr', 'alipay', 'cloud_quickpass'],
          ['unionpay/cloud_quickpass/qr', 'unionpay', 'alipay'],
        ]);
        expect(seen.map(({ entries }) => entries)).toMatchObject([
          [{ ...BOOKED, provider: 'alipay', instrument: 'cloud_quickpass', sum: '0' }],
          [{ ...BOOKED, provider: 'unionpay', instrument: 'alipay', sum: '0' }],
        ]);
        // Adoption counts the app, whoever got the money.
        expect([await payersBy('cloud_quickpass'), await payersBy('alipay')]).toEqual([1, 1]);
      },
      WITHIN_MS,
    );

    it(
      'read each other’s codes in a store, as the policy orders them',
      async () => {
        const seen = await played(acrossInStore);

        expect(seen.map(paid)).toEqual([
          ['alipay/cloud_quickpass/barcode', 'alipay', 'cloud_quickpass'],
          ['unionpay/cloud_quickpass/barcode', 'unionpay', 'cloud_quickpass'],
          ['unionpay/alipay/barcode', 'unionpay', 'alipay'],
        ]);
        expect(seen.map(verdictsOf)).toEqual([
          [
            inStore('2021-07-across', [
              ['alipay/alipay/barcode'],
              ['alipay/cloud_quickpass/barcode'],
              ['unionpay/cloud_quickpass/barcode'],
              ['unionpay/alipay/barcode'],
            ]),
          ],
          [
            inStore('2022-01-own-first', [
              ['alipay/alipay/barcode'],
              ['unionpay/cloud_quickpass/barcode'],
              ['alipay/cloud_quickpass/barcode'],
              ['unionpay/alipay/barcode'],
            ]),
          ],
          [
            inStore('2022-01-own-first', [
              ['alipay/alipay/barcode', 'alipay is switched off'],
              ['unionpay/cloud_quickpass/barcode'],
              ['alipay/cloud_quickpass/barcode', 'alipay is switched off'],
              ['unionpay/alipay/barcode'],
            ]),
          ],
        ]);
      },
      WITHIN_MS,
    );

    it(
      'take no code of WeChat’s in a store, and say why',
      async () => {
        const seen = await played(wechatCodeInStore);

        expect(seen.said).toBe('422 pay_code_unsupported');
        expect(seen.payment).toMatchObject({ status: 'offered', attempts: [] });
      },
      WITHIN_MS,
    );

    it(
      'race for one payment: the first has it, and the other’s money goes back by itself',
      async () => {
        const seen = await played(lostRace);

        const surplus = {
          provider: 'unionpay',
          instrument: 'cloud_quickpass',
          reason: 'second_success',
          amount: { minor: '12800' },
        };
        expect(seen.waiting).toMatchObject({
          status: 'paid',
          receipt: { provider: 'alipay', instrument: 'alipay' },
          surplus: [{ ...surplus, status: 'refunding' }],
        });
        expect(seen.payment).toMatchObject({
          status: 'paid',
          receipt: { provider: 'alipay', amount: { minor: '12800' } },
          surplus: [{ ...surplus, status: 'refunded' }],
          refunds: [],
        });
        expect(seen.open).toBe(1);
        expect(seen.entries).toMatchObject({
          won: [{ ...BOOKED, provider: 'alipay' }],
          lost: [{ type: 'payment.surplus_taken', provider: 'unionpay', sum: '0' }],
          back: [{ type: 'payment.surplus_refunded', provider: 'unionpay', sum: '0' }],
        });
      },
      WITHIN_MS,
    );
  });
}

const BOOKED = { type: 'payment.paid', sum: '0' };

const inStore = (policyVersion: string, methods: string[][]) => ({ policyVersion, methods });

/** The method that was offered, who took the money, and whose app paid. */
const paid = ({ payment: { attempts, receipt } }: Booked) => [
  attempts.find(({ attemptId }) => attemptId === receipt?.attemptId)?.method,
  receipt?.provider,
  receipt?.instrument,
];
