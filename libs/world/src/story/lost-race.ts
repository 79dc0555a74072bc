import type { EntryView } from '../operator.js';
import { look, offered, WITHIN_MS, type Seen, type Stage } from './stage.js';

const [WINS, LOSES] = ['alipay/alipay/qr', 'unionpay/cloud_quickpass/qr'];

/** What was seen of a second payment before it was back, and what was booked of both. */
export type LostRace = Seen &
  Readonly<{
    /** As the API had it before anything was back. */
    waiting: Seen['payment'];
    /** How much surplus was not back then, as the metric had it. */
    open: number;
    entries: Readonly<Record<'won' | 'lost' | 'back', readonly EntryView[]>>;
  }>;

/**
 * Two codes of one payment are shown and both are paid: UnionPay cannot close what it has shown. The
 * first one pays, the second is surplus and goes back by itself.
 */
export async function lostRace(stage: Stage): Promise<LostRace> {
  const { merchant, operator } = stage;
  const unionpay = stage.sandbox.at('unionpay');
  const order = { orderReference: 'lost-race', minor: '12800' };
  const { paymentId, offer } = await offered(merchant, order);
  const lost = await merchant.choose(paymentId, offer, LOSES);
  const won = await merchant.choose(paymentId, offer, WINS);
  for (const call of ['undo', 'refund'] as const) {
    await unionpay.arm({ call, fault: 'never_ends' });
  }
  await stage.phone('alipay').pay(won.action ?? {});
  await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
  await stage.phone('cloud_quickpass').pay(lost.action ?? {});
  const isOnItsWay = ({ surplus }: Seen['payment']) =>
    surplus.some(({ refunds }) => refunds.some(({ status }) => status === 'pending'));
  const waiting = await merchant.seeWhen(paymentId, isOnItsWay, {
    withinMs: WITHIN_MS,
    what: 'to give a second payment back',
  });
  const open = await stage.surplusIs((count) => count > 0);
  await stage.sandbox.disarm(); // it is given back by one of the two calls
  const [back] = waiting.surplus.flatMap(({ refunds }) => refunds);
  const refundId = back?.refundId ?? '';
  await unionpay.endRefund(refundId);
  const isBack = ({ surplus }: Seen['payment']) => surplus.every((s) => s.status === 'refunded');
  await merchant.seeWhen(paymentId, isBack, { withinMs: WITHIN_MS, what: 'to have it back' });
  const entries = {
    won: await operator.entriesOf(won.attemptId, WITHIN_MS),
    lost: await operator.entriesOf(lost.attemptId, WITHIN_MS),
    back: await operator.entriesOfRefund(refundId, WITHIN_MS),
  };
  return { ...(await look(stage, 'both codes are paid', paymentId)), waiting, open, entries };
}
