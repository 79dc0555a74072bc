import { describe, expect, it } from '@jest/globals';
import { refundId, type RefundReported } from '@hutong/domain-events';
import { money } from '@hutong/money';
import { advance } from './advance.js';
import { giveSurplusBack } from './give-back.js';
import type { Payment, WonPayment } from './payment.js';
import {
  attemptsBy,
  FIRST,
  NOW,
  paymentsBy,
  REFUND,
  refundNewsOf,
  refundsBy,
  SECOND,
  surplusBy,
} from './payment.examples.js';
import type { Refund } from './refund.js';
import { requestsOf } from './requests.js';
import { RETRY_AFTER_MS, surplusTable, type Surplus } from './surplus.js';

const payments = paymentsBy(attemptsBy(SECOND).succeeded);
const NEXT = refundId('01HFZ00000000000000000000T');

describe('a refund hears reports', () => {
  type Row = Readonly<{ status: Refund['status'] }> &
    Record<'pending' | 'succeeded' | 'failed', string>;
  const told = (p: Payment, e: RefundReported): string => {
    const step = advance(p, e, NOW);
    if (step.kind !== 'advanced') return step.kind;
    const { payment } = step;
    return 'refunds' in payment ? `${payment.refunds[0]?.status} ${payment.status}` : '';
  };

  it.each<Row>`
    status         | pending           | succeeded               | failed
    ${'requested'} | ${'pending paid'} | ${'succeeded refunded'} | ${'failed paid'}
    ${'pending'}   | ${'duplicate'}    | ${'succeeded refunded'} | ${'failed paid'}
    ${'succeeded'} | ${'duplicate'}    | ${'duplicate'}          | ${'refused'}
    ${'failed'}    | ${'duplicate'}    | ${'succeeded refunded'} | ${'duplicate'}
  `('that is $status', ({ status, ...expected }) => {
    const paid: WonPayment = { ...payments.paid, refunds: [refundsBy(REFUND)[status]] };
    const news = refundNewsOf(REFUND);
    expect({
      pending: told(paid, news['refund.pending']),
      succeeded: told(paid, news['refund.succeeded']),
      failed: told(paid, news['refund.failed']),
    }).toEqual(expected);
  });

  it('of a part leaves the payment partly refunded, of the rest refunded', () => {
    const [part, rest] = [money(4_800n, 'CNY'), money(8_000n, 'CNY')];
    const both: WonPayment = {
      ...payments.paid,
      refunds: [refundsBy(REFUND, part).pending, refundsBy(NEXT, rest).pending],
    };
    const first = advance(both, refundNewsOf(REFUND, { amount: part })['refund.succeeded'], NOW);
    expect(first).toMatchObject({ payment: { status: 'partly_refunded' } });
    if (first.kind !== 'advanced') return;
    const second = refundNewsOf(NEXT, { amount: rest })['refund.succeeded'];
    expect(advance(first.payment, second, NOW)).toMatchObject({ payment: { status: 'refunded' } });
  });

  it.each<[string, RefundReported]>([
    ['that nobody asked for', refundNewsOf(NEXT)['refund.succeeded']],
    ['of another attempt', refundNewsOf(REFUND, { attempt: SECOND })['refund.failed']],
    ['of another amount', refundNewsOf(REFUND, { amount: money(1n, 'CNY') })['refund.succeeded']],
  ])('%s: an incident', (_, e) => {
    const paid: WonPayment = { ...payments.paid, refunds: [refundsBy(REFUND).pending] };
    expect(told(paid, e)).toBe('refused');
    expect(told(payments.requested, e)).toBe('refused');
  });

  it('never gives back more than was taken', () => {
    const paid: WonPayment = {
      ...payments.paid,
      refunds: [refundsBy(REFUND).failed, refundsBy(NEXT).succeeded],
    };
    expect(told(paid, refundNewsOf(REFUND)['refund.succeeded'])).toBe('refused');
  });
});

describe('surplus', () => {
  const holding = (surplus: Surplus): Payment => ({ ...payments.paid, surplus: [surplus] });
  const all = surplusBy();
  const news = refundNewsOf(REFUND, { attempt: SECOND });

  it.each<{ status: Surplus['status']; due: string; operator: string }>`
    status         | due                  | operator
    ${'taken'}     | ${'refunding'}       | ${'surplus_not_stuck'}
    ${'refunding'} | ${'surplus_not_due'} | ${'surplus_not_stuck'}
    ${'refunded'}  | ${'surplus_not_due'} | ${'surplus_not_stuck'}
    ${'stuck'}     | ${'surplus_not_due'} | ${'refunding'}
  `('that is $status is given back when due: $due; by an operator: $operator', (row) => {
    const asked = (cause: 'due' | 'operator') => {
      const money = all[row.status];
      const given = giveSurplusBack(holding(money), { money, cause, refundId: NEXT, now: NOW });
      return given.ok ? given.value.surplus[0]?.status : given.refusal.code;
    };
    expect([asked('due'), asked('operator')]).toEqual([row.due, row.operator]);
  });

  it('is asked back whole, from the attempt that took it, under an id of its own', () => {
    const before = holding(all.taken);
    const given = giveSurplusBack(before, {
      money: all.taken,
      cause: 'due',
      refundId: NEXT,
      now: NOW,
    });
    expect(given.ok && requestsOf(before, given.value)).toEqual([
      {
        type: 'payment.refund_requested',
        paymentId: before.id,
        refundId: NEXT,
        attemptId: SECOND,
        provider: 'wechat',
        amount: all.taken.amount,
      },
    ]);
  });

  it('that is none is not given back', () => {
    const money = { ...all.taken, providerRef: payments.paid.receipt.providerRef };
    const asked = { money, cause: 'due', refundId: NEXT, now: NOW } as const;
    for (const p of [holding(all.taken), payments.requested]) {
      expect(giveSurplusBack(p, asked)).toEqual({
        ok: false,
        refusal: { code: 'surplus_unknown' },
      });
    }
  });

  it('is tried again with a growing delay after each refusal, and at last stuck', () => {
    let p: Payment = holding(all.taken);
    let now = NOW;
    const waitedMs: number[] = [];
    for (let tries = 0; ; tries += 1) {
      const id = refundId(`01HFZ0000000000000000000${String(tries).padStart(2, '0')}`);
      const asked = { money: all.taken, cause: 'due', refundId: id, now } as const;
      const given = giveSurplusBack(p, asked);
      if (!given.ok) break;
      const failed = refundNewsOf(id, { attempt: SECOND })['refund.failed'];
      const step = advance(given.value, failed, now);
      if (step.kind !== 'advanced') throw new Error(step.kind);
      p = step.payment;
      const [surplus] = p.surplus;
      if (surplus?.status !== 'taken') break;
      waitedMs.push(surplus.dueAt.getTime() - now.getTime());
      const early = { ...asked, refundId: NEXT, now: new Date(surplus.dueAt.getTime() - 1) };
      expect(giveSurplusBack(p, early)).toMatchObject({ refusal: { code: 'surplus_not_due' } });
      now = surplus.dueAt;
    }
    expect(waitedMs).toEqual(RETRY_AFTER_MS);
    expect(waitedMs).toEqual(waitedMs.toSorted((a, b) => a - b));
    expect(p).toMatchObject({ surplus: [{ status: 'stuck', since: now }] });
  });

  it.each<Surplus['status']>(['taken', 'refunding', 'refunded', 'stuck'])(
    'that is %s hears of its refund as its table says',
    (status) => {
      const tried: Surplus =
        status === 'taken' ? { ...all.taken, refunds: [refundsBy(REFUND).failed] } : all[status];
      const heard = (e: RefundReported) => {
        const step = advance(holding(tried), e, NOW);
        if (step.kind !== 'advanced') return step.kind === 'refused' ? 'refuse' : step.kind;
        return [step.payment.surplus[0]?.status];
      };
      // The first refusal leaves it to be tried again; the one that makes it stuck is below.
      const refused = surplusTable[status]['refund.failed'];
      const first = typeof refused === 'string' ? refused : refused.slice(0, 1);
      expect(heard(news['refund.failed'])).toEqual(first);
      expect(heard(news['refund.succeeded'])).toEqual(surplusTable[status]['refund.succeeded']);
    },
  );

  it('is back once one try has succeeded, also one that had been refused before', () => {
    const back = { payment: { surplus: [{ status: 'refunded' }] } };
    expect(advance(holding(all.refunding), news['refund.succeeded'], NOW)).toMatchObject(back);
    expect(advance(holding(all.stuck), news['refund.succeeded'], NOW)).toMatchObject(back);
  });

  it('belongs to a payment in any status, and leaves it', () => {
    const closed: Payment = { ...payments.closed, surplus: [all.refunding] };
    expect(advance(closed, news['refund.succeeded'], NOW)).toMatchObject({
      payment: { status: 'closed', surplus: [{ status: 'refunded' }] },
    });
    expect(
      advance(closed, refundNewsOf(REFUND, { attempt: FIRST })['refund.failed'], NOW).kind,
    ).toBe('refused');
  });
});
