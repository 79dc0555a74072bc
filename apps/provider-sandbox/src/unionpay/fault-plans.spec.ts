import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../faults/faults.js';
import { callPlanOf, tryPlanOf } from './fault-plans.js';
import { gapAfter, isAccepted, LADDER_MS } from './ladder.js';
import { reservedOf, type PayingApp } from './paying-app.js';
import { UNIONPAY_FAULTS } from './unionpay-faults.js';

const aFault = (call: string, fault: string): Fault => ({
  provider: 'unionpay',
  call,
  fault,
  times: 1,
  delayMs: 7,
  code: '03',
  outTradeNo: undefined,
  odds: undefined,
});
const calls = (['create', 'query', 'refund', 'undo'] as const).flatMap((call) =>
  UNIONPAY_FAULTS[call].map((fault) => ({ call, fault })),
);

describe('a plan', () => {
  it.each(calls)('of $call differs for $fault in one thing', ({ call, fault }) => {
    const plain = callPlanOf(call, undefined);
    const changed = Object.entries(callPlanOf(call, aFault(call, fault))).filter(
      ([name, value]) => value !== Object.entries(plain).find(([key]) => key === name)?.[1],
    );
    expect(changed).toHaveLength(1);
  });

  it.each(UNIONPAY_FAULTS.notify.map((fault) => ({ fault })))(
    'of a try differs for $fault',
    ({ fault }) => {
      expect(tryPlanOf('notify', aFault('notify', fault))).not.toEqual(
        tryPlanOf('notify', undefined),
      );
    },
  );

  it('is not made for what the call does not know', () => {
    expect(() => callPlanOf('create', aFault('create', 'ends_failed'))).toThrow();
    expect(() => tryPlanOf('notify', aFault('notify', 'unsigned'))).toThrow();
    expect(() => callPlanOf('create', { ...aFault('create', 'refuse'), code: 'X' })).toThrow();
  });
});

describe('the ladder', () => {
  it('has five sends in twelve minutes', () => {
    expect(LADDER_MS.reduce((sum, gap) => sum + gap, 0)).toBe(12 * 60_000);
    expect([1, 2, 3, 4, 5].map(gapAfter)).toEqual([60_000, 120_000, 240_000, 300_000, undefined]);
  });

  it.each([
    [200, true],
    [201, false],
    [204, false],
    [302, false],
    [500, false],
  ])('takes status %i for accepted: %s', (status, accepted) => {
    expect(isAccepted(status)).toBe(accepted);
  });
});

it.each<[PayingApp, string]>([
  ['cloud_quickpass', '{payApp=UPAY}'],
  ['bank_app:0105', '{payApp=BANK&issInsCode=0105}'],
  ['alipay', '{payApp=ALIPAY}'],
])('a payment by %s says %s', (app, reserved) => {
  expect(reservedOf(app)).toBe(reserved);
});
