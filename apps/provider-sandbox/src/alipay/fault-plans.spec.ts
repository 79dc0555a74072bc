import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../faults/faults.js';
import { ALIPAY_FAULTS } from './alipay-faults.js';
import { callPlanOf, tryPlanOf } from './fault-plans.js';

const aFault = (call: string, fault: string): Fault => ({
  provider: 'alipay',
  call,
  fault,
  times: 1,
  delayMs: 7,
  code: 'ACQ.ACCESS_FORBIDDEN',
  outTradeNo: undefined,
  odds: undefined,
});

const calls = (
  ['precreate', 'pay', 'query', 'close', 'cancel', 'refund', 'query_refund', 'certificate'] as const
).flatMap((call) => ALIPAY_FAULTS[call].map((fault) => ({ call, fault })));

describe('a plan', () => {
  it.each(calls)('of $call differs for $fault in one thing', ({ call, fault }) => {
    const plain = callPlanOf(call, undefined);
    const changed = Object.entries(callPlanOf(call, aFault(call, fault))).filter(
      ([name, value]) => value !== Object.entries(plain).find(([key]) => key === name)?.[1],
    );
    expect(changed).toHaveLength(1);
  });

  it.each(ALIPAY_FAULTS.notify.map((fault) => ({ fault })))(
    'of a try differs for $fault',
    ({ fault }) => {
      const plain = tryPlanOf('notify', undefined);
      expect(tryPlanOf('notify', aFault('notify', fault))).not.toEqual(plain);
    },
  );

  it('is not made for what the call does not know', () => {
    expect(() => callPlanOf('precreate', aFault('precreate', 'success_after_close'))).toThrow();
    expect(() => tryPlanOf('notify', aFault('notify', 'rate_limited'))).toThrow();
    expect(() => callPlanOf('query', { ...aFault('query', 'refuse'), code: 'X' })).toThrow();
  });
});
