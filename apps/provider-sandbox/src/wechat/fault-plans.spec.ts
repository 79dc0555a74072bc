import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../faults/faults.js';
import { callPlanOf, tryPlanOf } from './fault-plans.js';
import { WECHAT_FAULTS } from './wechat-faults.js';

const aFault = (call: string, fault: string): Fault => ({
  provider: 'wechat',
  call,
  fault,
  times: 1,
  delayMs: 7,
  code: 'NO_AUTH',
  outTradeNo: undefined,
  odds: undefined,
});

const calls = (
  ['create', 'query', 'close', 'refund', 'query_refund', 'certificates'] as const
).flatMap((call) => WECHAT_FAULTS[call].map((fault) => ({ call, fault })));

describe('a plan', () => {
  it.each(calls)('of $call differs for $fault in one thing', ({ call, fault }) => {
    const plain = callPlanOf(call, undefined);
    const changed = Object.entries(callPlanOf(call, aFault(call, fault))).filter(
      ([name, value]) => value !== Object.entries(plain).find(([key]) => key === name)?.[1],
    );
    expect(changed).toHaveLength(1);
  });

  it.each(WECHAT_FAULTS.notify.map((fault) => ({ fault })))(
    'of a try differs for $fault',
    ({ fault }) => {
      expect(tryPlanOf('notify', aFault('notify', fault))).not.toEqual(
        tryPlanOf('notify', undefined),
      );
    },
  );

  it('is not made for what the call does not know', () => {
    expect(() => callPlanOf('create', aFault('create', 'success_after_close'))).toThrow();
    expect(() => tryPlanOf('notify', aFault('notify', 'rate_limited'))).toThrow();
    expect(() => callPlanOf('create', { ...aFault('create', 'refuse'), code: 'X' })).toThrow();
  });
});
