import { ok, type Result } from '@hutong/result';
import type { Moment } from '../clock/moment.js';
import type { AlipayCashier } from './alipay-cashier.adapter.js';
import type { AlipayRefunds } from './alipay-refunds.adapter.js';
import type { AlipaySigners } from './alipay-signers.adapter.js';
import type { Caller } from './authenticate.signature.js';
import type { CallPlan } from './fault-plans.js';
import type { AlipayRefusal } from './refusal.js';
import type { Reply } from './reply.js';
import type { TradeBook } from './trade-book.js';

/** A call whose form is right: what it is about, and what it does when it is let. */
export type ReadyCall = Readonly<{
  outTradeNo: string | undefined;
  perform(world: CallWorld): Reply;
}>;

export type CallWorld = Readonly<{
  book: TradeBook;
  cashier: AlipayCashier;
  refunds: AlipayRefunds;
  signers: AlipaySigners;
  now: Moment;
  /** Letters and digits that no code ever had before. */
  freshToken: string;
  plan: CallPlan;
}>;

export type ReadCall = (caller: Caller) => Result<ReadyCall, AlipayRefusal>;

/** A call that is about an order under the merchant's number. */
export const ready = (
  outTradeNo: string | undefined,
  perform: ReadyCall['perform'],
): Result<ReadyCall, AlipayRefusal> => ok({ outTradeNo, perform });
