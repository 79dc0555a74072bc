import { assertNever, ok, refuse, type Result } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import { answerTo } from './answer.js';
import type { CallPlan } from './fault-plans.js';
import type { OrderBook } from './order-book.js';
import { charge, create } from './order-calls.js';
import type { Identity, OpenOrder } from './order.js';
import type { PayerCodes } from './payer-codes.adapter.js';
import type { Polls } from './polls.js';
import { query } from './query-call.js';
import { giveBack } from './refund-call.js';
import { checkFields, SHAPES } from './request-fields.js';
import type { Refusal } from './result-code.js';
import { faultCallOf, kindOf, type CallKind } from './routes.js';
import type { UnionpayCashier } from './unionpay-cashier.adapter.js';
import type { ApiCall } from './unionpay-faults.js';
import type { UnionpayRefunds } from './unionpay-refunds.adapter.js';
import type { Fields } from './unionpay.signature.js';

/** What a call answers, not signed yet. @property page whose cashier a browser is led to instead */
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

/** What a call that worked says beyond respCode 00. */
export type Done = Readonly<{ says: Fields; page?: OpenOrder }>;
type Act = (world: CallWorld) => Result<Done, Refusal>;

/** Checks the form of an authenticated request; what it means is looked at when it is performed. */
export function readCall(path: string, fields: Fields): Result<ReadyCall, Refusal> {
  const kind = kindOf(path, fields);
  if (kind === undefined) {
    return refuse({ code: '10', issue: 'txnType, txnSubType and bizType do not go together here' });
  }
  const checked = checkFields(fields, SHAPES[kind]);
  if (!checked.ok) return checked;
  const { merId = '', orderId = '', txnTime = '' } = fields;
  const act = actOf(kind, fields, { merId, orderId, txnTime });
  return ok({
    faultCall: faultCallOf[kind],
    orderId,
    perform: (world) => {
      const done = act(world);
      if (!done.ok) return { fields: answerTo(fields, done.refusal) };
      const { says, ...page } = done.value;
      return { fields: answerTo(fields, { code: '00' }, says), ...page };
    },
  });
}

function actOf(kind: CallKind, fields: Fields, identity: Identity): Act {
  switch (kind) {
    case 'page':
    case 'app':
    case 'qr':
      return (world) => create(world, kind, fields, identity);
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
