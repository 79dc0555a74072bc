import { formatMajor, type Money } from '@hutong/money';
import { assertNever } from '@hutong/result';
import { isAlive, type Moment, type OpenOrder, type Order } from '../wechat/order.js';
import { html, page, type Html } from './html.js';

const NEWEST = 50;

const yuan = (amount: Money): string => `¥${formatMajor(amount)}`;

export const payLink = (code: string): string => `/pay?code_url=${encodeURIComponent(code)}`;

/** Every order that somebody may still pay, the newest first, so that it can be done by hand. */
export function indexPage(orders: readonly Order[]): string {
  const open = orders.filter((order): order is OpenOrder => order.state === 'NOTPAY').reverse();
  const content =
    open.length === 0
      ? html`<p class="soft">Nothing is waiting to be paid. Reload when something should be.</p>`
      : html`<ul>
          ${open.slice(0, NEWEST).map(row)}
        </ul>`;
  return page(
    'Open orders',
    html`<section class="card">
      <h1>Open orders: ${open.length}</h1>
      ${content}
    </section>`,
  );
}

const row = ({ code, terms }: OpenOrder): Html =>
  html`<li>
    <a href="${payLink(code.url)}"
      ><span>${terms.description}</span> <span>${yuan(terms.amount)}</span></a
    >
  </li>`;

export type CashierView = Readonly<{
  order: Order;
  /** The code that was scanned; the order may have a newer one. */
  code: string;
  merchant: string;
  now: Moment;
  /** This payer has just said no. */
  declined: boolean;
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
        <dl>
          <dt>Merchant</dt>
          <dd>${merchant}</dd>
          <dt>Order</dt>
          <dd>${terms.outTradeNo}</dd>
        </dl>
        ${standing(view)}
      </section>
      <p><a href="/">All open orders</a></p>`,
  );
}

function standing({ order, code, now, declined }: CashierView): Html {
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
      return html`${declined ? html`<p role="status"><strong>Not paid.</strong> You can still pay.</p>` : html``}
        <form method="post" action="/pay">
          <input type="hidden" name="code_url" value="${code}" />
          <button class="go" name="action" value="pay">Pay ${yuan(order.terms.amount)}</button>
          <button name="action" value="decline">Decline</button>
        </form>`;
    default:
      return assertNever(order);
  }
}

/** For a code that no order ever had, and for what could not be done with one. */
export const messagePage = (title: string, message: string): string =>
  page(
    title,
    html`<section class="card">
        <h1>${title}</h1>
        <p role="alert">${message}</p>
      </section>
      <p><a href="/">All open orders</a></p>`,
  );
