import { providerRef } from '@hutong/domain-events';
import { aSuccess, newsOf, terms } from '../payment.examples.js';
import { fen } from './checkout-side.examples.js';
import {
  duty,
  may,
  METHODS,
  say,
  trouble,
  type Order,
  type Taken,
  type World,
  type WorldMove,
} from './world.examples.js';

/** What the gateway, the provider and the payer may do next about each order. */
export const orderMoves = (w: World): WorldMove[] =>
  w.orders.flatMap((order) => {
    if (!order.passedOn) return [];
    return [...gatewayMoves(w, order), ...providerMoves(w, order), ...payerMoves(w, order)];
  });

/** As `libs/gateway` does it: what is known is told once, and money always. */
function gatewayMoves(w: World, order: Order): WorldMove[] {
  const fresh = order.taken.find(({ known }) => !known);
  if (fresh !== undefined) {
    return [duty(`the gateway learns that ${nameOf(order)} is paid`, paid(w, order, fresh))];
  }
  switch (order.known) {
    case 'requested':
      return unsent(w, order);
    case 'unknown':
    case 'awaiting_payer':
      return asked(w, order);
    case 'failed':
    case 'closed':
    case 'succeeded':
      return [];
  }
}

function unsent(w: World, order: Order): WorldMove[] {
  const who = nameOf(order);
  if (order.closeAsked) {
    return [duty(`the gateway never sends ${who}: it is closed`, ended(w, order, 'closed'))];
  }
  if (w.late) {
    return [duty(`the gateway never sends ${who}: it is too late`, ended(w, order, 'failed'))];
  }
  const open: Order = { ...order, there: 'open' };
  const killed = withOrder(w, { ...open, known: 'unknown' });
  const whole = moneyFor(order, terms.amount.minor);
  const declined: Order = { ...order, there: 'declined' };
  return [
    duty(`${who} is sent`, shown(w, order)),
    may(`${who} is sent, and paid at once`, paid(w, withMoney(order, whole), whole)),
    ...trouble(`${who} is sent, and its answer is lost`, inDoubt(w, open)),
    ...trouble(`${who} is sent, and never arrives`, inDoubt(w, order)),
    ...trouble(`the gateway is killed while it sends ${who}`, killed),
    ...trouble(`the provider refuses ${who}`, ended(w, declined, 'failed')),
  ];
}

/** The provider is asked about what was sent, and told to close it once it is over. */
function asked(w: World, order: Order): WorldMove[] {
  const who = nameOf(order);
  const over = order.closeAsked || w.late;
  const again = duty(`${who} is sent again`, shown(w, order));
  switch (order.there) {
    case 'nothing':
      return over ? [duty(`the gateway gives ${who} up`, ended(w, order, 'closed'))] : [again];
    case 'open': {
      const closed: Order = { ...order, there: 'closed' };
      if (!over) return order.known === 'unknown' ? [again] : [];
      return [
        duty(`the gateway closes ${who}`, ended(w, closed, 'closed')),
        ...trouble(`the gateway closes ${who}, and the answer is lost`, withOrder(w, closed)),
      ];
    }
    case 'closed':
      return [duty(`the gateway learns that ${who} is closed`, ended(w, order, 'closed'))];
    case 'declined':
      return [duty(`the gateway learns that ${who} has failed`, ended(w, order, 'failed'))];
    case 'paid':
      return [];
  }
}

/** Once its time is over the order ends by itself; the provider may also decline it for certain. */
const providerMoves = (w: World, order: Order): WorldMove[] =>
  order.there !== 'open'
    ? []
    : [
        ...(w.late
          ? [may(`${nameOf(order)} expires`, withOrder(w, { ...order, there: 'closed' }))]
          : []),
        ...trouble(
          `the provider declines ${nameOf(order)}`,
          withOrder(w, { ...order, there: 'declined' }),
        ),
      ];

/** An open order may be paid whatever became of the payment; the rest should not happen, and does. */
function payerMoves(w: World, order: Order): WorldMove[] {
  const who = nameOf(order);
  switch (order.there) {
    case 'nothing':
      return [];
    case 'open':
      return [
        may(`the payer pays ${who}`, takes(w, order, terms.amount.minor)),
        ...trouble(`the payer pays 1 fen for ${who}`, takes(w, order, 1n)),
      ];
    case 'closed':
    case 'declined':
      return trouble(`the payer pays ${who} all the same`, takes(w, order, terms.amount.minor));
    case 'paid':
      return w.returns.some(({ attempt }) => attempt === order.attempt)
        ? []
        : trouble(`the payer pays ${who} once more`, takes(w, order, terms.amount.minor));
  }
}

function ended(w: World, order: Order, known: 'failed' | 'closed'): World {
  const news = newsOf(order.attempt)[`attempt.${known}`];
  return say(withOrder(w, { ...order, known }), order.side, told(order, news));
}

const takes = (w: World, order: Order, minor: bigint): World =>
  withOrder(w, withMoney(order, moneyFor(order, minor)));

function moneyFor({ attempt, taken }: Order, minor: bigint): Taken {
  const nth = `${attempt.slice(-1)}-${taken.length + 1}`;
  const ref = providerRef(minor === terms.amount.minor ? nth : `${nth}-F`);
  return { ref, minor, known: false };
}

const withMoney = (order: Order, money: Taken): Order => ({
  ...order,
  there: 'paid',
  taken: [...order.taken, money],
});

function paid(w: World, order: Order, fresh: Taken): World {
  const taken = order.taken.map((t) => (t === fresh ? { ...t, known: true } : t));
  const { provider, instrument } = METHODS[order.side];
  const news = aSuccess(order.attempt, fresh.ref, fen(fresh.minor));
  const next = withOrder(w, { ...order, known: 'succeeded', taken });
  return say(next, order.side, { ...news, provider, instrument });
}

function shown(w: World, order: Order): World {
  const next = withOrder(w, { ...order, known: 'awaiting_payer', there: 'open' });
  const news = newsOf(order.attempt)['attempt.awaiting_payer'];
  return say(next, order.side, told(order, news));
}

function inDoubt(w: World, order: Order): World {
  const news = newsOf(order.attempt)['attempt.unknown'];
  return say(withOrder(w, { ...order, known: 'unknown' }), order.side, told(order, news));
}

const told = <E extends object>(
  order: Order,
  news: E,
): E & Readonly<{ provider: Order['side'] }> => ({
  ...news,
  provider: order.side,
});

const withOrder = (w: World, order: Order): World => ({
  ...w,
  orders: w.orders.map((o) => (o.attempt === order.attempt ? order : o)),
});

const nameOf = ({ attempt, side }: Order): string => `attempt ${attempt.slice(-1)} (${side})`;
