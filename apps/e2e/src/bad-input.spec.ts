import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { calledIn, testsIn } from './tests-in.examples.js';

const root = join(import.meta.dirname, '../../..');

const OVER_ALL = 'apps/e2e/src/bad-input.examples.ts';
const FOREIGN = 'apps/e2e/src/foreign-keys.examples.ts';
const POISON = 'apps/e2e/src/poison.examples.ts';
const ROUND = 'apps/e2e/src/one-payment.int.spec.ts';
const STORY = 'apps/e2e/src/story.int.spec.ts';
const CHECKOUT = 'apps/checkout/src/platform-api/platform-api.int.spec.ts';
const CHOICE = 'apps/checkout/src/payment/choose.spec.ts';
const REFUND = 'apps/checkout/src/request-refund/request-refund.int.spec.ts';
const LINK = 'apps/checkout/src/share-link/share-link.int.spec.ts';
const OFFER = 'apps/routing/src/offer/offer.spec.ts';
const ROUTING = 'apps/routing/src/routing.int.spec.ts';
const WECHAT = 'apps/wechat-gateway/src/wechat.adapter.int.spec.ts';
const SIGNATURE = 'apps/wechat-gateway/src/wechat.signature.spec.ts';
const NOTICE = 'libs/gateway/src/compare.spec.ts';
const GATEWAY = 'libs/gateway/src/gateway.int.spec.ts';
const CONFORMANCE = 'libs/gateway/src/conformance/describe-gateway.examples.ts';
const MESSAGING = 'libs/messaging/src/delivery.int.spec.ts';

type Row = Readonly<{
  what: string;
  file: string;
  /** A part of the test's title as it is written. */
  test: string;
  /** What of many it tries: a text or name in the test, its table, or what it goes through. */
  trying: string | undefined;
}>;

/** Who runs the tests that a file makes for others. */
const RUN_BY: ReadonlyMap<string, string> = new Map([
  [OVER_ALL, ROUND],
  [FOREIGN, OVER_ALL],
  [POISON, OVER_ALL],
  [CONFORMANCE, 'apps/wechat-gateway/src/conformance.int.spec.ts'],
]);

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Whether jest gets to what a function of the file makes; in a spec, to everything. */
function isRun(file: string, madeBy: string | undefined): boolean {
  if (file.endsWith('.spec.ts')) return true;
  const by = RUN_BY.get(file);
  if (by === undefined || madeBy === undefined) return false;
  const called = calledIn(read(by));
  return called.has(madeBy) && isRun(by, called.get(madeBy));
}

/**
 * Bad input gets a clear answer and nothing is lost: which test tries what. Those of `apps/e2e` try it
 * on the whole system and compare every service's rows before and after.
 */
it.each<Row>`
  what                                  | file           | test                                                     | trying
  ${'a negative amount'}                | ${OVER_ALL}    | ${'is answered'}                                         | ${'a negative amount'}
  ${'an amount of zero'}                | ${OVER_ALL}    | ${'is answered'}                                         | ${'no amount at all'}
  ${'a fractional amount'}              | ${OVER_ALL}    | ${'is answered'}                                         | ${'half a fen'}
  ${'an overflowing amount'}            | ${OVER_ALL}    | ${'is answered'}                                         | ${'more than can be held'}
  ${'a currency of nobody'}             | ${OVER_ALL}    | ${'is answered'}                                         | ${'a currency of nobody'}
  ${'a currency that no method takes'}  | ${OFFER}       | ${'from 100 to 30000 fen'}                               | ${'USD'}
  ${'a refund in another currency'}     | ${REFUND}      | ${'is refused with its reason'}                          | ${'other_currency'}
  ${'an unknown platform'}              | ${ROUTING}     | ${'has nothing to offer on a platform without a policy'} | ${undefined}
  ${'an unknown API key'}               | ${OVER_ALL}    | ${'opens nothing to a key that nobody issued'}           | ${undefined}
  ${'a notification for no account'}    | ${WECHAT}      | ${'verifies nothing with $what'}                         | ${'an account that is not there'}
  ${'an unknown method'}                | ${OVER_ALL}    | ${'is answered'}                                         | ${'a method of nobody'}
  ${'an unknown offer number'}          | ${OVER_ALL}    | ${'is answered'}                                         | ${'an offer nobody made'}
  ${'a method that is not offered'}     | ${OVER_ALL}    | ${'is answered'}                                         | ${'a method not offered'}
  ${'an expired offer'}                 | ${CHOICE}      | ${'of an offer that has run out goes to routing'}        | ${undefined}
  ${'an expired payment'}               | ${CHOICE}      | ${'of %s'}                                               | ${'payment_expired'}
  ${'the same order twice'}             | ${OVER_ALL}    | ${'is answered'}                                         | ${'the same order again'}
  ${'a used key with another body'}     | ${CHECKOUT}    | ${'with another body, or for another payment'}           | ${undefined}
  ${'a key whose request still runs'}   | ${CHECKOUT}    | ${'is told that the first is in progress'}               | ${undefined}
  ${'a foreign API key'}                | ${FOREIGN}     | ${'of another platform makes $call say'}                 | ${undefined}
  ${'an API key without the scope'}     | ${FOREIGN}     | ${'without the scope lets nobody'}                       | ${undefined}
  ${'an oversized body'}                | ${OVER_ALL}    | ${'is answered'}                                         | ${'a body without end'}
  ${'broken JSON'}                      | ${OVER_ALL}    | ${'is answered'}                                         | ${'a broken body'}
  ${'deeply nested JSON'}               | ${OVER_ALL}    | ${'is answered'}                                         | ${'lists in lists in lists'}
  ${'a forged notification'}            | ${OVER_ALL}    | ${'is refused as a notification with'}                   | ${'a made-up signature'}
  ${'a forged one, in every way'}       | ${CONFORMANCE} | ${'refuses what is forged, altered or replayed'}         | ${undefined}
  ${'a stale notification'}             | ${SIGNATURE}   | ${'s from its time'}                                     | ${'outside_window'}
  ${'a notification told again'}        | ${CONFORMANCE} | ${'applies a notification once, however often'}          | ${undefined}
  ${'a notification of a merchant'}     | ${NOTICE}      | ${'$what: $mismatch'}                                    | ${'of another merchant'}
  ${'a notification of an app'}         | ${NOTICE}      | ${'$what: $mismatch'}                                    | ${'of another app'}
  ${'a notification of another order'}  | ${GATEWAY}     | ${'puts aside money for an order that is not ours'}      | ${undefined}
  ${'a notification of another amount'} | ${CONFORMANCE} | ${'puts a wrong amount aside, asks, and believes'}       | ${undefined}
  ${'a notification in other currency'} | ${NOTICE}      | ${'$what: $mismatch'}                                    | ${'in another currency'}
  ${'a broken event on every topic'}    | ${POISON}      | ${'is parked whole by'}                                  | ${'not_json'}
  ${'an unknown event on every topic'}  | ${POISON}      | ${'is parked whole by'}                                  | ${'type_unknown'}
  ${'a null event on every topic'}      | ${POISON}      | ${'is parked whole by'}                                  | ${'tombstone'}
  ${'the longest event on every topic'} | ${POISON}      | ${'is parked whole by'}                                  | ${'MAX_BATCH_BYTES'}
  ${'one that is longer unpacked'}      | ${MESSAGING}   | ${'is spared by the broker what would only unpacked'}    | ${undefined}
  ${'a share token that was guessed'}   | ${LINK}        | ${'that was guessed is unknown'}                         | ${undefined}
  ${'a share token that has expired'}   | ${LINK}        | ${'because of its time, says so'}                        | ${undefined}
  ${'one that is opened after payment'} | ${STORY}       | ${'lets a friend pay by link'}                           | ${'afterwards'}
`('$what is tried', ({ file, test, trying }) => {
  const found = testsIn(read(file)).filter(
    ({ title, words, madeBy }) =>
      title.includes(test) && (trying === undefined || words.has(trying)) && isRun(file, madeBy),
  );
  expect(found).not.toEqual([]);
});
