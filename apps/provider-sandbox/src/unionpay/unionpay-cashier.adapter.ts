import { add, money } from '@hutong/money';
import { ok, refuse, type Result } from '@hutong/result';
import { Alarms } from '../clock/alarms.adapter.js';
import type { SandboxClock } from '../clock/sandbox-clock.adapter.js';
import type { OrderBook } from './order-book.js';
import {
  pay,
  tryInVain,
  type EndedOrder,
  type Identity,
  type OpenOrder,
  type Order,
  type PaidOrder,
  type PayRefusal,
} from './order.js';
import type { PayerCodes, ShownCode } from './payer-codes.adapter.js';
import type { PayingApp } from './paying-app.js';
import type { ResultCode } from './result-code.js';
import type { Traces } from './traces.js';
import type { UnionpayNotifier } from './unionpay-notifier.adapter.js';

/** How a payer says which order is meant: by a tn or a QR code, or the control API by its number. */
export type Pointer = Readonly<{ opensBy: string }> | Identity;

export type CashierRefusal = PayRefusal | 'not_found' | 'wallet_not_accepted';

/** @property late takes money for an order whose time is over, too @property tellsLate and says so */
export type Paying = Readonly<{
  app: PayingApp;
  late?: boolean;
  tellsLate?: boolean;
  hasDefect?: boolean;
  extraFen?: number;
}>;

/** Of the ladder's time, between reading a payer's code and knowing what became of it. */
const CHARGING_MS = 1_000;

/** What payers do: by the page, by the control API, and with a code that a shop has read. */
export class UnionpayCashier {
  private readonly alarms: Alarms;

  constructor(
    private readonly book: OrderBook,
    private readonly codes: PayerCodes,
    private readonly traces: Traces,
    private readonly notifier: UnionpayNotifier,
    private readonly clock: SandboxClock,
  ) {
    this.alarms = new Alarms(clock);
  }

  /** Takes the money, and tells the merchant; what came too late is usually found by asking alone. */
  pay(
    pointer: Pointer,
    { app, late = false, tellsLate = false, hasDefect = false, extraFen = 0 }: Paying,
  ): Result<PaidOrder, CashierRefusal> {
    const order = this.orderAt(pointer);
    if (order === undefined) return refuse('not_found');
    if (!this.mayPay(app, order)) return refuse('wallet_not_accepted');
    const { at, orderMs } = this.clock.moment();
    const paid = pay(order, {
      trace: this.traces.next(at),
      paidMs: orderMs,
      amount: add(order.terms.amount, money(BigInt(extraFen), 'CNY')),
      app,
      code: hasDefect ? 'A6' : '00',
      late,
    });
    if (!paid.ok) return paid;
    this.book.keep(paid.value);
    const { payment } = paid.value;
    if (payment.code !== '42' || tellsLate) {
      this.notifier.tell(payment.trace.queryId, { kind: 'order', order: paid.value });
    }
    return paid;
  }

  /** Opens the cashier and pays nothing yet: a query is told 70 from now on. */
  enter(pointer: Pointer): Result<OpenOrder | EndedOrder, CashierRefusal> {
    return this.tryInVain(pointer, '70');
  }

  decline(pointer: Pointer, code: ResultCode): Result<OpenOrder | EndedOrder, CashierRefusal> {
    return this.tryInVain(pointer, code);
  }

  /** A shop has read this code: what its payer does about it follows a moment later. */
  charge(order: Order, { app, reaction }: ShownCode, hasDefect: boolean): void {
    if (reaction.does === 'waits') return;
    this.alarms.after(CHARGING_MS, () => {
      if (reaction.does === 'pays') this.pay(order.terms, { app, hasDefect });
      else this.decline(order.terms, reaction.code);
    });
  }

  /** The orders of that number, as many as there are merchants and times that used it. */
  ordersOf(orderId: string): Order[] {
    return this.orders().filter(({ terms }) => terms.orderId === orderId);
  }

  orders(): Order[] {
    return this.book.all(this.clock.moment());
  }

  orderAt(pointer: Pointer): Order | undefined {
    const now = this.clock.moment();
    if ('opensBy' in pointer) return this.book.findByOpener(pointer.opensBy, now);
    const found = this.book.find(pointer, now);
    return found?.kind === 'order' ? found.order : undefined;
  }

  /** Nobody pays by a code that was read before. */
  stop(): void {
    this.alarms.stop();
  }

  /** UnionPay's own apps, always; Alipay's where the merchant agreed. */
  mayPay = (app: PayingApp, { terms }: Order): boolean =>
    app !== 'alipay' || this.codes.takesAlipay(terms.merId);

  private tryInVain(
    pointer: Pointer,
    lastTry: ResultCode,
  ): Result<OpenOrder | EndedOrder, CashierRefusal> {
    const order = this.orderAt(pointer);
    if (order === undefined) return refuse('not_found');
    const tried = tryInVain(order, lastTry);
    if (!tried.ok) return tried;
    this.book.keep(tried.value);
    return ok(tried.value);
  }
}
