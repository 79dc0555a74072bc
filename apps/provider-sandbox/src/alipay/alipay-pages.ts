import { assertNever } from '@hutong/result';
import { html, page, type Html } from '../payer-page/html.js';
import {
  homeLink,
  messagePage as anyMessagePage,
  openOrders,
  orderFacts,
  orderRow,
  walletChoice,
  yuan,
} from '../payer-page/parts.js';
import type { KnownTrade, Offer, Order, Product, WaitingTrade } from './trade.js';

const PAGES = { provider: 'Alipay', home: '/alipay' };

/** Where a trade is paid. */
export const cashierLink = (tradeNo: string, tried?: 'declined'): string =>
  `/alipay/cashier?trade_no=${tradeNo}${tried === undefined ? '' : `&tried=${tried}`}`;

const scanLink = (code: string): string => `/alipay/open?what=${encodeURIComponent(code)}`;

const WAYS: Readonly<Record<Product, string>> = {
  page: 'browser',
  wap: 'telephone browser',
  app: 'app',
  precreate: 'QR code',
  pay: 'code shown in a shop',
};

/** Every order that somebody may still pay, the newest first, so that it can be done by hand. */
export function indexPage(orders: readonly Order[]): string {
  const open = orders.filter((order) => isOpen(order));
  return page(
    'Open orders',
    html`${openOrders(open, row)}
      <form class="card" method="get" action="/alipay/open">
        <label for="what">What a QR code says, or the order string that an app was given</label>
        <textarea id="what" name="what" rows="4" required></textarea>
        <button>Open Alipay</button>
      </form>`,
    PAGES.provider,
  );
}

const isOpen = (order: Order): order is Offer | WaitingTrade =>
  order.state === 'OFFERED' || order.state === 'WAITING';

const row = (order: Offer | WaitingTrade): Html =>
  orderRow(order.state === 'OFFERED' ? scanLink(order.code.text) : cashierLink(order.tradeNo), {
    what: order.terms.subject,
    amount: order.terms.amount,
    way: WAYS[order.terms.product],
  });

export type CashierView = Readonly<{
  trade: KnownTrade;
  merchant: string;
  /** Whose apps may pay, each by its name. */
  wallets: readonly string[];
  /** What this payer has just done. */
  tried: 'declined' | undefined;
  /** Where the merchant wants a paid payer back. */
  back: string | undefined;
}>;

/** The cashier: the trade in its present state. */
export function cashierPage(view: CashierView): string {
  const { terms } = view.trade;
  return page(
    `${yuan(terms.amount)} to ${view.merchant}`,
    html`<section class="card">
        <h1>${terms.subject}</h1>
        <p class="amount">${yuan(terms.amount)}</p>
        ${orderFacts({ merchant: view.merchant, number: terms.outTradeNo, way: WAYS[terms.product] })}
        ${standing(view)}
      </section>
      ${homeLink(PAGES)}`,
    PAGES.provider,
  );
}

function standing({ trade, wallets, tried, back }: CashierView): Html {
  switch (trade.state) {
    case 'PAID':
      return html`<p role="status">
          <strong>Paid.</strong> <span class="soft">Trade ${trade.tradeNo}</span>
        </p>
        ${back === undefined ? html`` : html`<p><a href="${back}">Back to the merchant</a></p>`}`;
    case 'CLOSED':
      return html`<p role="status">
        <strong>Closed.</strong> This order cannot be paid any more.
      </p>`;
    case 'WAITING':
      return html`${tried === undefined ? html`` : html`<p role="status"><strong>Not paid.</strong> You can still pay.</p>`}
        <form method="post" action="/alipay/pay">
          <input type="hidden" name="trade_no" value="${trade.tradeNo}" />
          ${walletChoice(wallets)}
          <button class="go" name="action" value="pay">Pay ${yuan(trade.terms.amount)}</button>
          <button name="action" value="decline">Decline</button>
        </form>`;
    default:
      return assertNever(trade);
  }
}

/** For what no order has, and for what does not open. */
export const messagePage = (title: string, message: string): string =>
  anyMessagePage(PAGES, title, message);
