import type { Provider } from '@hutong/domain-events';
import type { Payer, SandboxControl } from '@hutong/world';
import { Refused } from '@hutong/world';
import type { Counts } from './counts.js';
import type { Diary } from './diary.js';
import type { Injuries } from './injuries.js';
import type { OrderFault } from './plan/planned-payment.js';
import type { Shop } from './shop.js';

/** Everybody who plays in a run, and where it is written down what they do. */
export type Cast = Readonly<{
  shop: Shop;
  payer: Payer;
  sandbox: SandboxControl;
  counts: Counts;
  injuries: Injuries;
  diary: Diary;
  signal: AbortSignal;
}>;

/** Lets something go wrong with one order. */
export async function armOrder(
  { injuries, diary }: Cast,
  provider: Provider,
  attemptId: string,
  { call, fault, delayMs }: OrderFault,
): Promise<void> {
  await injuries.forOrder({ provider, call, fault, delayMs, outTradeNo: attemptId });
  diary.order(`${provider} is to do ${fault} at ${call} of ${attemptId}`);
}

/** Does what the world may refuse, since it came too late. @returns whether it was done. */
export async function unlessTooLate(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (fault) {
    if (fault instanceof Refused && fault.status >= 400 && fault.status < 500) return false;
    throw fault;
  }
}
