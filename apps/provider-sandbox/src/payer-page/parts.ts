import { formatMajor, type Money } from '@hutong/money';
import { html, page, type Html } from './html.js';

/** So many orders are listed. */
const NEWEST = 50;

/** One provider's pages: as its payers call it, and where they begin. */
export type Pages = Readonly<{ provider: string; home: string }>;

export const yuan = (amount: Money): string => `¥${formatMajor(amount)}`;

/** The orders that somebody may still pay, oldest first as they come, newest first as they are shown. */
export function openOrders<Open>(open: readonly Open[], row: (order: Open) => Html): Html {
  return html`<section class="card">
    <h1>Open orders: ${open.length}</h1>
    ${
      open.length === 0
        ? html`<p class="soft">Nothing is waiting to be paid. Reload when something should be.</p>`
        : html`<ul>
            ${open.toReversed().slice(0, NEWEST).map(row)}
          </ul>`
    }
  </section>`;
}

/** One open order in the list. */
export const orderRow = (
  link: string,
  { what, amount, way }: Readonly<{ what: string; amount: Money; way: string }>,
): Html =>
  html`<li>
    <a href="${link}"
      ><span>${what}</span> <span>${yuan(amount)} <small>${way}</small></span></a
    >
  </li>`;

/** What an order is about, whatever its state. */
export const orderFacts = (facts: Readonly<Record<'merchant' | 'number' | 'way', string>>): Html =>
  html`<dl>
    <dt>Merchant</dt>
    <dd>${facts.merchant}</dd>
    <dt>Order</dt>
    <dd>${facts.number}</dd>
    <dt>By</dt>
    <dd>${facts.way}</dd>
  </dl>`;

/** Whose apps may pay, to choose from. */
export const walletChoice = (wallets: readonly string[]): Html =>
  html`<label for="wallet">With</label>
    <select id="wallet" name="wallet">
      ${wallets.map((wallet) => html`<option>${wallet}</option>`)}
    </select>`;

/** Where all of a provider's pages lead. */
export const homeLink = ({ home }: Pages): Html =>
  html`<p><a href="${home}">All open orders</a></p>`;

/** For what no order has, and for what could not be done. */
export const messagePage = (pages: Pages, title: string, message: string): string =>
  page(
    title,
    html`<section class="card">
        <h1>${title}</h1>
        <p role="alert">${message}</p>
      </section>
      ${homeLink(pages)}`,
    pages.provider,
  );
