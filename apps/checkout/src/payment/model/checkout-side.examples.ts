import type { PaymentOutcome } from '@hutong/domain-events';
import { money } from '@hutong/money';
import type { PaymentProgress } from '../advance.js';
import { belongingsOf, isWon, type MovedPayment, type Payment } from '../payment.js';
import { newsOf, NOW, terms } from '../payment.examples.js';
import { refundedOf } from '../refund.js';
import { say, type Order, type Play, type World } from './world.examples.js';

/** What an outcome is told by at most once. */
export function nameOf(e: PaymentOutcome): string {
  switch (e.type) {
    case 'payment.paid':
    case 'payment.closed':
      return e.type;
    case 'payment.attempt_failed':
    case 'payment.attempt_closed':
      return `${e.type} ${e.attempt.attemptId}`;
    case 'payment.refunded':
    case 'payment.refund_failed':
    case 'payment.surplus_refunded':
      return `${e.type} ${e.refundId}`;
    case 'payment.surplus_taken':
      return `${e.type} ${e.providerRef}`;
  }
}

function booksOf(e: PaymentOutcome): bigint {
  switch (e.type) {
    case 'payment.paid':
    case 'payment.surplus_taken':
      return e.amount.minor;
    case 'payment.refunded':
    case 'payment.surplus_refunded':
      return 0n - e.amount.minor;
    case 'payment.attempt_failed':
    case 'payment.attempt_closed':
    case 'payment.closed':
    case 'payment.refund_failed':
      return 0n;
  }
}

/** Hears one event, as if no inbox had seen it before. */
export function hear(
  w: World,
  event: PaymentProgress,
  { machine }: Play,
): Readonly<{ world: World; refused?: string }> {
  const step = machine.advance(w.payment, event, NOW);
  switch (step.kind) {
    case 'advanced':
      return { world: become(w, step.payment, { machine }) };
    case 'duplicate':
      return { world: w };
    case 'refused':
      return { world: w, refused: step.reason };
  }
}

/** What one transaction does: the payment is saved, routing is asked, the world is told. */
export function become(w: World, after: MovedPayment, { machine }: Pick<Play, 'machine'>): World {
  const outcomes = machine.outcomesOf(w.payment, after, NOW);
  const names = outcomes.map(nameOf);
  const again = names.find((name, i) => w.told.includes(name) || names.indexOf(name) !== i);
  const saved: World = {
    ...w,
    payment: after,
    told: [...w.told, ...names].sort(),
    booked: outcomes.reduce((sum, e) => sum + booksOf(e), w.booked),
    wrong: w.wrong ?? otherWinner(w.payment, after) ?? (again && `told twice: ${again}`),
  };
  return machine.requestsOf(w.payment, after).reduce(asked, saved);
}

function otherWinner(before: Payment, after: Payment): string | undefined {
  if (!isWon(before)) return undefined;
  const same = isWon(after) && after.receipt.providerRef === before.receipt.providerRef;
  return same ? undefined : 'a payment that was paid is paid by other money, or by none';
}

type Asked = ReturnType<Play['machine']['requestsOf']>[number];

/** What routing makes of a request: what it passed on goes on to the gateway. */
function asked(w: World, one: Asked): World {
  if (one.type === 'payment.close_requested') return one.attempts.reduce(askedToClose, w);
  const { refundId: refund, attemptId: attempt, amount } = one;
  const { minor } = amount;
  if (w.returns.some((r) => r.refund === refund)) return { ...w, wrong: 'one refund asked twice' };
  if (overAsked(w)) return { ...w, wrong: `more is asked back than was taken: ${refund}` };
  const returns = [...w.returns, { refund, attempt, minor, status: 'requested' } as const];
  return { ...w, returns };
}

/** Whether what has gone back and what is under way are more than the money that they are of. */
function overAsked({ payment }: World): boolean {
  const { receipt, refunds } = belongingsOf(payment);
  const kept = refunds.filter(({ status }) => status !== 'failed');
  const asked = kept.reduce((sum, r) => sum + r.amount.minor, 0n);
  return receipt !== undefined && asked > receipt.amount.minor;
}

function askedToClose(w: World, id: Order['attempt']): World {
  const order = w.orders.find(({ attempt }) => attempt === id);
  if (order === undefined) return { ...w, wrong: 'asked to close what nobody chose' };
  if (order.closeAsked) return { ...w, wrong: 'asked to close one attempt twice' };
  const orders = w.orders.map((o) => (o === order ? { ...o, closeAsked: true } : o));
  const next = { ...w, orders };
  return order.passedOn ? next : say(next, 'routing', newsOf(id)['attempt.refused']);
}

/** Everything the payment knows of that was taken less what it knows to be back. */
export function netOf(p: Payment): bigint {
  const { receipt, refunds, surplus } = belongingsOf(p);
  const own = receipt === undefined ? [] : [{ receipt, refunds }];
  return [...own, ...surplus.map((s) => ({ receipt: s, refunds: s.refunds }))].reduce(
    (sum, one) => sum + one.receipt.amount.minor - refundedOf(one.receipt, one.refunds).minor,
    0n,
  );
}

/** What should be left of it all: the amount less what the merchant gave back, or nothing. */
export const dueOf = (p: Payment): bigint =>
  isWon(p) ? terms.amount.minor - refundedOf(p.receipt, p.refunds).minor : 0n;

export const fen = (minor: bigint) => money(minor, 'CNY');
