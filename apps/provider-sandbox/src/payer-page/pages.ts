import { assertNever } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import { isAlive, type OpenOrder, type Order, type TradeType } from '../wechat/order.js';
import { html, page, type Html } from './html.js';
import {
  homeLink,
  messagePage as anyMessagePage,
  openOrders,
  orderFacts,
  orderRow,
  yuan,
} from './parts.js';

const PAGES = { provider: 'WeChat Pay', home: '/' };

/** @param more what else the page is to know, where it is known */
export function payLink(
  code: string,
  more: Readonly<Record<string, string | undefined>> = {},
): string {
  const known = Object.entries({ code_url: code, ...more }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `/pay?${known.join('&')}`;
}

const PRESENTATIONS: Readonly<Record<TradeType, string>> = {
  NATIVE: 'QR code',
  JSAPI: 'mini program',
  APP: 'app',
  MWEB: 'browser',
};

/** Every order that somebody may still pay, the newest first, so that it can be done by hand. */
export function indexPage(orders: readonly Order[]): string {
  const open = orders.filter((order): order is OpenOrder => order.state === 'NOTPAY');
  return page(
    'Open orders',
    html`${openOrders(open, row)}
      <form class="card" method="get" action="/pay">
        <label for="code_url">What a QR code says</label>
        <input id="code_url" name="code_url" required placeholder="weixin://wxpay/…" />
        <button>Scan</button>
      </form>
      <form class="card" method="get" action="/client">
        <label for="parameters">What an app or a mini program was given, as JSON</label>
        <textarea id="parameters" name="parameters" rows="4" required></textarea>
        <button>Open WeChat</button>
      </form>`,
  );
}

const row = ({ code, terms }: OpenOrder): Html =>
  orderRow(payLink(code.text), {
    what: terms.description,
    amount: terms.amount,
    way: PRESENTATIONS[terms.tradeType],
  });

export type CashierView = Readonly<{
  order: Order;
  /** The code that was scanned; the order may have a newer one. */
  code: string;
  merchant: string;
  now: Moment;
  /** What this payer has just done. */
  tried: 'declined' | 'left' | undefined;
  /** Where the merchant wants the payer back. */
  redirectUrl: string | undefined;
}>;

/** What a payer sees after scanning: the order in its present state. */
export function cashierPage(view: CashierView): string {
  const { order, merchant } = view;
  const { terms } = order;
  return page(
    `${yuan(terms.amount)} to ${merchant}`,
    html`<section class="card">
        <h1>${terms.description}</h1>
        <p class="amount">${yuan(terms.amount)}</p>
        ${orderFacts({ merchant, number: terms.outTradeNo, way: PRESENTATIONS[terms.tradeType] })}
        ${standing(view)} ${wayBack(view)}
      </section>
      ${homeLink(PAGES)}`,
  );
}

const wayBack = ({ redirectUrl }: CashierView): Html =>
  redirectUrl === undefined
    ? html``
    : html`<p><a href="${redirectUrl}">Back to the merchant</a></p>`;

const said: Readonly<Record<'declined' | 'left', string>> = {
  declined: 'Not paid.',
  left: 'You left without paying.',
};

function standing({ order, code, now, tried, redirectUrl }: CashierView): Html {
  switch (order.state) {
    case 'SUCCESS':
      return html`<p role="status">
        <strong>Paid.</strong> <span class="soft">Transaction ${order.payment.transactionId}</span>
      </p>`;
    case 'CLOSED':
      return html`<p role="status">
        <strong>Closed.</strong> This order cannot be paid any more.
      </p>`;
    case 'NOTPAY':
      if (!isAlive(order, code, now)) {
        return html`<p role="status">
          <strong>This code is no longer valid.</strong> The merchant has shown a newer one, or it
          is too old.
        </p>`;
      }
      return html`${tried === undefined ? html`` : html`<p role="status"><strong>${said[tried]}</strong> You can still pay.</p>`}
        <form method="post" action="/pay">
          <input type="hidden" name="code_url" value="${code}" />
          ${redirectUrl === undefined ? html`` : html`<input type="hidden" name="redirect_url" value="${redirectUrl}" />`}
          <button class="go" name="action" value="pay">Pay ${yuan(order.terms.amount)}</button>
          <button name="action" value="decline">Decline</button>
          <button name="action" value="leave">Leave</button>
        </form>`;
    default:
      return assertNever(order);
  }
}

/** For a code that no order ever had, and for what could not be done with one. */
export const messagePage = (title: string, message: string): string =>
  anyMessagePage(PAGES, title, message);
