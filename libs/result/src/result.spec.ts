import { describe, expect, it } from '@jest/globals';
import { assertNever } from './assert-never.js';
import { ok, refuse, type Result } from './result.js';

type TooDear = Readonly<{ code: 'too_dear'; left: bigint }>;

const spend = (left: bigint, asked: bigint): Result<bigint, TooDear> =>
  asked > left ? refuse({ code: 'too_dear', left }) : ok(left - asked);

describe('an answer', () => {
  it('is the value that was asked for', () => {
    expect(spend(10n, 3n)).toEqual({ ok: true, value: 7n });
  });

  it('or a refusal with its reason as data', () => {
    expect(spend(3n, 10n)).toEqual({ ok: false, refusal: { code: 'too_dear', left: 3n } });
  });
});

describe('a closed switch', () => {
  type Side = 'debit' | 'credit';
  const sign = (side: Side): bigint => {
    switch (side) {
      case 'debit':
        return 1n;
      case 'credit':
        return -1n;
      default:
        return assertNever(side);
    }
  };

  it('answers every case', () => {
    expect([sign('debit'), sign('credit')]).toEqual([1n, -1n]);
  });

  it.each<{ json: string; named: string }>([
    { json: '"refund.pending"', named: 'refund.pending' },
    { json: '{"kind":"lost","phone":"13800138000"}', named: 'lost' },
    {
      json: '{"status":"half_paid","payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zN"}}',
      named: 'half_paid',
    },
    { json: '{"type":"oUpF8uMuAJO_M2pxb1Q9zN"}', named: 'a text' },
    { json: '{"phone":"13800138000"}', named: 'an object' },
    { json: '"13800138000"', named: 'a text' },
    { json: '13800138000', named: 'a number' },
    { json: 'null', named: 'null' },
  ])('names the code of $json that unchecked data brought in, and no more', ({ json, named }) => {
    expect(() => reachedBy(JSON.parse(json))).toThrow(new Error(`unhandled case: ${named}`));
  });

  it('throws its own error on money, which JSON cannot write', () => {
    const amount = { minor: 1n, currency: 'CNY' };

    expect(() => reachedBy({ status: 'half_paid', amount })).toThrow('unhandled case: half_paid');
  });
});

/** As if the value had come past the compiler. */
function reachedBy(value: unknown): void {
  Reflect.apply(assertNever, undefined, [value]);
}
