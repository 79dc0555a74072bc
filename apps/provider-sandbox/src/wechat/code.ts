import { assertNever } from '@hutong/result';
import { beijingTime } from '../clock/beijing-time.js';
import type { Moment } from '../clock/moment.js';
import type { Code, OpenOrder, TradeType } from './order.js';

const MINUTE_MS = 60_000;
const CODE_LIFE_MS = 120 * MINUTE_MS;
const H5_LIFE_MS = 5 * MINUTE_MS;

/** What opens this cashier. @param token letters and digits that no code ever had before. */
export function codeFor(tradeType: TradeType, { at, orderMs }: Moment, token: string): Code {
  const digits = beijingTime(at).replaceAll(/\D/g, '').slice(0, 14);
  const text =
    tradeType === 'NATIVE' ? `weixin://wxpay/bizpayurl?pr=${token}` : `wx${digits}${token}`;
  const lifeMs = tradeType === 'MWEB' ? H5_LIFE_MS : CODE_LIFE_MS;
  return { text, deadlineMs: orderMs + lifeMs };
}

/** What the merchant is given of it: to show, to sign for a client, or to send a browser to. */
export function createAnswer(
  { terms, code }: OpenOrder,
  pagesUrl: string,
): Readonly<Record<string, string>> {
  switch (terms.tradeType) {
    case 'NATIVE':
      return { code_url: code.text };
    case 'JSAPI':
    case 'APP':
      return { prepay_id: code.text };
    case 'MWEB':
      return { h5_url: `${pagesUrl}/h5?prepay_id=${code.text}&package=${H5_PACKAGE}` };
    default:
      return assertNever(terms.tradeType);
  }
}

/** WeChat has a number there that says nothing to anybody. */
const H5_PACKAGE = '1037687096';
