import { money } from '@hutong/money';
import { assertNever, ok, refuse, type Result } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import { answerTo, queryAnswer } from './answer.js';
import type { CallPlan } from './fault-plans.js';
import type { OrderBook } from './order-book.js';
import { openOrder, type Identity, type OpenOrder, type Terms, type Way } from './order.js';
import type { PayerCodes } from './payer-codes.adapter.js';
import type { Polls } from './polls.js';
import { checkFields, SHAPES } from './request-fields.js';
import type { Refusal } from './result-code.js';
import { faultCallOf, kindOf, type CallKind } from './routes.js';
import type { ApiCall } from './unionpay-faults.js';
import { readBeijingDigits } from './unionpay-time.js';
import type { Fields } from './unionpay.signature.js';
import type { UnionpayCashier } from './unionpay-cashier.adapter.js';
import type { UnionpayRefunds } from './unionpay-refunds.adapter.js';

/** What a call answers, not signed yet; a page shows its order, unless it was refused. */
export type Reply = Readonly<{ fields: Fields; page?: OpenOrder }>;

/** A call whose form is right: under which name it can go wrong, and what it does when it is let. */
export type ReadyCall = Readonly<{
  faultCall: ApiCall;
  orderId: string;
  perform(world: CallWorld): Reply;
}>;

export type CallWorld = Readonly<{
  book: OrderBook;
  cashier: UnionpayCashier;
  codes: PayerCodes;
  refunds: UnionpayRefunds;
  polls: Polls;
  now: Moment;
  /** Of the ladder's time. */
  gapMs: number;
  /** 20 digits that no cashier ever had before. */
  freshDigits: string;
  plan: CallPlan;
}>;

const HOUR_MS = 3_600_000;
/** An order that says nothing has so long. The sandbox's choice, and so is the next one. */
const LONGEST_LIFE_MS = 24 * HOUR_MS;
/** Sources say no more than that it has to be near now. */
const TXN_TIME_NEAR_MS = HOUR_MS;

/** Checks the form of an authenticated request; what it means is looked at when it is performed. */
export function readCall(path: string, fields: Fields): Result<ReadyCall, Refusal> {
  const kind = kindOf(path, fields);
  if (kind === undefined) {
    return refuse({ code: '10', issue: 'txnType, txnSubType and bizType do not go together here' });
  }
  const checked = checkFields(fields, SHAPES[kind]);
  if (!checked.ok) return checked;
  const field = (name: string): string => fields[name] ?? '';
  const identity: Identity = {
    merId: field('merId'),
    orderId: field('orderId'),
    txnTime: field('txnTime'),
  };
  const act = actOf(kind, fields, identity);
  return ok({
    faultCall: faultCallOf[kind],
    orderId: identity.orderId,
    perform: (world) => {
      const done = act(world);
      if (!done.ok) return { fields: answerTo(fields, done.refusal) };
      const { says, ...page } = done.value;
      return { fields: answerTo(fields, { code: '00' }, says), ...page };
    },
  });
}

/** What is said beyond respCode 00. */
type Done = Readonly<{ says: Fields; page?: OpenOrder }>;
type Act = (world: CallWorld) => Result<Done, Refusal>;

function actOf(kind: CallKind, fields: Fields, identity: Identity): Act {
  switch (kind) {
    case 'page':
    case 'app':
    case 'qr':
      return (world) => create(world, termsOf(kind, fields, identity), fields['payTimeout']);
    case 'barcode':
      return (world) => charge(world, fields, identity);
    case 'undo':
    case 'refund':
      return (world) => giveBack(world, kind, fields, identity);
    case 'query':
      return (world) => query(world, fields, identity);
    default:
      return assertNever(kind);
  }
}

const termsOf = (way: Way, fields: Fields, identity: Identity): Terms => ({
  ...identity,
  ...moneyTermsOf(fields),
  way,
  frontUrl: fields['frontUrl'] || undefined,
});

/** @param fields of a checked form, so that nothing needed is missing */
const moneyTermsOf = (fields: Fields) => ({
  bizType: fields['bizType'] ?? '',
  amount: money(BigInt(fields['txnAmt'] ?? '0'), 'CNY'),
  backUrl: fields['backUrl'] ?? '',
  reqReserved: fields['reqReserved'] || undefined,
});

function create(
  world: CallWorld,
  terms: Terms,
  payTimeout: string | undefined,
): Result<Done, Refusal> {
  const opensBy = openerOf(terms.way, world.freshDigits);
  const placed = place(world, terms, { opensBy, payTimeout });
  if (!placed.ok) return placed;
  if (terms.way === 'page') return ok({ says: {}, page: placed.value });
  return ok({ says: terms.way === 'app' ? { tn: opensBy } : { qrCode: opensBy } });
}

const openerOf = (way: Way, digits: string): string =>
  way === 'qr' ? `https://qr.95516.com/00010000/01${digits}` : `8${digits}`;

/** 00 says that the code was read, and not that anything was paid. */
function charge(world: CallWorld, fields: Fields, identity: Identity): Result<Done, Refusal> {
  const allowed = mayPlace(world, identity, fields['payTimeout']);
  if (!allowed.ok) return allowed;
  const code = world.codes.take(fields['qrNo'] ?? '', identity.merId);
  if (!code.ok) return code;
  const terms = termsOf('barcode', fields, identity);
  const placed = place(world, terms, { opensBy: '', payTimeout: fields['payTimeout'] });
  if (!placed.ok) return placed;
  world.cashier.charge(placed.value, code.value, world.plan.hasDefect);
  return ok({ says: {} });
}

function place(
  world: CallWorld,
  terms: Terms,
  { opensBy, payTimeout }: Readonly<{ opensBy: string; payTimeout: string | undefined }>,
): Result<OpenOrder, Refusal> {
  const deadline = mayPlace(world, terms, payTimeout);
  if (!deadline.ok) return deadline;
  const { at } = world.now;
  const order = openOrder(terms, { at, deadlineMs: deadline.value, opensBy });
  const placed = world.book.place(order);
  return placed.ok ? ok(order) : refuse({ code: '12' });
}

/** Until when it can be paid, on the orders' timeline, or why there can be no such order. */
function mayPlace(
  { book, now }: CallWorld,
  identity: Identity,
  payTimeout: string | undefined,
): Result<number, Refusal> {
  if (book.has(identity)) return refuse({ code: '12' });
  const near = isNear(identity.txnTime, now);
  if (!near.ok) return near;
  const until = payTimeout === undefined ? undefined : readBeijingDigits(payTimeout);
  const lifeMs = until === undefined ? LONGEST_LIFE_MS : until.getTime() - now.at.getTime();
  if (lifeMs <= 0) return refuse({ code: '10', issue: 'payTimeout is past' });
  return ok(now.orderMs + lifeMs);
}

function isNear(txnTime: string, { at }: Moment): Result<unknown, Refusal> {
  const awayMs = Math.abs((readBeijingDigits(txnTime)?.getTime() ?? 0) - at.getTime());
  return awayMs <= TXN_TIME_NEAR_MS
    ? ok(awayMs)
    : refuse({ code: '10', issue: 'txnTime is more than an hour away from now' });
}

function giveBack(
  { refunds, plan, book, now }: CallWorld,
  kind: 'refund' | 'undo',
  fields: Fields,
  identity: Identity,
): Result<Done, Refusal> {
  if (book.has(identity)) return refuse({ code: '12' });
  const near = isNear(identity.txnTime, now);
  if (!near.ok) return near;
  const terms = {
    ...moneyTermsOf(fields),
    ...identity,
    kind,
    origQryId: fields['origQryId'] ?? '',
  };
  const begun = refunds.request(terms, plan.refund);
  return begun.ok ? ok({ says: begun.value }) : begun;
}

/** respCode speaks of the query, origRespCode of what was asked for. */
function query(
  { book, polls, now, gapMs, plan }: CallWorld,
  { queryId = '' }: Fields,
  identity: Identity,
): Result<Done, Refusal> {
  const { merId, orderId, txnTime } = identity;
  if (polls.isTooMany(`${merId}/${orderId}/${txnTime}`, gapMs)) return refuse({ code: '37' });
  const found = queryId === '' ? book.find(identity, now) : book.findByQueryId(merId, queryId, now);
  const says = found && queryAnswer(found, { extraFen: plan.extraFen, told: plan.origCode });
  return says === undefined ? refuse({ code: '34' }) : ok({ says });
}
