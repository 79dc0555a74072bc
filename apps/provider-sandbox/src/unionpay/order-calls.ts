import { ok, refuse, type Result } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import type { CallWorld, Done } from './calls.js';
import { openOrder, type Identity, type OpenOrder, type Way } from './order.js';
import { mayBegin, movingTermsOf } from './placing.js';
import type { Refusal } from './result-code.js';
import { readBeijingDigits } from './unionpay-time.js';
import type { Fields } from './unionpay.signature.js';

/** An order that says nothing has so long: the sandbox's choice. */
const LONGEST_LIFE_MS = 24 * 3_600_000;

/** An order that its payer comes to: by a browser, an app, or a code that the merchant shows. */
export function create(
  world: CallWorld,
  way: Exclude<Way, 'barcode'>,
  fields: Fields,
  identity: Identity,
): Result<Done, Refusal> {
  const before = way === 'page' ? openAlready(world, fields, identity) : undefined;
  if (before !== undefined) return ok({ says: {}, page: before });
  const order = orderOf(world, way, fields, identity);
  if (!order.ok) return order;
  const { opensBy } = order.value;
  world.book.place(order.value);
  if (way === 'page') return ok({ says: {}, page: order.value });
  return ok({ says: way === 'app' ? { tn: opensBy } : { qrCode: opensBy } });
}

/** What a browser gets that posts the very same form again: on a reload, or by its back button. */
function openAlready(
  { book, now }: CallWorld,
  { signature }: Fields,
  identity: Identity,
): OpenOrder | undefined {
  const found = book.find(identity, now);
  if (found?.kind !== 'order' || found.order.state !== 'open') return undefined;
  return found.order.terms.signature === signature ? found.order : undefined;
}

/** An order with the payer's own code. 00 says that it was read, and not that anything was paid. */
export function charge(
  world: CallWorld,
  fields: Fields,
  identity: Identity,
): Result<Done, Refusal> {
  const order = orderOf(world, 'barcode', fields, identity);
  if (!order.ok) return order;
  const code = world.codes.take(fields['qrNo'] ?? '', identity.merId);
  if (!code.ok) return code;
  world.book.place(order.value);
  world.cashier.charge(order.value, code.value, world.plan.hasDefect);
  return ok({ says: {} });
}

function orderOf(
  { book, now, freshDigits }: CallWorld,
  way: Way,
  fields: Fields,
  identity: Identity,
): Result<OpenOrder, Refusal> {
  const allowed = mayBegin({ book, now }, identity);
  if (!allowed.ok) return allowed;
  const lifeMs = lifeOf(fields['payTimeout'], now);
  if (lifeMs <= 0) return refuse({ code: '10', issue: 'payTimeout is past' });
  const terms = {
    ...identity,
    ...movingTermsOf(fields),
    way,
    frontUrl: fields['frontUrl'] || undefined,
    signature: fields['signature'] ?? '',
  };
  const opensBy =
    way === 'qr' ? `https://qr.95516.com/00010000/01${freshDigits}` : `8${freshDigits}`;
  return ok(openOrder(terms, { at: now.at, deadlineMs: now.orderMs + lifeMs, opensBy }));
}

function lifeOf(payTimeout: string | undefined, { at }: Moment): number {
  const until = payTimeout ? readBeijingDigits(payTimeout) : undefined;
  return until === undefined ? LONGEST_LIFE_MS : until.getTime() - at.getTime();
}
