import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import {
  allowRefund,
  endRefund,
  givenBack,
  standingOfRefund,
  type Refund,
  type RefundEnd,
} from './refund.js';

const cny = (minor: bigint) => money(minor, 'CNY');
const TOTAL = cny(12_800n);
const AT = new Date('2026-11-24T08:00:00.000Z');
/** Four in the afternoon in Beijing: seven hours before the settlement day ends. */
const PAID_MS = AT.getTime();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const aRefund = (minor: bigint, state: Refund['state'] = 'done'): Refund => {
  const base = {
    terms: {
      merId: '777290058110048',
      orderId: '01JD0000000000000000000002',
      txnTime: '20261124160000',
      kind: 'refund' as const,
      bizType: '000000',
      amount: cny(minor),
      backUrl: 'http://127.0.0.1/n',
      origQryId: '1',
      reqReserved: undefined,
    },
    trace: { queryId: '2', traceNo: '000002', at: AT },
  };
  if (state === 'pending') return { ...base, state };
  return state === 'failed'
    ? { ...base, state, code: '60' }
    : { ...base, state, code: '00', doneAt: AT };
};

type Row = {
  kind: 'refund' | 'undo';
  amount: bigint;
  before: readonly Refund[];
  afterMs: number;
  balance: bigint;
  answer: string;
};

describe('giving back', () => {
  it.each<Row>`
    kind        | amount     | before                          | afterMs             | balance    | answer
    ${'refund'} | ${12_800n} | ${[]}                           | ${0}                | ${12_800n} | ${'allowed'}
    ${'refund'} | ${12_801n} | ${[]}                           | ${0}                | ${99_999n} | ${'36'}
    ${'refund'} | ${1n}      | ${[]}                           | ${330 * DAY_MS}     | ${1n}      | ${'allowed'}
    ${'refund'} | ${1n}      | ${[]}                           | ${330 * DAY_MS + 1} | ${1n}      | ${'35'}
    ${'refund'} | ${2n}      | ${[]}                           | ${0}                | ${1n}      | ${'64'}
    ${'refund'} | ${12_700n} | ${[aRefund(100n, 'pending')]}   | ${0}                | ${12_700n} | ${'allowed'}
    ${'refund'} | ${12_701n} | ${[aRefund(100n, 'pending')]}   | ${0}                | ${99_999n} | ${'36'}
    ${'refund'} | ${12_800n} | ${[aRefund(100n, 'failed')]}    | ${0}                | ${12_800n} | ${'allowed'}
    ${'refund'} | ${1n}      | ${[aRefund(12_800n)]}           | ${0}                | ${99_999n} | ${'45'}
    ${'undo'}   | ${12_800n} | ${[]}                           | ${7 * HOUR_MS - 1}  | ${12_800n} | ${'allowed'}
    ${'undo'}   | ${12_800n} | ${[]}                           | ${7 * HOUR_MS}      | ${12_800n} | ${'35'}
    ${'undo'}   | ${12_799n} | ${[]}                           | ${0}                | ${12_800n} | ${'36'}
    ${'undo'}   | ${12_800n} | ${[aRefund(1n)]}                | ${0}                | ${99_999n} | ${'45'}
    ${'undo'}   | ${12_800n} | ${[aRefund(12_800n, 'failed')]} | ${0}                | ${12_800n} | ${'allowed'}
    ${'undo'}   | ${12_800n} | ${[]}                           | ${0}                | ${12_799n} | ${'64'}
  `('by $kind of $amount after $afterMs ms is $answer', (row) => {
    const payment = { amount: TOTAL, paidMs: PAID_MS };
    const asking = { orderMs: PAID_MS + row.afterMs, balance: cny(row.balance) };
    const asked = { kind: row.kind, amount: cny(row.amount) };
    const allowed = allowRefund({ payment, refunds: row.before }, asked, asking);
    expect(allowed.ok ? 'allowed' : allowed.refusal.code).toBe(row.answer);
  });

  it('ends once', () => {
    const ends: readonly RefundEnd[] = [
      { state: 'done', code: '00' },
      { state: 'done', code: 'A6' },
      { state: 'failed', code: '60' },
    ];
    for (const end of ends) {
      const ended = endRefund(aRefund(1n, 'pending'), end, AT);
      expect(ended.ok && standingOfRefund(ended.value)).toBe(end.code);
      for (const state of ['done', 'failed'] as const) {
        expect(endRefund(aRefund(1n, state), end, AT)).toEqual({ ok: false, refusal: 'final' });
      }
    }
    expect(standingOfRefund(aRefund(1n, 'pending'))).toBe('05');
  });

  it('counts until it has failed', () => {
    const refunds = [aRefund(1n), aRefund(20n, 'pending'), aRefund(300n, 'failed')];
    expect(givenBack(refunds, TOTAL)).toEqual(cny(21n));
  });
});
