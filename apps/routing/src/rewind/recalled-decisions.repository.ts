import type {
  AttemptAccepted,
  AttemptRefused,
  PaymentNotOffered,
  PaymentOffered,
  RefundRequested,
} from '@hutong/domain-events';
import { firstTime, type Memory, type Received } from '@hutong/messaging';
import type { Decision } from '../offer/offer.js';
import type { RoutingDatabase, RoutingTransaction } from '../store/database.repository.js';
import { answerColumns } from '../store/decision-rows.repository.js';
import { insertDecision, insertPayment, lockPayment } from '../store/payment-rows.repository.js';
import { remembered, type Remembered } from './remembered.js';

/**
 * Takes up the decisions that were told in a time which this database has lost, instead of deciding again:
 * policies, switches, circuits and the clock have gone on, and checkout and gateways act on what they heard.
 * What led to a decision counts as heard. Closes are not recalled: told twice they close once.
 */
export async function recallDecisions(db: RoutingDatabase, memory: Memory): Promise<string[]> {
  const known = remembered(memory);
  const counts = { offers: 0, answers: 0, refunds: 0 };
  for (const told of memory.told) {
    const { event } = told;
    await db.transaction(async (tx) => {
      if (event.type === 'payment.offered' || event.type === 'payment.not_offered') {
        if (await recallOffer(tx, { ...told, event }, known)) counts.offers += 1;
      } else if (event.type === 'attempt.accepted' || event.type === 'attempt.refused') {
        if (await recallAnswer(tx, { ...told, event }, known)) counts.answers += 1;
      } else if (event.type === 'refund.requested') {
        if (await recallRefund(tx, { ...told, event }, known)) counts.refunds += 1;
      }
    });
  }
  return [
    `recalled: ${counts.offers} offers, ${counts.answers} answers to choices, ${counts.refunds} refunds`,
    'not brought back: turns of switches, circuits and tallies of reports of that time; the order and ' +
      'labels of methods that were left out of an offer',
  ];
}

async function recallOffer(
  tx: RoutingTransaction,
  { event, occurredAt }: Received<PaymentOffered | PaymentNotOffered>,
  { requests }: Remembered,
): Promise<boolean> {
  const { paymentId, offer, policyVersion, refused } = event;
  const requested = requests.get(paymentId);
  if (requested !== undefined) {
    const policyAt = requested.businessTime ?? requested.event.requestedAt;
    await insertPayment(tx, { requested: requested.event, policyAt });
  }
  if ((await lockPayment(tx, paymentId)) === undefined) return false;
  const known = await tx.prisma.decision.findUnique({
    where: { paymentId_offer: { paymentId, offer } },
  });
  if (requested !== undefined && offer === 1) await firstTime(tx, requested.eventId);
  if (known !== null) return false;
  const free = event.type === 'payment.offered' ? event.methods : [];
  const decision: Decision = {
    offer,
    decidedAt: occurredAt,
    policyVersion,
    verdicts: [
      ...free.map(({ method, label }) => ({ method, label, against: [] })),
      ...refused.map(({ method, reasons }) => ({ method, label: '', against: reasons })),
    ],
    validUntil: event.type === 'payment.offered' ? event.validUntil : undefined,
  };
  await insertDecision(tx, paymentId, decision);
  return true;
}

async function recallAnswer(
  tx: RoutingTransaction,
  { event, occurredAt }: Received<AttemptAccepted | AttemptRefused>,
  { choices, commanded }: Remembered,
): Promise<boolean> {
  const { paymentId, attemptId } = event;
  const choice = choices.get(attemptId);
  // Refused without a choice is a close that came first: it is heard, and answered, again.
  if (choice === undefined || (await lockPayment(tx, paymentId)) === undefined) return false;
  // Both were told in one step, but a broker may have taken one and not the other: then it is decided anew.
  if (event.type === 'attempt.accepted' && !commanded.has(attemptId)) return false;
  await firstTime(tx, choice.eventId);
  if ((await tx.prisma.attempt.findUnique({ where: { attemptId } })) !== null) return false;
  await tx.prisma.attempt.create({ data: answerColumns(event, choice.event, occurredAt) });
  return true;
}

async function recallRefund(
  tx: RoutingTransaction,
  { event, occurredAt, topic }: Received<RefundRequested>,
  { refunds }: Remembered,
): Promise<boolean> {
  const { paymentId, refundId, attemptId } = event;
  const asked = refunds.get(refundId);
  if (asked === undefined || (await lockPayment(tx, paymentId)) === undefined) return false;
  await firstTime(tx, asked.eventId);
  if ((await tx.prisma.refund.findUnique({ where: { refundId } })) !== null) return false;
  const provider = topic.slice('gateway.'.length);
  await tx.prisma.refund.create({
    data: { refundId, paymentId, attemptId, provider, commandedAt: occurredAt },
  });
  return true;
}
