import { eventually } from '@hutong/testing';
import type { EntryView } from '../operator.js';
import type { OrderView } from '../provider-control.js';
import { codeOf, look, QR, shownACode, WITHIN_MS, type Seen, type Stage } from './stage.js';

const MINOR = '12800';
/** Later than the gateway's own first question, which comes after 5 s of silence. */
const LATE_MS = 6_000;

export type Mishap = Seen &
  Readonly<{ order: OrderView | undefined; entries: readonly EntryView[] }>;

/** The provider takes the order and its answer is lost: the gateway asks, and never orders anew. */
export async function answerIsLost(stage: Stage): Promise<Mishap> {
  const { merchant, payer, sandbox } = stage;
  await sandbox.at('wechat').arm({ call: 'create', fault: 'drop_answer' });
  const order = { orderReference: 'answer-lost', minor: MINOR };
  const { paymentId, attemptId, code } = await shownACode(merchant, order);
  await payer.scanAndPay(code);
  await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
  return ended(stage, 'the answer to the order is lost', { paymentId, attemptId });
}

/** The notification comes so late that the gateway has asked before, and then twice more at once. */
export async function toldLateAndTwice(stage: Stage): Promise<Mishap> {
  const { merchant, payer } = stage;
  const wechat = stage.sandbox.at('wechat');
  const order = { orderReference: 'told-late', minor: MINOR };
  const { paymentId, attemptId, code } = await shownACode(merchant, order);
  await wechat.arm({ call: 'notify', fault: 'delay', delayMs: LATE_MS, outTradeNo: attemptId });
  await payer.scanAndPay(code);
  await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
  await eventually(
    async () =>
      (await wechat.order(attemptId))?.notifications.some(({ tries }) => tries.length > 0),
    { withinMs: WITHIN_MS, what: 'the late notification' },
  );
  await wechat.tellAgain(attemptId, 2);
  return ended(stage, 'the notification comes late, and twice', { paymentId, attemptId });
}

/** A fen too much is surplus and goes back; then the payer pays what was asked. */
export async function wrongAmount(stage: Stage): Promise<Mishap> {
  const { merchant, payer, sandbox } = stage;
  const order = { orderReference: 'wrong-amount', minor: MINOR };
  const { paymentId, attemptId } = await shownACode(merchant, order);
  await sandbox.at('wechat').pay(attemptId, { extraFen: 1 });
  const isBack: (seen: Seen['payment']) => boolean = ({ surplus }) =>
    surplus.some(({ status }) => status === 'refunded');
  const waiting = { withinMs: WITHIN_MS, what: 'to give a wrong amount back' };
  const { offer } = await merchant.seeWhen(paymentId, isBack, waiting);
  const second = await merchant.choose(paymentId, offer?.number ?? 0, QR);
  await payer.scanAndPay(codeOf(second));
  await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
  const { attemptId: paid } = second;
  return ended(stage, 'a fen too much, then the right amount', { paymentId, attemptId: paid });
}

async function ended(
  stage: Stage,
  what: string,
  { paymentId, attemptId }: Readonly<{ paymentId: string; attemptId: string }>,
): Promise<Mishap> {
  const entries = await stage.operator.entriesOf(attemptId, WITHIN_MS);
  const seen = await look(stage, what, paymentId);
  return { ...seen, entries, order: await stage.sandbox.at('wechat').order(attemptId) };
}
