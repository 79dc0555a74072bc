import type {
  AdoptionView,
  AttemptView,
  EntryView,
  Merchant,
  Operator,
  Payer,
  PaymentView,
  VolumesView,
} from '@hutong/world';
import type { Doing } from './progress.js';
import { timelineOf, type Hop, type RingRecord } from './timeline.js';

export const METHOD = 'wechat/wechat_pay/qr';
const AMOUNT_MINOR = '12800';
const WITHIN_MS = 30_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Everything that one payment left behind, as those who may see it see it. */
export type Seen = Readonly<{
  timeline: readonly Hop[];
  payment: PaymentView;
  ledger: Readonly<{
    entries: readonly EntryView[];
    volumes: VolumesView;
    uniquePayers: AdoptionView;
  }>;
}>;

/** Who plays in it. */
export type Cast = Readonly<{
  merchant: Merchant;
  payer: Payer;
  operator: Operator;
  /** Every record of one payment, from all topics. */
  recordsOf: (paymentId: string) => Promise<readonly RingRecord[]>;
  /** When the provider took the money, by its own books. */
  paidAtProvider: (attemptId: string) => Promise<Date | undefined>;
}>;

/** ¥128.00 on Taobao by a WeChat QR code, from the merchant's request to the ledger. */
export async function payOnce(cast: Cast, step: Doing, now: Date): Promise<Seen> {
  const { merchant, payer, operator } = cast;
  const requested = await step('merchant asks for ¥128.00, and has an offer', () =>
    request(merchant, `demo-${now.getTime()}`),
  );
  const { paymentId, offer } = requested;
  const attempt = await step(`payer chooses ${METHOD}, and is shown a code`, () =>
    merchant.choose(paymentId, offer.number, METHOD),
  );
  const booking = seeBooked(cast, attempt.attemptId);
  await step('payer scans the code and pays at the sandbox', () =>
    payer.scanAndPay(codeOf(attempt)),
  );
  const payment = await step('merchant sees it paid', () =>
    merchant.seeUntil(paymentId, 'paid', WITHIN_MS),
  );
  const { entries, bookedAt } = await step('ledger has booked it', () => booking);
  const ledger = await step('ledger counts it', async () => ({
    entries,
    volumes: await operator.volumes(),
    uniquePayers: await operator.uniquePayers(dayOf(now)),
  }));
  const timeline = await step('its events are read from the topics', () =>
    wayOf(cast, { paymentId, attemptId: attempt.attemptId, bookedAt }),
  );
  return { timeline, payment, ledger };
}

/** What is booked of an attempt, and when that was first seen: call it before it can be booked. */
export function seeBooked({ operator }: Cast, attemptId: string) {
  const booking = operator
    .entriesOf(attemptId, WITHIN_MS)
    .then((entries) => ({ entries, bookedAt: new Date() }));
  booking.catch(() => undefined); // whoever awaits it is told
  return booking;
}

/** A payment's way round, with what no topic tells of it. */
export async function wayOf(
  cast: Cast,
  { paymentId, attemptId, bookedAt }: { paymentId: string; attemptId: string; bookedAt: Date },
): Promise<Hop[]> {
  const paidAt = await cast.paidAtProvider(attemptId);
  return timelineOf(await cast.recordsOf(paymentId), { paidAt, bookedAt });
}

/** A payment that waits for a person, the page on which to pay it, and until when. */
export async function offerOne(
  { merchant, payer }: Cast,
  now: Date,
): Promise<{ paymentId: string; attemptId: string; page: URL; validUntil: Date }> {
  const { paymentId, offer } = await request(merchant, `by-hand-${now.getTime()}`);
  const attempt = await merchant.choose(paymentId, offer.number, METHOD);
  const page = payer.pageFor(codeOf(attempt));
  const { attemptId } = attempt;
  return { paymentId, attemptId, page, validUntil: new Date(attempt.action?.validUntil ?? now) };
}

async function request(merchant: Merchant, orderReference: string) {
  const payment = await merchant.request({ orderReference, minor: AMOUNT_MINOR });
  if (payment.offer === undefined) throw new Error(`no offer came, it is ${payment.status}`);
  return { ...payment, offer: payment.offer };
}

function codeOf(attempt: AttemptView): string {
  const content = attempt.action?.content;
  if (content === undefined) throw new Error(`no code to scan came, it is ${attempt.status}`);
  return content;
}

/** The Beijing day of a moment as a range of the ledger's days: from, and to without it. */
function dayOf(now: Date): { from: string; to: string } {
  const beijing = now.getTime() + 8 * 60 * 60 * 1000;
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { from: day(beijing), to: day(beijing + DAY_MS) };
}
