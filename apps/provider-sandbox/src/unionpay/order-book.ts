import type { Moment } from '../clock/moment.js';
import { settle, withRefund, type Identity, type Order, type PaidOrder } from './order.js';
import type { Refund } from './refund.js';

/** A transaction: an order, or a refund with the order that it belongs to. */
export type Found =
  | Readonly<{ kind: 'order'; order: Order }>
  | Readonly<{ kind: 'refund'; order: PaidOrder; refund: Refund }>;

/** A transaction that was done, or has ended: what can be told of by itself. */
export type News =
  Readonly<{ kind: 'order'; order: PaidOrder }> | Extract<Found, { kind: 'refund' }>;

/** Where a transaction is: which order's, and for a refund under which number among its refunds. */
type Place = Readonly<{ orderKey: string; refundQueryId?: string }>;

/** Every transaction of this world. In memory: a restart is a new world. */
export class OrderBook {
  private readonly orders = new Map<string, Order>();
  private readonly places = new Map<string, Place>();
  private readonly openers = new Map<string, string>();
  private readonly queryIds = new Map<string, Place>();

  /** @throws Error if the merchant has a transaction under that number and time: look before. */
  place(order: Order): void {
    const orderKey = keyOf(order.terms);
    this.claim(order.terms, { orderKey });
    this.openers.set(order.opensBy, orderKey);
    this.keep(order);
  }

  /** @throws Error as `place` does. */
  begin(order: PaidOrder, refund: Refund): void {
    const { queryId } = refund.trace;
    const place = { orderKey: keyOf(order.terms), refundQueryId: queryId };
    this.claim(refund.terms, place);
    this.queryIds.set(queryId, place);
    this.keepRefund(order, refund);
  }

  has = (identity: Identity): boolean => this.places.has(keyOf(identity));

  /** As it is by now: an order past its payTimeout is found expired. */
  find(identity: Identity, now: Moment): Found | undefined {
    return this.at(this.places.get(keyOf(identity)), now);
  }

  findByQueryId(merId: string, queryId: string, now: Moment): Found | undefined {
    const found = this.at(this.queryIds.get(queryId), now);
    return found?.order.terms.merId === merId ? found : undefined;
  }

  /** @param opensBy a tn, or what a QR code says */
  findByOpener(opensBy: string, now: Moment): Order | undefined {
    return this.settled(this.openers.get(opensBy), now);
  }

  /** In the order in which they were placed. */
  all(now: Moment): Order[] {
    return [...this.orders.keys()].flatMap((key) => this.settled(key, now) ?? []);
  }

  /** As it is from now on. */
  keep(order: Order): void {
    const orderKey = keyOf(order.terms);
    this.orders.set(orderKey, order);
    if (order.state === 'paid') this.queryIds.set(order.payment.trace.queryId, { orderKey });
  }

  keepRefund(order: PaidOrder, refund: Refund): PaidOrder {
    const kept = withRefund(order, refund);
    this.keep(kept);
    return kept;
  }

  private claim(identity: Identity, place: Place): void {
    if (this.has(identity)) throw new Error('a second transaction under one number and time');
    this.places.set(keyOf(identity), place);
  }

  private at(place: Place | undefined, now: Moment): Found | undefined {
    const order = this.settled(place?.orderKey, now);
    if (order === undefined) return undefined;
    if (place?.refundQueryId === undefined) return { kind: 'order', order };
    if (order.state !== 'paid') return undefined;
    const refund = order.refunds.find(({ trace }) => trace.queryId === place.refundQueryId);
    return refund && { kind: 'refund', order, refund };
  }

  private settled(key: string | undefined, now: Moment): Order | undefined {
    const order = key === undefined ? undefined : this.orders.get(key);
    if (order === undefined) return undefined;
    const settled = settle(order, now);
    if (settled !== order) this.keep(settled);
    return settled;
  }
}

const keyOf = ({ merId, orderId, txnTime }: Identity): string => `${merId}/${orderId}/${txnTime}`;
