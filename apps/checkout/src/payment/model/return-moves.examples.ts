import type { RefundReported } from '@hutong/domain-events';
import { refundNewsOf } from '../payment.examples.js';
import { fen } from './checkout-side.examples.js';
import {
  duty,
  may,
  say,
  trouble,
  type Return,
  type World,
  type WorldMove,
} from './world.examples.js';

/** What the gateway and the provider may do next about each refund. An answer that is lost only comes later. */
export const returnMoves = (w: World): WorldMove[] =>
  w.returns.flatMap((one) => {
    const who = `the refund ${one.refund.replace(/^.*R/, '')}`;
    // No provider gives back more than it took.
    const done = moved(w, one, hasRoom(w, one) ? 'succeeded' : 'failed');
    const failed = trouble(`${who} fails`, moved(w, one, 'failed'));
    switch (one.status) {
      case 'requested':
        return [
          duty(`${who} is answered for certain`, done),
          may(`the provider accepts ${who}`, moved(w, one, 'pending')),
          ...failed,
        ];
      case 'pending':
        return [duty(`${who} is answered for certain`, done), ...failed];
      case 'failed':
        return hasRoom(w, one) && isOfOne(w, one)
          ? trouble(`${who} is given back by hand all the same`, moved(w, one, 'succeeded'))
          : [];
      case 'succeeded':
        return [];
    }
  });

/**
 * By hand a person may give back what was asked for anew meanwhile: the provider's limit for the order
 * stops the second of them, unless another transaction of the same order hides it. No provider has
 * orders with two (ADR 0014), and the second report would be parked, so that this is left out.
 */
const isOfOne = ({ orders }: World, { attempt }: Return): boolean =>
  orders.some((o) => o.attempt === attempt && o.taken.length === 1);

/** Whether the provider has so much left of the order. */
function hasRoom(w: World, { attempt, minor }: Return): boolean {
  const taken = w.orders
    .filter((o) => o.attempt === attempt)
    .flatMap((o) => o.taken)
    .reduce((sum, t) => sum + t.minor, 0n);
  const back = w.returns
    .filter((r) => r.attempt === attempt && r.status === 'succeeded')
    .reduce((sum, r) => sum + r.minor, 0n);
  return back + minor <= taken;
}

function moved(w: World, one: Return, status: Exclude<Return['status'], 'requested'>): World {
  const side = w.orders.find(({ attempt }) => attempt === one.attempt)?.side;
  const returns = w.returns.map((r) => (r === one ? { ...one, status } : r));
  if (side === undefined) return { ...w, wrong: 'a refund of what nobody chose' };
  const asked = { attempt: one.attempt, amount: fen(one.minor) };
  const news: RefundReported = refundNewsOf(one.refund, asked)[`refund.${status}`];
  return say({ ...w, returns }, side, { ...news, provider: side });
}
