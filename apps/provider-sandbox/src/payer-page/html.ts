/** Text that is already HTML: made by `html` from a template of ours, with every value escaped. */
export type Html = Readonly<{ markup: string }>;

type Value = string | number | Html | readonly Html[];

/** A template whose values are text unless they were made by `html` themselves. */
export const html = (template: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: String.raw({ raw: template }, ...values.map(rendered)),
});

function rendered(value: Value): string {
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return value.toString();
  return 'markup' in value ? value.markup : value.map((part) => part.markup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe between tags and inside quoted attributes. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** A whole page. No script, and no style but the sheet of this origin. */
export const page = (title: string, content: Html, provider = 'WeChat Pay'): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <p>${provider} <small>sandbox: no real money</small></p>
          <nav aria-label="Providers">
            <a href="/">WeChat Pay</a> <a href="/alipay">Alipay</a>
            <a href="/unionpay">UnionPay</a>
          </nav>
        </header>
        <main>${content}</main>
      </body>
    </html> `.markup;

/** What browsers are told of a page. @param goesTo where else than here its forms may lead */
export const contentPolicy = (goesTo = ''): string =>
  `default-src 'none'; style-src 'self'; form-action 'self'${goesTo && ` ${goesTo}`}; base-uri 'none'; frame-ancestors 'none'`;

/** Of a page whose forms lead nowhere else. */
export const CONTENT_POLICY = contentPolicy();
