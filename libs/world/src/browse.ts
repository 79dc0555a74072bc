const WITHIN_MS = 20_000;
const MOST_STEPS = 8;

/** How to reach an address from where a browser is: in a network of its own, at another one. */
export type Reach = (address: string) => string;

/**
 * Where a browser ends that opens an address: it goes where it is led, and posts a form that a page has it
 * post. @throws Error if a page is refused, or leads on and on.
 */
export async function browse(address: string, reach: Reach = (same) => same): Promise<string> {
  let next: Step | undefined = { address };
  for (let left = MOST_STEPS; left > 0; left -= 1) {
    const at: string = next.address;
    next = await open(next, reach);
    if (next === undefined) return at;
  }
  throw new Error(`${address} leads on and on`);
}

type Step = Readonly<{ address: string; body?: URLSearchParams }>;

/** @returns where the browser is led from there, if anywhere. */
async function open({ address, body }: Step, reach: Reach): Promise<Step | undefined> {
  const answer = await fetch(reach(address), {
    ...(body !== undefined && { method: 'POST', body }),
    redirect: 'manual',
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const html = await answer.text();
  const location = answer.headers.get('location');
  if (location !== null) return { address: new URL(location, address).href };
  if (!answer.ok) throw new Error(`${new URL(address).pathname} answered ${answer.status}`);
  return formThatPostsItself(address, html);
}

/** One that the page's own script submits: any other waits for somebody to press a button. */
function formThatPostsItself(page: string, html: string): Step | undefined {
  if (!/<script\b[^>]*>[^<]*\.submit\(\)/i.test(html)) return undefined;
  const [, attributes, content] = /<form\b([^>]*)>(.*?)<\/form>/is.exec(html) ?? [];
  if (attributes === undefined || content === undefined) return undefined;
  const inputs = [...content.matchAll(/<input\b([^>]*)>/gi)].map(([, text = '']) => text);
  return {
    address: new URL(attribute(attributes, 'action') ?? '', page).href,
    body: new URLSearchParams(
      inputs.map((input): [string, string] => [
        attribute(input, 'name') ?? '',
        attribute(input, 'value') ?? '',
      ]),
    ),
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
