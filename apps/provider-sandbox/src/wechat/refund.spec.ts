import { describe, expect, it } from '@jest/globals';
import { money } from '@hutong/money';
import { allowRefund, endRefund, givenBack, type Refund, type RefundEnd } from './refund.js';

const AT = new Date('2026-11-24T08:00:00.000Z');
const MS = AT.getTime();
const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;
const cny = (minor: bigint) => money(minor, 'CNY');
const TOTAL = cny(1_000n);

const aRefund = (minor: bigint, status: Refund['status'] = 'SUCCESS', gapMs = 0): Refund => {
  const terms = {
    outRefundNo: 'R',
    reason: undefined,
    amount: cny(minor),
    total: TOTAL,
    notifyUrl: undefined,
    asked: '{}',
  };
  const base = { terms, refundId: '50', createdAt: AT, gapMs };
  return status === 'SUCCESS' ? { ...base, status, at: AT } : { ...base, status };
};

type Row = Readonly<{
  what: string;
  refunds: readonly Refund[];
  minor: bigint;
  over: Readonly<{ total?: bigint; orderMs?: number; gapMs?: number; balance?: bigint }>;
  answer: string;
}>;
const none: readonly Refund[] = [];

describe('a refund', () => {
  it.each<Row>`
    what                              | refunds                                          | minor     | over                             | answer
    ${'of all'}                       | ${none}                                          | ${1_000n} | ${{}}                            | ${'allowed'}
    ${'of more than all'}             | ${none}                                          | ${1_001n} | ${{}}                            | ${'too_much'}
    ${'of what another total leaves'} | ${none}                                          | ${1n}     | ${{ total: 999n }}               | ${'other_total'}
    ${'of the rest'}                  | ${[aRefund(400n)]}                               | ${600n}   | ${{}}                            | ${'allowed'}
    ${'of more than the rest'}        | ${[aRefund(400n)]}                               | ${601n}   | ${{}}                            | ${'too_much'}
    ${'beside one that is under way'} | ${[aRefund(400n, 'PROCESSING')]}                 | ${601n}   | ${{}}                            | ${'too_much'}
    ${'beside one that is stuck'}     | ${[aRefund(400n, 'ABNORMAL')]}                   | ${601n}   | ${{}}                            | ${'too_much'}
    ${'in place of a closed one'}     | ${[aRefund(400n, 'CLOSED')]}                     | ${1_000n} | ${{}}                            | ${'allowed'}
    ${'after a year'}                 | ${none}                                          | ${1n}     | ${{ orderMs: MS + YEAR_MS }}     | ${'allowed'}
    ${'a moment later'}               | ${none}                                          | ${1n}     | ${{ orderMs: MS + YEAR_MS + 1 }} | ${'overdue'}
    ${'a minute after the last'}      | ${[aRefund(1n)]}                                 | ${1n}     | ${{ gapMs: MINUTE_MS }}          | ${'allowed'}
    ${'sooner'}                       | ${[aRefund(1n)]}                                 | ${1n}     | ${{ gapMs: MINUTE_MS - 1 }}      | ${'too_soon'}
    ${'as the fiftieth'}              | ${Array.from({ length: 49 }, () => aRefund(1n))} | ${1n}     | ${{}}                            | ${'allowed'}
    ${'as the fifty-first'}           | ${Array.from({ length: 50 }, () => aRefund(1n))} | ${1n}     | ${{}}                            | ${'too_many'}
    ${'of all that the account has'}  | ${none}                                          | ${1_000n} | ${{ balance: 1_000n }}           | ${'allowed'}
    ${'of more than the account has'} | ${none}                                          | ${1_000n} | ${{ balance: 999n }}             | ${'not_enough'}
  `('$what is $answer', ({ refunds, minor, over, answer }) => {
    const payment = { amount: TOTAL, paidMs: MS, refunds };
    const terms = { amount: cny(minor), total: cny(over.total ?? 1_000n) };
    const asking = {
      orderMs: over.orderMs ?? MS,
      gapMs: over.gapMs ?? MINUTE_MS,
      balance: cny(over.balance ?? 1_000_000n),
    };
    const allowed = allowRefund(payment, terms, asking);
    expect(allowed.ok ? 'allowed' : allowed.refusal).toBe(answer);
  });

  it.each<{ from: Refund['status'] } & Record<RefundEnd, string>>`
    from            | SUCCESS      | ABNORMAL      | CLOSED
    ${'PROCESSING'} | ${'SUCCESS'} | ${'ABNORMAL'} | ${'CLOSED'}
    ${'ABNORMAL'}   | ${'SUCCESS'} | ${'final'}    | ${'CLOSED'}
    ${'SUCCESS'}    | ${'final'}   | ${'final'}    | ${'final'}
    ${'CLOSED'}     | ${'final'}   | ${'final'}    | ${'final'}
  `('that is $from', ({ from, ...expected }) => {
    const answer = (end: RefundEnd) => {
      const ended = endRefund(aRefund(1n, from), end, AT);
      return ended.ok ? ended.value.status : ended.refusal;
    };
    expect({
      SUCCESS: answer('SUCCESS'),
      ABNORMAL: answer('ABNORMAL'),
      CLOSED: answer('CLOSED'),
    }).toEqual(expected);
  });

  it('counts as given back until it is closed', () => {
    const refunds = [
      aRefund(1n),
      aRefund(20n, 'PROCESSING'),
      aRefund(300n, 'ABNORMAL'),
      aRefund(4_000n, 'CLOSED'),
    ];
    expect(givenBack(refunds, TOTAL)).toEqual(cny(321n));
  });
});
