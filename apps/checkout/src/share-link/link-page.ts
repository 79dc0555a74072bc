import { formatMajor } from '@hutong/money';
import { actionOf, isOpen, type Attempt } from '../payment/attempt.js';
import type { Payment } from '../payment/payment.js';
import { html, type Html } from './html.js';
import { qrPicture } from './qr/qr-picture.js';
import {
  lastAttempt,
  linkStanding,
  linkStandings,
  openAttempt,
  type ShareLink,
} from './share-link.js';

/** Nothing from elsewhere, no script; only this page's own forms and look. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** How soon the page looks again whether an attempt came to something. */
const LOOK_AGAIN_SECONDS = 5;

/**
 * What whoever opens a link sees. Opening it does nothing: only its buttons do, and they are forms, so
 * that neither a crawler nor a preview follows them.
 * @param token of the link: forms go to a place beside the page.
 */
export function linkPage(
  { link, payment, token }: Readonly<{ link: ShareLink; payment: Payment; token: string }>,
  now: Date,
): string {
  const standing = linkStanding(payment, now);
  const attempt = standing === 'payable' ? lastAttempt(payment, link) : undefined;
  const open = openAttempt(payment, link, now);
  const amount = `${payment.amount.currency} ${formatMajor(payment.amount)}`;
  const body = html`<h1>${linkStandings[standing]}</h1>
    <p class="amount">${amount}</p>
    <p>${payment.description}</p>
    <p class="soft">
      Asked for at ${payment.platform} by ${payment.merchantId}, to be paid with
      ${appName(link.method.instrument)}${standing === 'payable' ? html` until ${until(payment.expiresAt)}` : undefined}.
    </p>
    ${standing !== 'payable' ? undefined : open ? shown(open) : choices(token, attempt)}`;
  const again = html`<meta http-equiv="refresh" content="${String(LOOK_AGAIN_SECONDS)}" />`;
  return page(
    `${amount} for ${payment.merchantId}`,
    body,
    attempt && isOpen(attempt) ? again : undefined,
  );
}

const IN_VAIN = 'The last try came to nothing. You may try again.';
const RUN_OUT = 'The last try has run out. If you have not paid, you may try again.';
const NOT_THIS_WAY = 'It cannot be paid in that way. Please try another one.';

function choices(token: string, before: Attempt | undefined): Html {
  return html`${before && html`<p>${outcomeOf(before)}</p>`}
    <form method="post" action="${token}/attempts">
      <button name="presentation" value="redirect">Pay on this phone</button>
      <button name="presentation" value="qr">Show a code to scan</button>
    </form>`;
}

function outcomeOf(attempt: Attempt): string {
  if (isOpen(attempt)) return RUN_OUT;
  return attempt.status === 'refused' ? NOT_THIS_WAY : IN_VAIN;
}

function shown(attempt: Attempt): Html {
  const action = actionOf(attempt);
  switch (action?.type) {
    case 'qr':
      return html`<p>Scan this code with the app:</p>
        ${qrPicture(action.content) ?? html`<p class="code">${action.content}</p>`}`;
    case 'redirect':
      return /^https?:\/\//i.test(action.url)
        ? html`<p><a class="button" href="${action.url}">Go on and pay</a></p>`
        : html`<p>Go on in the app.</p>`;
    case 'app':
    case 'mini_program':
      return html`<p>Go on in the app.</p>`;
    case 'wait':
    case undefined:
      return html`<p>One moment, please.</p>`;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  wechat_pay: 'WeChat Pay',
  alipay: 'Alipay',
  cloud_quickpass: 'Cloud QuickPass',
};
const appName = (instrument: string): string => NAMES[instrument] ?? "a bank's app";

/** To the minute, in Beijing, where all who pay here are. */
function until(at: Date): string {
  const beijing = new Date(at.getTime() + BEIJING_AHEAD_MS).toISOString();
  return `${beijing.slice(0, 10)} ${beijing.slice(11, 16)} (Beijing)`;
}
const BEIJING_AHEAD_MS = 8 * 3_600_000;

const page = (title: string, body: Html, head: Html | undefined): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        ${head}
        <title>${title}</title>
        <style>
          body {
            font:
              1.1rem/1.5 system-ui,
              sans-serif;
            max-width: 26rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          .amount {
            font-size: 2.2rem;
            margin: 0;
          }
          .soft {
            color: #666;
          }
          .code {
            overflow-wrap: anywhere;
          }
          svg {
            width: 100%;
            max-width: 18rem;
          }
          button,
          .button {
            display: block;
            box-sizing: border-box;
            width: 100%;
            margin: 0.8rem 0;
            padding: 0.9rem;
            font: inherit;
            text-align: center;
            border: 1px solid #888;
            border-radius: 0.5rem;
            background: #fff;
            color: #111;
          }
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.html;
