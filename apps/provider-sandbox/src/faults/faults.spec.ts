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
  odds: undefined,
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

  it('strike by chance the way that their seed says, and leave the rest to others', () => {
    const struck = (seed: number) => {
      const faults = new Faults();
      faults.arm(aFault({ fault: 'rare', times: 1_000, odds: { share: 0.25, seed } }));
      faults.arm(aFault({ fault: 'usual', times: 1_000 }));
      return Array.from({ length: 400 }, () => faults.take(occasion)?.fault);
    };
    const rare = struck(7).filter((fault) => fault === 'rare');
    expect(rare.length).toBeGreaterThan(70);
    expect(rare.length).toBeLessThan(130);
    expect(struck(7)).toEqual(struck(7));
    expect(struck(8)).not.toEqual(struck(7));
    expect(struck(7)).not.toContain(undefined);
  });

  it.each([
    [0, 0],
    [1, 50],
  ])('with a share of %d strike %d of 50', (share, count) => {
    const faults = new Faults();
    faults.arm(aFault({ times: 100, odds: { share, seed: 1 } }));
    const struck = Array.from({ length: 50 }, () => faults.take(occasion));
    expect(struck.filter((fault) => fault !== undefined)).toHaveLength(count);
  });

  it('are gone when they are cleared', () => {
    const faults = new Faults();
    faults.arm(aFault());
    faults.clear();
    expect(faults.take(occasion)).toBeUndefined();
  });
});
