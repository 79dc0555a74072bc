import type { PaymentProgress } from '../advance.js';
import { belongingsOf, type Payment } from '../payment.js';
import type { Refund } from '../refund.js';
import { SIDES, type Order, type Return, type World } from './world.examples.js';

/**
 * A key that is the same for worlds that cannot go on differently: what is left out, moments and what
 * the payer is shown, decides nothing; what may come once more counts only while something may still
 * go wrong. A part is written out once for each object, since steps leave most of them as they are.
 */
export function worldKeys(): (w: World) => string {
  const payment = numbered(paymentText);
  const orders = numbered((all: readonly Order[]) => all.map(orderText).join());
  const returns = numbered((all: readonly Return[]) => all.map(returnText).sort().join());
  const events = numbered((all: readonly PaymentProgress[]) => all.map(eventText).join());
  const told = numbered((names: readonly string[]) => names.join());
  return (w) => {
    const lanes = (['routing', ...SIDES] as const).flatMap((producer) => {
      const { heard, ahead } = w.lanes[producer];
      return [w.troubles > 0 ? events(heard) : '', events(ahead)];
    });
    const parts = [
      payment(w.payment),
      orders(w.orders),
      returns(w.returns),
      told(w.told),
      ...lanes,
    ];
    return `${parts.join()},${eventText(w.newest)},${w.late ? 'late' : ''},${w.troubles},${w.wrong ?? ''}`;
  };
}

/** A number for each text, looked up by the object that it is of. */
function numbered<T extends object>(textOf: (part: T) => string): (part: T) => number {
  const byText = new Map<string, number>();
  const byPart = new WeakMap<T, number>();
  return (part) => {
    const known = byPart.get(part);
    if (known !== undefined) return known;
    const text = textOf(part);
    const number = byText.get(text) ?? byText.size;
    byText.set(text, number);
    byPart.set(part, number);
    return number;
  };
}

function paymentText(p: Payment): string {
  const { attempts, receipt, refunds, surplus } = belongingsOf(p);
  const decision = p.status === 'requested' ? undefined : p.decision;
  return [
    p.status,
    decision && eventText(decision),
    attempts.map((a) => a.status).join(),
    receipt?.providerRef,
    refundsText(refunds),
    ...surplus.map((s) => `${s.providerRef} ${s.status} ${s.reason} ${refundsText(s.refunds)}`),
  ].join(';');
}

const refundsText = (refunds: readonly Refund[]): string =>
  refunds.map((r) => `${r.id} ${r.amount.minor} ${r.status}`).join();

const orderText = (o: Order): string =>
  [
    `${o.side} ${o.passedOn ? 'passed on' : ''} ${o.closeAsked ? 'closing' : ''} ${o.known} ${o.there}`,
    ...o.taken.map((t) => `${t.ref} ${t.known ? 'known' : ''}`),
  ].join(';');

const returnText = (r: Return): string => `${r.refund} ${r.minor} ${r.status}`;

function eventText(e: PaymentProgress): string {
  if ('refundId' in e) return `${e.type} ${e.refundId}`;
  if (e.type === 'attempt.succeeded') return `${e.type} ${e.providerRef}`;
  return 'attemptId' in e ? `${e.type} ${e.attemptId}` : `${e.type} ${e.offer}`;
}
