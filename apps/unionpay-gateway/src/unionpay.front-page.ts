import type { Form } from '@hutong/form';

/** Relative to where payers reach us. The secret alone makes it an address that nobody guesses. */
export const frontPath = (attemptId: string, secret: string): string =>
  `front/${attemptId}/${secret}`;

/** Where UnionPay sends the payer's browser, by a form that is posted. */
export const returnPath = (attemptId: string): string => `front/${attemptId}/return`;

/** The page's only script. Whoever runs none has the button. */
export const SCRIPT = 'document.forms[0].submit();';
/** SHA-256 of `SCRIPT`. */
const SCRIPT_HASH = 'sha256-8lDeP0UDwCO6/RhblgeH/ctdBzjVpJxrXizsnIk3cEQ=';

/**
 * A page that sends a payer on to UnionPay: it takes orders of browsers as posted forms alone. It has nothing
 * of the payer, and loads nothing.
 * @param form signed. @param action UnionPay's address.
 */
export const frontPage = (action: URL, form: Form): string => `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>前往银联支付</title>
  </head>
  <body>
    <form method="post" action="${escaped(action.href)}" enctype="application/x-www-form-urlencoded" accept-charset="utf-8">
      ${Object.entries(form).map(hidden).join('\n      ')}
      <p>正在前往银联收银台。 <span lang="en">You are being taken to UnionPay.</span></p>
      <button>继续 <span lang="en">Continue</span></button>
    </form>
    <script>${SCRIPT}</script>
  </body>
</html>
`;

/**
 * For an address under which nothing can be paid, any more or at all. It says the same of every order, so that
 * nobody learns which there are; its link is the way back to the shop.
 */
export const nothingToPayPage = (): string =>
  messagePage('此处已没有可支付的订单。', 'There is nothing to pay here any more.', BACK);

/** For a payer who is back with nowhere to go. */
export const goBackPage = (): string =>
  messagePage('请返回商户查看结果。', 'Please go back to the shop.');

/** Relative to the page's own address: `returnPath`. */
const BACK = '<p><a href="return">返回商户 <span lang="en">Back to the shop</span></a></p>';

const messagePage = (chinese: string, english: string, link = ''): string => `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${chinese}</title>
  </head>
  <body>
    <p>${chinese}</p>
    <p lang="en">${english}</p>${link}
  </body>
</html>
`;

const hidden = ([name, value]: readonly [string, string]): string =>
  `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`;

const escaped = (text: string): string =>
  text.replace(/[&<>"'\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * What browsers are told of these pages. Redirects that follow the form are held to `form-action` too, and
 * where UnionPay leads its payers is UnionPay's: the scheme alone is fixed.
 */
export const headersOf = ({ protocol }: URL): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    `script-src '${SCRIPT_HASH}'`,
    `form-action ${protocol}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'strict-origin',
  'X-Robots-Tag': 'noindex',
});
