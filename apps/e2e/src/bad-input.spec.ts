import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');

const OVER_ALL = 'apps/e2e/src/bad-input.examples.ts';
const FOREIGN = 'apps/e2e/src/foreign-keys.examples.ts';
const POISON = 'apps/e2e/src/poison.examples.ts';
const STORY = 'apps/e2e/src/story.int.spec.ts';
const CHECKOUT = 'apps/checkout/src/platform-api/platform-api.int.spec.ts';
const CHOICE = 'apps/checkout/src/payment/choose.spec.ts';
const REFUND = 'apps/checkout/src/request-refund/request-refund.int.spec.ts';
const LINK = 'apps/checkout/src/share-link/share-link.int.spec.ts';
const ROUTING = 'apps/routing/src/offer/offer.spec.ts';
const WECHAT = 'apps/wechat-gateway/src/wechat.adapter.int.spec.ts';
const SIGNATURE = 'apps/wechat-gateway/src/wechat.signature.spec.ts';
const NOTICE = 'libs/gateway/src/compare.spec.ts';
const GATEWAY = 'libs/gateway/src/gateway.int.spec.ts';
const CONFORMANCE = 'libs/gateway/src/conformance/describe-gateway.examples.ts';
const MESSAGING = 'libs/messaging/src/delivery.int.spec.ts';

type Row = Readonly<{ what: string; file: string; says: string }>;

/**
 * Bad input gets a clear answer and nothing is lost: which spec tries what. Those of `apps/e2e` try it
 * on the whole system and compare every service's rows before and after.
 */
it.each<Row>`
  what                                  | file           | says
  ${'a negative amount'}                | ${OVER_ALL}    | ${'a negative amount'}
  ${'an amount of zero'}                | ${OVER_ALL}    | ${'no amount at all'}
  ${'a fractional amount'}              | ${OVER_ALL}    | ${'half a fen'}
  ${'an overflowing amount'}            | ${OVER_ALL}    | ${'more than can be held'}
  ${'a currency of nobody'}             | ${OVER_ALL}    | ${'a currency of nobody'}
  ${'a currency that no method takes'}  | ${ROUTING}     | ${'wechat does not take USD'}
  ${'a refund in another currency'}     | ${REFUND}      | ${'other_currency'}
  ${'an unknown platform'}              | ${OVER_ALL}    | ${'opens nothing to a key that nobody issued'}
  ${'a notification for no account'}    | ${WECHAT}      | ${'an account that is not there'}
  ${'an unknown method'}                | ${OVER_ALL}    | ${'a method of nobody'}
  ${'an unknown offer number'}          | ${OVER_ALL}    | ${'an offer nobody made'}
  ${'a method that is not offered'}     | ${OVER_ALL}    | ${'a method not offered'}
  ${'an expired offer'}                 | ${CHOICE}      | ${'of an offer that has run out goes to routing'}
  ${'an expired payment'}               | ${CHOICE}      | ${'payment_expired'}
  ${'the same order twice'}             | ${OVER_ALL}    | ${'the same order again'}
  ${'a used key with another body'}     | ${CHECKOUT}    | ${'with another body, or for another payment'}
  ${'a key whose request still runs'}   | ${CHECKOUT}    | ${'is told that the first is in progress'}
  ${'a foreign API key'}                | ${FOREIGN}     | ${'of another platform makes $call say'}
  ${'an API key without the scope'}     | ${FOREIGN}     | ${'without the scope lets nobody'}
  ${'an oversized body'}                | ${OVER_ALL}    | ${'a body without end'}
  ${'broken JSON'}                      | ${OVER_ALL}    | ${'a broken body'}
  ${'deeply nested JSON'}               | ${OVER_ALL}    | ${'lists in lists in lists'}
  ${'a forged notification'}            | ${OVER_ALL}    | ${'is refused as a notification with'}
  ${'a forged one, in every way'}       | ${CONFORMANCE} | ${'refuses what is forged, altered or replayed'}
  ${'a stale notification'}             | ${SIGNATURE}   | ${'outside_window'}
  ${'a notification told again'}        | ${CONFORMANCE} | ${'applies a notification once, however often'}
  ${'a notification of a merchant'}     | ${NOTICE}      | ${'of another merchant'}
  ${'a notification of an app'}         | ${NOTICE}      | ${'of another app'}
  ${'a notification of another order'}  | ${GATEWAY}     | ${'puts aside money for an order that is not ours'}
  ${'a notification of another amount'} | ${CONFORMANCE} | ${'puts a wrong amount aside, asks, and believes'}
  ${'a notification in other currency'} | ${NOTICE}      | ${'in another currency'}
  ${'a broken event on every topic'}    | ${POISON}      | ${'not_json'}
  ${'an unknown event on every topic'}  | ${POISON}      | ${'type_unknown'}
  ${'a null event on every topic'}      | ${POISON}      | ${'tombstone'}
  ${'the longest event on every topic'} | ${POISON}      | ${'MAX_BATCH_BYTES'}
  ${'one that is longer unpacked'}      | ${MESSAGING}   | ${'is spared by the broker what would only unpacked'}
  ${'a share token that was guessed'}   | ${LINK}        | ${'that was guessed is unknown'}
  ${'a share token that has expired'}   | ${LINK}        | ${'because of its time, says so'}
  ${'one that is opened after payment'} | ${STORY}       | ${"expect(seen.afterwards).toBe('paid')"}
`('$what is tried', ({ file, says }) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(says);
});
