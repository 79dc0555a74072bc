import {
  CHANNELS,
  idPatterns,
  parseMethod,
  platformId,
  PRESENTATIONS,
  PROVIDERS,
  type Method,
} from '@hutong/domain-events';
import { CURRENCIES, MINOR_DIGITS, money, type Money } from '@hutong/money';
import { as, object, oneOf, text, type Shape } from './json-shape.js';

/** What policies and hypothetical requests both speak of. */
export const platform = text('a platform, like taobao', idPatterns.platformId, platformId);

export const channel = oneOf(CHANNELS);

export const amount: Shape<Money> = as(
  object(
    {
      currency: oneOf(CURRENCIES),
      minor: text('minor units as digits, like "30000" for ¥300.00', MINOR_DIGITS),
    },
    {},
  ),
  ({ currency, minor }) => money(BigInt(minor), currency),
);

export const method: Shape<Method> = text(
  'a method, like wechat/wechat_pay/qr',
  new RegExp(
    `^(${PROVIDERS.join('|')})/[a-z_]+(:[0-9A-Za-z]{1,16})?/(${PRESENTATIONS.join('|')})$`,
  ),
  (written) => {
    const parsed = parseMethod(written);
    return parsed.ok ? parsed.value : undefined;
  },
);

/** RFC 3339 with an offset, or the day would begin wherever the server happens to stand. */
export const moment = text(
  'a moment with its offset, like 2024-09-01T00:00:00+08:00',
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:\d\d)$/,
  (written) => {
    const at = new Date(written);
    return Number.isNaN(at.getTime()) ? undefined : at;
  },
);
