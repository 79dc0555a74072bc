import { receiptsOf } from '../advance.js';
import { isOpen } from '../attempt.js';
import { belongingsOf, type Payment } from '../payment.js';
import { terms } from '../payment.examples.js';
import { isUnsettled, refundedOf } from '../refund.js';
import { dueOf, netOf } from './checkout-side.examples.js';
import { SIDES, type World } from './world.examples.js';

/** What must hold at every moment, and does not. */
export function wrongIn(w: World): string | undefined {
  return (
    w.wrong ?? moneyWrong(w) ?? outcomesWrong(w) ?? refundsWrong(w.payment) ?? closedTooSoon(w)
  );
}

/** All money that checkout has heard of is the payment's or surplus, once, and there is no other. */
function moneyWrong(w: World): string | undefined {
  const ahead = new Set(
    SIDES.flatMap((side) => w.lanes[side].ahead).flatMap((e) =>
      e.type === 'attempt.succeeded' ? [e.providerRef] : [],
    ),
  );
  const told = w.orders
    .flatMap((o) => o.taken)
    .filter((t) => t.known && !ahead.has(t.ref))
    .map((t) => `${t.ref}: ${t.minor}`);
  const have = receiptsOf(w.payment).map((r) => `${r.providerRef}: ${r.amount.minor}`);
  const { receipt } = belongingsOf(w.payment);
  if (have.toSorted().join() !== told.toSorted().join()) {
    return `checkout heard of [${told.join()}] and has [${have.join()}]`;
  }
  return receipt === undefined || receipt.amount.minor === terms.amount.minor
    ? undefined
    : 'another amount than was asked pays';
}

/** What was told is what is so, and only what was overtaken by money may have been otherwise. */
function outcomesWrong({ payment, told, booked }: World): string | undefined {
  const [must, may] = [expected(payment), overtaken(payment)];
  const missing = must.find((name) => !told.includes(name));
  if (missing !== undefined) return `never told: ${missing}`;
  const untrue = told.find((name) => !must.includes(name) && !may.includes(name));
  if (untrue !== undefined) return `told, and not so: ${untrue}`;
  return booked === netOf(payment) ? undefined : 'whoever only hears outcomes has another sum';
}

function expected(p: Payment): string[] {
  const { attempts, receipt, refunds, surplus } = belongingsOf(p);
  const ended = attempts.filter((a) => a.status === 'failed' || a.status === 'closed');
  return [
    ...(receipt === undefined ? [] : ['payment.paid']),
    ...(p.status === 'closed' ? ['payment.closed'] : []),
    ...ended.map((a) => `payment.attempt_${a.status} ${a.id}`),
    ...refunds.flatMap((r) => {
      if (isUnsettled(r)) return [];
      return [`payment.${r.status === 'succeeded' ? 'refunded' : 'refund_failed'} ${r.id}`];
    }),
    ...surplus.map((s) => `payment.surplus_taken ${s.providerRef}`),
    ...surplus.flatMap((s) =>
      s.refunds.flatMap((r) =>
        r.status === 'succeeded' ? [`payment.surplus_refunded ${r.id}`] : [],
      ),
    ),
  ];
}

/** An end that money overtook was told before. */
function overtaken(p: Payment): string[] {
  const { attempts, refunds } = belongingsOf(p);
  const paid = attempts.filter((a) => a.status === 'succeeded');
  return [
    ...paid.flatMap((a) => ['failed', 'closed'].map((end) => `payment.attempt_${end} ${a.id}`)),
    ...refunds.filter((r) => r.status === 'succeeded').map((r) => `payment.refund_failed ${r.id}`),
  ];
}

/** No more goes back than was taken, and the status says how much. */
function refundsWrong(p: Payment): string | undefined {
  const { receipt, refunds, surplus } = belongingsOf(p);
  const over = surplus.find((s) => refundedOf(s, s.refunds).minor > s.amount.minor);
  if (over !== undefined) return `of ${over.providerRef} more went back than was taken`;
  if (receipt === undefined) return undefined;
  const back = refundedOf(receipt, refunds).minor;
  const whole = receipt.amount.minor;
  if (back > whole) return 'more went back than was paid';
  const status = back === 0n ? 'paid' : back < whole ? 'partly_refunded' : 'refunded';
  return p.status === status ? undefined : `${p.status}, and ${back} of ${whole} fen went back`;
}

/** A payment ends unpaid only once every gateway has said that its attempt is over. */
function closedTooSoon({ payment, orders }: World): string | undefined {
  if (payment.status !== 'closed' && payment.status !== 'not_offered') return undefined;
  const open = orders.some(
    ({ passedOn, known }) =>
      passedOn && (known === 'requested' || known === 'unknown' || known === 'awaiting_payer'),
  );
  return open ? `${payment.status} while an attempt may still be paid` : undefined;
}

const ENDS: readonly Payment['status'][] = [
  'not_offered',
  'closed',
  'paid',
  'partly_refunded',
  'refunded',
];

/** What must hold once there is nothing left to do, and does not. */
export function unsettledIn(w: World): string | undefined {
  const { payment } = w;
  const { attempts, refunds, surplus } = belongingsOf(payment);
  if (!ENDS.includes(payment.status)) return `${payment.status} for ever`;
  if (attempts.some(isOpen)) return 'an attempt stays open for ever';
  if (refunds.some(isUnsettled)) return 'a refund is never answered';
  if (surplus.some((s) => s.status !== 'refunded')) return 'surplus never goes back';
  const taken = w.orders.flatMap((o) => o.taken).reduce((sum, t) => sum + t.minor, 0n);
  const back = w.returns.reduce((sum, r) => sum + (r.status === 'succeeded' ? r.minor : 0n), 0n);
  const due = dueOf(payment);
  return taken - back === due
    ? undefined
    : `${taken} fen taken and ${back} given back leaves not ${due}`;
}
