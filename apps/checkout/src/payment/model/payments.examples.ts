import { checkoutMoves } from './checkout-moves.examples.js';
import { explore, type Explored } from './explore.examples.js';
import { worldKeys } from './key.examples.js';
import { MACHINE, type Machine } from './machine.examples.js';
import { orderMoves } from './order-moves.examples.js';
import { returnMoves } from './return-moves.examples.js';
import { unsettledIn, wrongIn } from './rules.examples.js';
import { starts, type Bound } from './world.examples.js';

/**
 * Everything that can become of one payment within the bound: checkout's real machine, among a model
 * of routing, two gateways with their providers, a payer and a merchant, in every order in which they
 * can act and be heard.
 *
 * Not in the model: more than the bound, surplus that is refused until a person is asked, and two
 * transactions of one order of which one is given back by hand.
 * @throws Fault where a rule does not hold, with a shortest way to it.
 */
export const explorePayments = (bound: Bound, machine: Machine = MACHINE): Explored =>
  explore({
    starts: starts(bound),
    movesFrom: (w) => [
      ...checkoutMoves(w, { machine, bound }),
      ...orderMoves(w),
      ...returnMoves(w),
    ],
    keyOf: worldKeys(),
    wrongIn,
    unsettledIn,
  });
