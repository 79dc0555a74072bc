import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { money, toMoneyWire, type Money } from '@hutong/money';
import { IsArray, IsIn } from 'class-validator';
import { defineEvent } from './define-event.js';
import { saying } from './fields.js';
import { paymentId, type PaymentId } from './ids.js';
import { PROVIDERS, type Provider } from './method.js';
import { Versions } from './versions.js';
import { IsIdOf, IsMoney, moneyFrom, WireMoney } from './wire.js';

/**
 * An event with a second and a third version, which live here only: what a change of a published
 * event looks like. The first version is a part of the real one, whose golden record it reads.
 */
type PaymentRequested = Readonly<{
  type: 'payment.requested';
  paymentId: PaymentId;
  /** What the merchant is to get: since v3 apart from the tip, which older ones did not know. */
  price: Money;
  tip: Money;
  /** Since v2; an older one is lifted to all of them. */
  accepts: readonly Provider[];
}>;

class V1 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsMoney() amount!: WireMoney;
}

class V2 extends V1 {
  @IsArray(saying('providers')) @IsIn(PROVIDERS, { each: true }) accepts!: readonly Provider[];
}

class V3 {
  @IsIdOf('paymentId') paymentId!: string;
  @IsMoney() price!: WireMoney;
  @IsMoney() tip!: WireMoney;
  @IsArray(saying('providers')) @IsIn(PROVIDERS, { each: true }) accepts!: readonly Provider[];
}

const first = Versions.first(V1);
const second = first.lifted(V2, (older) => ({ ...older, accepts: PROVIDERS }));
const third = second.lifted(V3, ({ amount, ...older }) => ({
  ...older,
  price: amount,
  tip: { currency: amount.currency, minor: '0' },
}));

const paymentRequested = defineEvent<PaymentRequested, V3>({
  type: 'payment.requested',
  versions: third,
  fromWire: (w) => ({
    type: 'payment.requested',
    paymentId: paymentId(w.paymentId),
    price: moneyFrom(w.price),
    tip: moneyFrom(w.tip),
    accepts: w.accepts,
  }),
  toWire: (e) => ({
    paymentId: e.paymentId,
    price: toMoneyWire(e.price),
    tip: toMoneyWire(e.tip),
    accepts: e.accepts,
  }),
});

const ID = '019aa9c2-7c00-7d3e-8a11-5b0c4e2f9a01';
const amount = { currency: 'CNY', minor: '12800' };
const tip = { currency: 'CNY', minor: '200' };
const cny = (minor: bigint) => money(minor, 'CNY');
const event = (said: Partial<PaymentRequested>) => ({
  ok: true,
  value: {
    type: 'payment.requested',
    paymentId: paymentId(ID),
    price: cny(12_800n),
    tip: cny(0n),
    accepts: PROVIDERS,
    ...said,
  },
});

describe('an event of three versions', () => {
  it.each<{ version: number; data: object; meant: object }>([
    { version: 1, data: { paymentId: ID, amount }, meant: event({}) },
    {
      version: 2,
      data: { paymentId: ID, amount, accepts: ['alipay'] },
      meant: event({ accepts: ['alipay'] }),
    },
    {
      version: 3,
      data: { paymentId: ID, price: amount, tip, accepts: ['wechat'] },
      meant: event({ tip: cny(200n), accepts: ['wechat'] }),
    },
  ])('is heard in its newest form from version $version', ({ version, data, meant }) => {
    expect(paymentRequested.decode(version, data)).toEqual(meant);
  });

  it('still reads the record that was published before', () => {
    const path = join(import.meta.dirname, '../golden/payment.requested.v1.json');
    const golden = JSON.parse(readFileSync(path, 'utf8')) as { data: unknown };

    expect(paymentRequested.decode(1, golden.data)).toEqual(event({}));
  });

  it('is written in its newest form, and comes back', () => {
    const { value } = event({ tip: cny(200n) });
    const wire = paymentRequested.encode({ ...value, type: 'payment.requested' });

    expect(paymentRequested.version).toBe(3);
    expect(wire).toEqual({ paymentId: ID, price: amount, tip, accepts: [...PROVIDERS] });
    expect(paymentRequested.decode(3, JSON.parse(JSON.stringify(wire)))).toEqual(
      event({ tip: cny(200n) }),
    );
  });

  it('means by a field what its own version meant by it', () => {
    // What a later version says is unknown to an earlier one, and is passed over.
    const data = { paymentId: ID, amount, accepts: ['alipay'], tip };

    expect(paymentRequested.decode(1, data)).toEqual(event({}));
    expect(paymentRequested.decode(2, data)).toEqual(event({ accepts: ['alipay'] }));
  });

  it.each<{ version: number; data: object; detail: string }>([
    { version: 1, data: { paymentId: ID }, detail: 'amount: isObject' },
    {
      version: 2,
      data: { paymentId: ID, accepts: ['cash'] },
      detail: 'accepts: isIn; amount: isObject',
    },
    { version: 2, data: { paymentId: ID, amount }, detail: 'accepts: isIn; accepts: isArray' },
    {
      version: 3,
      data: { paymentId: ID, amount, accepts: [] },
      detail: 'price: isObject; tip: isObject',
    },
  ])('is checked by its own version before it is lifted: $detail', ({ version, data, detail }) => {
    expect(paymentRequested.decode(version, data)).toEqual({
      ok: false,
      refusal: { code: 'data_invalid', detail },
    });
  });

  it.each<{ version: number }>([
    { version: 4 },
    { version: 0 },
    { version: -1 },
    { version: 1.5 },
    { version: NaN },
    { version: Infinity },
  ])('is refused in version $version, which nobody published', ({ version }) => {
    expect(paymentRequested.decode(version, { paymentId: ID, amount })).toEqual({
      ok: false,
      refusal: { code: 'version_unknown', detail: `v${version} of v1..v3` },
    });
  });

  it('leaves the versions that it was made from as they were', () => {
    expect([first.newest, second.newest, third.newest]).toEqual([1, 2, 3]);
    expect(first.decode(2, { paymentId: ID, amount })).toMatchObject({
      refusal: { code: 'version_unknown' },
    });
    expect(second.shape).toBe(V2);
  });
});
