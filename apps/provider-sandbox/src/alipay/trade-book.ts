import { ok, refuse, type Result } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import {
  offerOf,
  openTrade,
  placeAgain,
  settle,
  type Code,
  type KnownTrade,
  type Order,
  type PlaceRefusal,
  type Terms,
  type WaitingTrade,
} from './trade.js';

type Key = string;

/** How somebody says which order is meant. If both numbers are there, `tradeNo` wins. */
export type Which = Readonly<{
  sellerId: string;
  outTradeNo: string | undefined;
  tradeNo: string | undefined;
}>;

/** Every order of this world, by merchant and number. In memory: a restart is a new world. */
export class TradeBook {
  private readonly orders = new Map<Key, Order>();
  private readonly codes = new Map<string, Key>();
  private readonly tradeNumbers = new Map<string, Key>();

  /**
   * precreate: there is something to scan, and usually no trade yet.
   * @param code opens the order from now on, unless an older one still does
   * @returns the code that does
   */
  offer(
    terms: Terms,
    code: Code,
    now: Moment & Readonly<{ deadlineMs: number }>,
  ): Result<Code, PlaceRefusal> {
    const known = this.order(terms.sellerId, terms.outTradeNo, now);
    const again = known && placeAgain(known, terms.asked);
    if (again !== undefined && !again.ok) return again;
    const order = again?.value ?? offerOf(terms, code, now);
    if (order.state === 'OFFERED' && now.orderMs < order.code.deadlineMs) {
      this.keep(order);
      return ok(order.code);
    }
    if (order.state === 'OFFERED') this.keep({ ...order, code });
    else this.opensBy(code, keyOf(terms.sellerId, terms.outTradeNo));
    return ok(code);
  }

  /**
   * The cashier is opened, a code was shown: now there is a trade, the same one however often.
   * @param tradeNo a new trade's number
   */
  open(
    terms: Terms,
    tradeNo: string,
    now: Moment & Readonly<{ deadlineMs: number }>,
  ): Result<WaitingTrade, PlaceRefusal> {
    const known = this.order(terms.sellerId, terms.outTradeNo, now);
    const again = known && placeAgain(known, terms.asked);
    if (again !== undefined && !again.ok) return again;
    if (again?.value.state === 'WAITING') return ok(again.value);
    if (now.orderMs >= now.deadlineMs) return refuse('closed');
    return ok(this.keep(openTrade(terms, tradeNo, now)));
  }

  /** Somebody scans what precreate answered, or pastes its share code. */
  scan(code: string, tradeNo: string, now: Moment): Result<KnownTrade, 'not_found' | 'code_dead'> {
    const key = this.codes.get(code);
    const order = key === undefined ? undefined : this.settled(key, now);
    if (order === undefined) return refuse('not_found');
    if (order.state !== 'OFFERED') return ok(order);
    const until = Math.min(order.deadlineMs, order.code.deadlineMs);
    const opens = [order.code.text, order.code.shareCode].includes(code);
    if (now.orderMs >= until || !opens) return refuse('code_dead');
    return ok(this.keep(openTrade(order.terms, tradeNo, { ...now, deadlineMs: order.deadlineMs })));
  }

  /** As it is by now, with what was only offered: an order past its deadline is found closed. */
  order(sellerId: string, outTradeNo: string, now: Moment): Order | undefined {
    return this.settled(keyOf(sellerId, outTradeNo), now);
  }

  /** What Alipay would call a trade: an offer is none. */
  find({ sellerId, outTradeNo, tradeNo }: Which, now: Moment): KnownTrade | undefined {
    const key =
      tradeNo === undefined ? keyOf(sellerId, outTradeNo ?? '') : this.tradeNumbers.get(tradeNo);
    const order = key === undefined ? undefined : this.settled(key, now);
    return order?.state === 'OFFERED' || order?.terms.sellerId !== sellerId ? undefined : order;
  }

  findByNumber(tradeNo: string, now: Moment): KnownTrade | undefined {
    const key = this.tradeNumbers.get(tradeNo);
    const order = key === undefined ? undefined : this.settled(key, now);
    return order?.state === 'OFFERED' ? undefined : order;
  }

  /** In the order in which they were placed. */
  all(now: Moment): Order[] {
    return [...this.orders.keys()].flatMap((key) => this.settled(key, now) ?? []);
  }

  /** As it is from now on. */
  keep<O extends Order>(order: O): O {
    const key = keyOf(order.terms.sellerId, order.terms.outTradeNo);
    this.orders.set(key, order);
    if (order.state === 'OFFERED') this.opensBy(order.code, key);
    else this.tradeNumbers.set(order.tradeNo, key);
    return order;
  }

  private opensBy({ text, shareCode }: Code, key: Key): void {
    this.codes.set(text, key).set(shareCode, key);
  }

  private settled(key: Key, now: Moment): Order | undefined {
    const order = this.orders.get(key);
    if (order === undefined) return undefined;
    const settled = settle(order, now);
    return settled === order ? order : this.keep(settled);
  }
}

const keyOf = (sellerId: string, outTradeNo: string): Key => `${sellerId}/${outTradeNo}`;
