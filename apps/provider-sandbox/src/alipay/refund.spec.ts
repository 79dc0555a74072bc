import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { allowRefund, refundedOf, reservedOf, type Refund } from './refund.js';

const AT = new Date('2026-11-24T08:00:00.000Z');
const cny = (minor: bigint) => money(minor, 'CNY');
const TOTAL = cny(1_000n);

const aRefund = (number: string, minor: bigint, status: Refund['status'] = 'SUCCESS'): Refund => {
  const base = {
    outRequestNo: number,
    amount: cny(minor),
    reason: undefined,
    createdAt: AT,
    gapMs: 0,
  };
  return status === 'SUCCESS' ? { ...base, status, at: AT } : { ...base, status };
};

type Row = Readonly<{
  what: string;
  refunds: readonly Refund[];
  minor: bigint;
  over: Readonly<{ gapMs?: number; balance?: bigint }>;
  answer: string;
}>;
const none: readonly Refund[] = [];
const of = (...refunds: readonly Refund[]) => refunds;

describe('a refund under the number N', () => {
  it.each<Row>`
    what                              | refunds                              | minor     | over                   | answer
    ${'of all'}                       | ${none}                              | ${1_000n} | ${{}}                  | ${'new'}
    ${'of more than all'}             | ${none}                              | ${1_001n} | ${{}}                  | ${'too_much'}
    ${'of the rest'}                  | ${of(aRefund('A', 400n))}            | ${600n}   | ${{}}                  | ${'new'}
    ${'of more than the rest'}        | ${of(aRefund('A', 400n))}            | ${601n}   | ${{}}                  | ${'too_much'}
    ${'beside one on its way'}        | ${of(aRefund('A', 400n, 'PENDING'))} | ${601n}   | ${{}}                  | ${'too_much'}
    ${'in place of one that failed'}  | ${of(aRefund('A', 400n, 'FAILED'))}  | ${1_000n} | ${{}}                  | ${'new'}
    ${'asked for again'}              | ${of(aRefund('N', 400n))}            | ${400n}   | ${{ gapMs: 0 }}        | ${'SUCCESS'}
    ${'asked for again on its way'}   | ${of(aRefund('N', 400n, 'PENDING'))} | ${400n}   | ${{}}                  | ${'PENDING'}
    ${'asked for again as it failed'} | ${of(aRefund('N', 400n, 'FAILED'))}  | ${400n}   | ${{ gapMs: 0 }}        | ${'new'}
    ${'of another amount'}            | ${of(aRefund('N', 400n))}            | ${401n}   | ${{}}                  | ${'discordant'}
    ${'three seconds after another'}  | ${of(aRefund('A', 1n))}              | ${1n}     | ${{}}                  | ${'new'}
    ${'sooner'}                       | ${of(aRefund('A', 1n))}              | ${1n}     | ${{ gapMs: 2_999 }}    | ${'too_soon'}
    ${'of all that there is'}         | ${none}                              | ${1_000n} | ${{ balance: 1_000n }} | ${'new'}
    ${'of more than there is'}        | ${none}                              | ${1_000n} | ${{ balance: 999n }}   | ${'not_enough'}
  `('$what is $answer', ({ refunds, minor, over, answer }) => {
    const refunding = {
      captured: TOTAL,
      refunds,
      gapMs: over.gapMs ?? 3_000,
      balance: cny(over.balance ?? 1_000_000n),
    };
    const allowed = allowRefund(refunding, { outRequestNo: 'N', amount: cny(minor) });
    expect(allowed.ok ? (allowed.value?.status ?? 'new') : allowed.refusal).toBe(answer);
  });

  it('counts as given back once it has moved, and as taken until it failed', () => {
    const refunds = [aRefund('A', 1n), aRefund('B', 20n, 'PENDING'), aRefund('C', 300n, 'FAILED')];
    expect(refundedOf(refunds, TOTAL)).toEqual(cny(1n));
    expect(reservedOf(refunds, TOTAL)).toEqual(cny(21n));
  });
});
