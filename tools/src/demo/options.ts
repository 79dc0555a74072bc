import { readOptions, UsageError } from '../command-line.js';

/** What `npm run demo` was asked to do. */
export type DemoOptions = Readonly<{
  once: boolean;
  story: boolean;
  /** How many payments of years gone by the story ends with. */
  payments: number;
  json?: string | undefined;
  help: boolean;
}>;

export const USAGE = `npm run demo [-- options]

Starts PostgreSQL, Kafka, the provider sandbox and every service as its own process, makes one
payment of ¥128.00 on Taobao by wechat/wechat_pay/qr, pays it at the sandbox, and prints its way
round. Then it keeps running and prints a page on which a person can pay another one.

  --once        stop everything afterwards; exit 0, or 1 naming the step that failed
  --story       tell how three providers came to be one choice instead, scene by scene: Alipay,
                UnionPay, each one's app at the other, WeChat Pay's pilot and introduction, refunds,
                closings, mishaps; each with the reasons of what was offered, what became of it, and
                whether all books agree; then the ledger's tables over five years of made-up
                payments, which are told through its real topic; then stop
  --payments N  how many those are (3000); up to 100000
  --json FILE   write what was seen: steps, payment, timeline, ledger; of the story its scenes
  --help        this text

A service that ends by itself is said at once. Until the first payment is round, and with --once or
--story, that ends the demo with 1, naming step and service; afterwards it is started again.

The back end is chosen as \`npm run doctor\` says. Ctrl-C stops everything.`;

/** @throws UsageError naming an option that is not known. */
export function demoOptions(args: readonly string[]): DemoOptions {
  const { once, story, payments, json, help } = readOptions('demo', args, {
    once: { type: 'boolean', default: false },
    story: { type: 'boolean', default: false },
    payments: { type: 'string', default: '3000' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  return { once, story, payments: countIn(payments), json, help };
}

/** @throws UsageError if it is no number of payments that a laptop can tell. */
function countIn(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 100_000) return count;
  throw new UsageError(
    `--payments is 1 to 100000, not ${text}. npm run demo -- --help says what there is.`,
  );
}
