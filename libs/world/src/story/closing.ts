import { Refused } from '../call.js';
import type { OrderView } from '../provider-control.js';
import { look, shownACode, WITHIN_MS, type Seen, type Stage } from './stage.js';

const MINOR = '12800';
/** The shortest life of a payment is 5 s. */
const SHORT_LIFE_MS = 6_000;
const SURELY_CLOSED_MS = 1_500;

export type Ended = Seen & Readonly<{ order: OrderView | undefined }>;

/** Nobody pays: once its time is over it is closed at the provider, then here. */
export async function nobodyPays(stage: Stage): Promise<Ended> {
  const { merchant, sandbox } = stage;
  const expiresAt = new Date(Date.now() + SHORT_LIFE_MS);
  const order = { orderReference: 'nobody-pays', minor: MINOR, expiresAt };
  const { paymentId, attemptId } = await shownACode(merchant, order);
  await merchant.seeUntil(paymentId, 'closed', WITHIN_MS);
  const seen = await look(stage, 'nobody pays', paymentId);
  return { ...seen, order: await sandbox.at('wechat').order(attemptId) };
}

/** The shop closes payments in the moment in which their payers pay them. */
export function payWhileClosing(stage: Stage, times: number): Promise<Ended[]> {
  return Promise.all(
    Array.from({ length: times }, async (_, n) => {
      const order = { orderReference: `paid-while-closing-${n}`, minor: MINOR };
      const { paymentId, attemptId, code } = await shownACode(stage.merchant, order);
      await Promise.all([closeIfPossible(stage, paymentId), payIfPossible(stage, code)]);
      await settled(stage, paymentId);
      const seen = await look(stage, 'paid in the moment of closing', paymentId);
      return { ...seen, order: await stage.sandbox.at('wechat').order(attemptId) };
    }),
  );
}

/** The provider confirms a closing, and takes money for it all the same. */
export async function payAfterClosing(stage: Stage): Promise<Seen> {
  const { merchant, sandbox } = stage;
  const order = { orderReference: 'paid-after-closing', minor: MINOR };
  const { paymentId, attemptId } = await shownACode(merchant, order);
  const fault = { call: 'close', fault: 'success_after_close' } as const;
  await sandbox.at('wechat').arm({ ...fault, outTradeNo: attemptId, delayMs: SURELY_CLOSED_MS });
  await merchant.close(paymentId);
  const isBack: (seen: Seen['payment']) => boolean = ({ surplus }) =>
    surplus.some(({ status }) => status === 'refunded');
  await merchant.seeWhen(paymentId, isBack, { withinMs: WITHIN_MS, what: 'to give surplus back' });
  return look(stage, 'money comes after the closing', paymentId);
}

/** Too late is an answer too: it is paid then. */
const closeIfPossible = ({ merchant }: Stage, paymentId: string): Promise<void> =>
  unlessTooLate(() => merchant.close(paymentId), 'already_paid');

/** And so for whoever pays: the code is dead then. */
const payIfPossible = ({ payer }: Stage, code: string): Promise<void> =>
  unlessTooLate(() => payer.scanAndPay(code));

/** @param code of the refusal that says so, where it has one. @throws what any other fault is. */
async function unlessTooLate(act: () => Promise<unknown>, code?: string): Promise<void> {
  try {
    await act();
  } catch (fault) {
    if (!(fault instanceof Refused) || fault.status !== 409) throw fault;
    if (code !== undefined && fault.code !== code) throw fault;
  }
}

/** Paid, or closed with everything back that may have come. */
async function settled({ merchant }: Stage, paymentId: string): Promise<void> {
  const isSo: (seen: Seen['payment']) => boolean = ({ status, surplus }) =>
    (status === 'paid' || status === 'closed') && surplus.every((one) => one.status === 'refunded');
  await merchant.seeWhen(paymentId, isSo, { withinMs: WITHIN_MS, what: 'to be settled' });
}
