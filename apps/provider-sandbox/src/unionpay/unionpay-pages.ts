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
import type { OpenOrder, Order, Way } from './order.js';
import type { Fields } from './unionpay.signature.js';

const PAGES = { provider: 'UnionPay', home: '/unionpay' };

export const payLink = (opensBy: string, tried?: 'declined' | 'left'): string =>
  `/unionpay/pay?code=${encodeURIComponent(opensBy)}${tried === undefined ? '' : `&tried=${tried}`}`;

const WAYS: Readonly<Record<Way, string>> = {
  page: 'browser',
  app: 'app',
  qr: 'QR code',
  barcode: 'code shown in a shop',
};

/** Every order that somebody may still pay, the newest first, so that it can be done by hand. */
export function indexPage(orders: readonly Order[]): string {
  const open = orders.filter((order): order is OpenOrder => order.state === 'open');
  return page(
    'Open orders',
    html`${openOrders(open, row)}
      <form class="card" method="get" action="/unionpay/pay">
        <label for="code">What a QR code says, or the tn that an app was given</label>
        <input id="code" name="code" required placeholder="https://qr.95516.com/…" />
        <button>Open</button>
      </form>`,
    PAGES.provider,
  );
}

const row = ({ opensBy, terms }: OpenOrder): Html =>
  orderRow(payLink(opensBy), { what: terms.orderId, amount: terms.amount, way: WAYS[terms.way] });

export type CashierView = Readonly<{
  order: Order;
  merchant: string;
  /** Whose apps may pay, each by its name. */
  wallets: readonly string[];
  /** What this payer has just done. */
  tried: 'declined' | 'left' | undefined;
  /** Posted to frontUrl once it is paid, signed as a notification is. */
  back: Readonly<{ url: string; fields: Fields }> | undefined;
}>;

/** The cashier: the order in its present state. */
export function cashierPage(view: CashierView): string {
  const { terms } = view.order;
  return page(
    `${yuan(terms.amount)} to ${view.merchant}`,
    html`<section class="card">
        <p class="amount">${yuan(terms.amount)}</p>
        ${orderFacts({ merchant: view.merchant, number: terms.orderId, way: WAYS[terms.way] })}
        ${standing(view)}
      </section>
      ${homeLink(PAGES)}`,
    PAGES.provider,
  );
}

const SAID: Readonly<Record<'declined' | 'left', string>> = {
  declined: 'Not paid.',
  left: 'You left without paying.',
};

function standing(view: CashierView): Html {
  const { order, tried } = view;
  switch (order.state) {
    case 'paid':
      return html`<p role="status">
          <strong>Paid.</strong>
          <span class="soft">Transaction ${order.payment.trace.queryId}</span>
        </p>
        ${wayBack(view)}`;
    case 'expired':
      return html`<p role="status">
        <strong>Too late.</strong> The time to pay this order is over.
      </p>`;
    case 'declined':
      return html`<p role="status"><strong>Not paid.</strong> The shop has to read a new code.</p>`;
    case 'open':
      return html`${tried === undefined ? html`` : html`<p role="status"><strong>${SAID[tried]}</strong> You can still pay.</p>`}
        <form method="post" action="/unionpay/pay">
          <input type="hidden" name="code" value="${order.opensBy}" />
          ${walletChoice(view.wallets)}
          <button class="go" name="action" value="pay">Pay ${yuan(order.terms.amount)}</button>
          <button name="action" value="decline">Decline</button>
          <button name="action" value="leave">Leave</button>
        </form>`;
    default:
      return assertNever(order);
  }
}

/** UnionPay sends a browser back by a form. */
const wayBack = ({ back }: CashierView): Html =>
  back === undefined
    ? html``
    : html`<form method="post" action="${back.url}">
        ${Object.entries(back.fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <button class="go">Back to the merchant</button>
      </form>`;

/** For what no order has, and for a browser that came with a request that was refused. */
export const messagePage = (title: string, message: string): string =>
  anyMessagePage(PAGES, title, message);
