import { expect, it } from '@jest/globals';
import { ok, refuse } from '@hutong/result';
import { orderAsked } from './order.js';

const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const found = ok('01563e3a-b5d3-d676-4c61-efb99302bd5b');
const refused = refuse({ code: 'one_order_wanted' });

it.each([
  [{ attempt: ULID }, found],
  [{ refund: ULID }, found],
  [{}, refused],
  [{ attempt: ULID, refund: ULID }, refused],
])('asked for %j', (asked, answer) => {
  expect(orderAsked(asked)).toEqual(answer);
});
