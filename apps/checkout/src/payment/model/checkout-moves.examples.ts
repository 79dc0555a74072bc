import type { AttemptId } from '@hutong/domain-events';
import { belongingsOf } from '../payment.js';
import { anOffer, newsOf, noOffer, NOW, terms } from '../payment.examples.js';
import { become, fen, hear } from './checkout-side.examples.js';
import {
  attemptIdOf,
  duty,
  may,
  METHODS,
  refundIdOf,
  say,
  SIDES,
  trouble,
  type Play,
  type Producer,
  type Side,
  type World,
  type WorldMove,
} from './world.examples.js';

/** When surplus is due again, whatever was refused before. */
const MUCH_LATER = new Date(NOW.getTime() + 30 * 86_400_000);
const WHOLE = terms.amount.minor;

/** Everything that checkout does next: hear, close what is over, give surplus back, do as it is asked. */
export const checkoutMoves = (w: World, play: Play): WorldMove[] => [
  ...PRODUCERS.flatMap((producer) => heard(w, producer, play)),
  ...PRODUCERS.flatMap((producer) => heardAgain(w, producer, play)),
  ...time(w, play),
  ...surplusDue(w, play),
  ...choices(w, play),
  ...merchant(w, play),
];

const PRODUCERS: readonly Producer[] = ['routing', ...SIDES];

function heard(w: World, producer: Producer, play: Play): WorldMove[] {
  const { heard: before, ahead } = w.lanes[producer];
  const [event, ...rest] = ahead;
  if (event === undefined) return [];
  const all = [...before, event];
  const lane = { heard: all.slice(Math.max(0, all.length - play.bound.redelivered)), ahead: rest };
  const taken: World = { ...w, lanes: { ...w.lanes, [producer]: lane } };
  const { world, refused } = hear(taken, event, play);
  const wrong = refused === undefined ? world.wrong : `parked: ${refused}`;
  return [duty(`checkout hears ${event.type} from ${producer}`, { ...world, wrong })];
}

/**
 * A restart before the offset was committed: the last events come again, in order. The inbox would
 * drop them; here there is none, so that one without the other is enough. A repeat may be refused,
 * which parks it.
 */
function heardAgain(w: World, producer: Producer, play: Play): WorldMove[] {
  const { heard: before } = w.lanes[producer];
  if (w.troubles === 0) return [];
  return before.flatMap((_, from) => {
    const again = before.slice(from);
    const after = again.reduce((world, event) => hear(world, event, play).world, w);
    const what = again.map(({ type }) => type).join(', ');
    return trouble(`checkout restarts and hears ${what} from ${producer} again`, after);
  });
}

/** The deadline passes where the payment still waits for it, and then checkout closes the payment. */
function time(w: World, play: Play): WorldMove[] {
  if (!mayClose(w)) return [];
  if (!w.late) return [duty('the deadline passes', { ...w, late: true })];
  return closed(w, 'expired', play).map((to) => duty('checkout closes what has expired', to));
}

const mayClose = ({ payment: { status } }: World): boolean =>
  status === 'requested' || status === 'offered' || status === 'paying';

function closed(w: World, reason: 'expired' | 'cancelled', play: Play): World[] {
  const after = play.machine.close(w.payment, reason);
  return after.ok && after.value !== w.payment ? [become(w, after.value, play)] : [];
}

const surplusDue = (w: World, play: Play): WorldMove[] =>
  belongingsOf(w.payment).surplus.flatMap((surplus) => {
    const ref = surplus.providerRef;
    const refundId = refundIdOf(`S${ref.replaceAll('-', '')}T${surplus.refunds.length + 1}`);
    const asked = { money: surplus, cause: 'due', refundId, now: MUCH_LATER } as const;
    const given = play.machine.giveSurplusBack(w.payment, asked);
    return given.ok ? [duty(`${ref} is due to go back`, become(w, given.value, play))] : [];
  });

/** The payer chooses a method of the newest offer that checkout knows. */
function choices(w: World, play: Play): WorldMove[] {
  const nth = w.orders.length + 1;
  if (nth > play.bound.attempts) return [];
  // Providers are alike, so that the first choice may as well be of the first one.
  return SIDES.slice(0, nth === 1 ? 1 : undefined).flatMap((side) => {
    const offer = w.payment.status === 'requested' ? 1 : (w.payment.decision?.offer ?? 1);
    const now = w.late ? terms.expiresAt : NOW;
    const asked = { attemptId: attemptIdOf(nth), offer, method: METHODS[side] };
    const chosen = play.machine.choose(w.payment, { ...asked, paidByAnother: false, now });
    if (!chosen.ok) return [];
    return answered(become(w, chosen.value.payment, play), { ...asked, side });
  });
}

type Choice = Readonly<{ attemptId: AttemptId; offer: number; side: Side }>;

/** Routing passes the choice on, or refuses it and decides anew: always, where the offer is not its newest. */
function answered(w: World, { attemptId: attempt, offer, side }: Choice): WorldMove[] {
  const news = newsOf(attempt);
  const words = `the payer chooses ${side}`;
  const order = { attempt, side, closeAsked: false, known: 'requested', there: 'nothing' } as const;
  const chosen = (passedOn: boolean): World => ({
    ...w,
    orders: [...w.orders, { ...order, passedOn, taken: [] }],
  });
  const refusals = [anOffer, noOffer].map((decide) => {
    const newest = decide(w.newest.offer + 1);
    const refused = { ...chosen(false), newest };
    const told = say(refused, 'routing', news['attempt.refused'], newest);
    return { says: `${words}, and routing refuses: ${newest.type}`, told };
  });
  if (offer !== w.newest.offer || w.newest.type !== 'payment.offered') {
    return refusals.map(({ says, told }) => may(says, told));
  }
  return [
    may(words, say(chosen(true), 'routing', news['attempt.accepted'])),
    ...refusals.flatMap(({ says, told }) => trouble(says, told)),
  ];
}

/** The merchant cancels, or gives back all or half. */
function merchant(w: World, play: Play): WorldMove[] {
  const cancelled = mayClose(w) ? closed(w, 'cancelled', play) : [];
  const nth = belongingsOf(w.payment).refunds.length + 1;
  const amounts = nth > play.bound.refunds ? [] : [WHOLE, WHOLE / 2n];
  return [
    ...cancelled.map((to) => may('the merchant cancels', to)),
    ...amounts.flatMap((minor) => {
      const wish = { refundId: refundIdOf(`M${nth}`), amount: fen(minor), now: NOW };
      const asked = play.machine.requestRefund(w.payment, wish);
      const words = `the merchant asks ${minor} fen back`;
      return asked.ok ? [may(words, become(w, asked.value.payment, play))] : [];
    }),
  ];
}
