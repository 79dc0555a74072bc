import { describe, expect, it } from '@jest/globals';
import { Faults, type Fault } from './faults.js';

const aFault = (over: Partial<Fault> = {}): Fault => ({
  provider: 'wechat',
  call: 'create',
  fault: 'delay',
  times: 1,
  delayMs: 0,
  code: undefined,
  outTradeNo: undefined,
  ...over,
});
const occasion = { provider: 'wechat', call: 'create', outTradeNo: 'A' };

describe('armed faults', () => {
  it('strike as often as they were asked to, one at a time, the oldest first', () => {
    const faults = new Faults();
    faults.arm(aFault({ fault: 'drop_answer', times: 2 }));
    faults.arm(aFault({ fault: 'error_500' }));
    const struck = [1, 2, 3, 4].map(() => faults.take(occasion)?.fault);
    expect(struck).toEqual(['drop_answer', 'drop_answer', 'error_500', undefined]);
    expect(faults.list()).toEqual([]);
  });

  it.each([
    ['another provider', { provider: 'alipay' }],
    ['another call', { call: 'query' }],
    ['another order', { outTradeNo: 'B' }],
  ])('leave %s alone', (_, over) => {
    const faults = new Faults();
    faults.arm(aFault(over));
    expect(faults.take(occasion)).toBeUndefined();
    expect(faults.list()).toHaveLength(1);
  });

  it('strike the order that they name', () => {
    const faults = new Faults();
    faults.arm(aFault({ outTradeNo: 'A' }));
    expect(faults.take({ ...occasion, outTradeNo: undefined })).toBeUndefined();
    expect(faults.take(occasion)).toBeDefined();
  });

  it('are gone when they are cleared', () => {
    const faults = new Faults();
    faults.arm(aFault());
    faults.clear();
    expect(faults.take(occasion)).toBeUndefined();
  });
});
