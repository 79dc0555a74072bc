import { advance } from '../advance.js';
import { choose } from '../choose.js';
import { close } from '../close.js';
import { giveSurplusBack } from '../give-back.js';
import { outcomesOf } from '../outcomes.js';
import { requestRefund } from '../request-refund.js';
import { requestsOf } from '../requests.js';

/** All of the payment's machine: what an exploration plays with, and what a broken one has a part less of. */
export type Machine = Readonly<{
  advance: typeof advance;
  choose: typeof choose;
  close: typeof close;
  requestRefund: typeof requestRefund;
  giveSurplusBack: typeof giveSurplusBack;
  requestsOf: typeof requestsOf;
  outcomesOf: typeof outcomesOf;
}>;

export const MACHINE: Machine = {
  advance,
  choose,
  close,
  requestRefund,
  giveSurplusBack,
  requestsOf,
  outcomesOf,
};
