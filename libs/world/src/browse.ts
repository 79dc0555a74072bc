const WITHIN_MS = 20_000;
const MOST_FORMS = 3;

/**
 * Where a browser ends that opens an address: it follows redirects, and posts a form that a page has it
 * post. @throws Error if a page is refused, or posts on and on.
 */
export async function browse(address: string): Promise<string> {
  let page = await open(address);
  for (let left = MOST_FORMS; left > 0; left -= 1) {
    const form = formThatPostsItself(page);
    if (form === undefined) return page.url;
    page = await open(form.action, new URLSearchParams(form.fields));
  }
  throw new Error(`${address} posts one form after another`);
}

type Page = Readonly<{ url: string; html: string }>;

async function open(address: string, body?: URLSearchParams): Promise<Page> {
  const answer = await fetch(address, {
    ...(body !== undefined && { method: 'POST', body }),
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const html = await answer.text();
  if (!answer.ok) throw new Error(`${new URL(address).pathname} answered ${answer.status}`);
  return { url: answer.url, html };
}

/** One that the page's own script submits: any other waits for somebody to press a button. */
function formThatPostsItself({ url, html }: Page) {
  if (!/<script\b[^>]*>[^<]*\.submit\(\)/i.test(html)) return undefined;
  const [, attributes, content] = /<form\b([^>]*)>(.*?)<\/form>/is.exec(html) ?? [];
  if (attributes === undefined || content === undefined) return undefined;
  const inputs = [...content.matchAll(/<input\b([^>]*)>/gi)].map(([, text = '']) => text);
  return {
    action: new URL(attribute(attributes, 'action') ?? '', url).href,
    fields: inputs.map((input): [string, string] => [
      attribute(input, 'name') ?? '',
      attribute(input, 'value') ?? '',
    ]),
  };
}

function attribute(text: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(text) ?? [];
  return value?.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, unescaped);
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const unescaped = (whole: string, decimal?: string, hex?: string, name = ''): string => {
  if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
  return NAMED[name] ?? whole;
};
