import { ok, refuse, type Result } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import {
  close,
  decline,
  enter,
  isAlive,
  openOrder,
  pay,
  payLate,
  placeAgain,
  settle,
  type ClosedOrder,
  type Code,
  type OpenOrder,
  type Order,
  type PaidOrder,
  type Paying,
  type PayRefusal,
  type PlaceRefusal,
  type Terms,
} from './order.js';

type Key = string;
type Found<R> = Result<R, PayRefusal | 'not_found'>;

/** How a payer or the control API says which order is meant: by a code once shown, or by its number. */
export type Pointer = Readonly<{ code: string }> | Readonly<{ mchid: string; outTradeNo: string }>;

/** Every order of this world, by merchant and number. In memory: a restart is a new world. */
export class OrderBook {
  private readonly orders = new Map<Key, Order>();
  /** Every code ever shown, dead ones too, since a payer may still hold one. */
  private readonly codes = new Map<string, Key>();
  private readonly transactions = new Map<string, Key>();

  place(
    terms: Terms,
    code: Code,
    at: Moment & Readonly<{ deadlineMs: number }>,
  ): Result<OpenOrder, PlaceRefusal> {
    const existing = this.find(terms.mchid, terms.outTradeNo, at);
    const placed =
      existing === undefined
        ? ok(openOrder(terms, code, at))
        : placeAgain(existing, terms.asked, code);
    if (placed.ok) this.codes.set(code.text, this.keep(placed.value));
    return placed;
  }

  /** As it is by now: an order past its deadline is found closed. */
  find(mchid: string, outTradeNo: string, now: Moment): Order | undefined {
    return this.settled(keyOf(mchid, outTradeNo), now);
  }

  findByTransaction(mchid: string, transactionId: string, now: Moment): Order | undefined {
    const order = this.settled(this.transactions.get(transactionId), now);
    return order?.terms.mchid === mchid ? order : undefined;
  }

  findByCode(code: string, now: Moment): Order | undefined {
    return this.settled(this.codes.get(code), now);
  }

  /** In the order in which they were placed. */
  all(now: Moment): Order[] {
    return [...this.orders.keys()].flatMap((key) => this.settled(key, now) ?? []);
  }

  /** @param payment `late` takes money for a closed order too, as if the closing had come second. */
  pay(
    pointer: Pointer,
    payment: Paying & Readonly<{ late: boolean }>,
    now: Moment,
  ): Found<PaidOrder> {
    const order = this.cashier(pointer, now);
    if (!order.ok) return order;
    const { late, ...facts } = payment;
    const paid = late ? payLate(order.value, facts) : pay(order.value, facts);
    if (paid.ok) this.transactions.set(facts.transactionId, this.keep(paid.value));
    return paid;
  }

  /** Somebody opens the cashier, and perhaps goes away again. */
  enter(pointer: Pointer, openid: string, now: Moment): Found<OpenOrder> {
    return this.visit(pointer, now, (order) => enter(order, openid));
  }

  decline(pointer: Pointer, openid: string, now: Moment): Found<OpenOrder> {
    return this.visit(pointer, now, (order) => decline(order, openid));
  }

  close(mchid: string, outTradeNo: string, now: Moment): Result<ClosedOrder, 'paid' | 'not_found'> {
    const order = this.find(mchid, outTradeNo, now);
    if (order === undefined) return refuse('not_found');
    const done = close(order);
    if (done.ok) this.keep(done.value);
    return done;
  }

  /** @param move what the payer does at the cashier without paying */
  private visit(
    pointer: Pointer,
    now: Moment,
    move: (order: Order) => Result<OpenOrder, PayRefusal>,
  ): Found<OpenOrder> {
    const order = this.cashier(pointer, now);
    if (!order.ok) return order;
    const moved = move(order.value);
    if (moved.ok) this.keep(moved.value);
    return moved;
  }

  /** The order as whoever points at it may use it: a code may be dead while its order is not. */
  private cashier(pointer: Pointer, now: Moment): Found<Order> {
    const byCode = 'code' in pointer;
    const order = byCode
      ? this.findByCode(pointer.code, now)
      : this.find(pointer.mchid, pointer.outTradeNo, now);
    if (order === undefined) return refuse('not_found');
    if (byCode && order.state === 'NOTPAY' && !isAlive(order, pointer.code, now)) {
      return refuse('code_dead');
    }
    return ok(order);
  }

  private settled(key: Key | undefined, now: Moment): Order | undefined {
    const order = key === undefined ? undefined : this.orders.get(key);
    if (order === undefined) return undefined;
    const settled = settle(order, now);
    if (settled !== order) this.keep(settled);
    return settled;
  }

  /** As it is from now on. */
  keep(order: Order): Key {
    const key = keyOf(order.terms.mchid, order.terms.outTradeNo);
    this.orders.set(key, order);
    return key;
  }
}

const keyOf = (mchid: string, outTradeNo: string): Key => `${mchid}/${outTradeNo}`;
