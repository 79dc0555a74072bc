import type { EntryView } from '../operator.js';
import {
  codeOf,
  LINK,
  look,
  offered,
  PILOT,
  QR,
  WITHIN_MS,
  type Seen,
  type Stage,
} from './stage.js';

const ORDER = { minor: '12800', hasBoundCard: 'no', at: PILOT } as const;

/**
 * Pilot, November 2023: ¥128.00 of a payer without a bound card, who scans the code.
 * @param traceparent under which the merchant asks.
 */
export async function payByScanning(
  stage: Stage,
  traceparent: string,
): Promise<Seen & Readonly<{ entries: readonly EntryView[] }>> {
  const { operator, payer, insider } = stage;
  const merchant = stage.merchant.inTrace(traceparent);
  const order = { ...ORDER, orderReference: 'by-scanning', userId: insider };
  const { paymentId, offer } = await offered(merchant, order);
  const attempt = await merchant.choose(paymentId, offer, QR);
  await payer.scanAndPay(codeOf(attempt));
  await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
  const entries = await operator.entriesOf(attempt.attemptId, WITHIN_MS);
  return { ...(await look(stage, 'the payer scans the code', paymentId)), entries };
}

/** What opening a link is answered with. */
type Opened = Readonly<{ status: string }>;

/** What a friend's paying showed: the payment before anybody pressed pay, and what the link said. */
export type FriendPaid = Seen &
  Readonly<{
    /** Orders at the provider when the link was made, and after it was opened three times. */
    orders: readonly [before: number, opened: number];
    opened: Seen['payment'];
    afterwards: string;
    entries: readonly EntryView[];
  }>;

/** The same by link a day later: opened twice, and by a crawler; then a friend presses pay, and pays. */
export async function friendPays(stage: Stage): Promise<FriendPaid> {
  const { merchant, operator, friend, insider } = stage;
  const at = new Date(PILOT.getTime() + DAY_MS);
  const order = { ...ORDER, orderReference: 'by-a-friend', userId: insider, at };
  const { paymentId, offer } = await offered(merchant, order);
  const { action } = await merchant.choose(paymentId, offer, LINK);
  const link = new URL(action?.url ?? '');
  const before = await ordersAt(stage);
  for (const { accept, agent } of VISITORS) {
    const headers = { accept, 'user-agent': agent };
    await answerOf(await fetch(link, { headers, signal: AbortSignal.timeout(WITHIN_MS) }));
  }
  const opened = await merchant.see(paymentId);
  const orders = [before, await ordersAt(stage)] as const;
  const attempt = await press(link);
  await friend.scanAndPay(codeOf(attempt));
  await merchant.seeUntil(paymentId, 'paid', WITHIN_MS);
  const entries = await operator.entriesOf(attempt.attemptId, WITHIN_MS);
  const { status } = JSON.parse(await answerOf(await fetch(link))) as Opened;
  const seen = await look(stage, 'a friend opens the link and pays', paymentId);
  return { ...seen, orders, opened, afterwards: status, entries };
}

const DAY_MS = 24 * 60 * 60 * 1000;
const VISITORS = [
  { accept: 'application/json', agent: 'a friend' },
  { accept: 'text/html', agent: 'a friend, once more' },
  { accept: '*/*', agent: 'a crawler of a chat, for its preview' },
];

const ordersAt = async ({ sandbox }: Stage): Promise<number> =>
  (await sandbox.totals()).reduce((count, { orders }) => count + orders, 0);

async function press(link: URL) {
  const answer = await fetch(new URL(`${link.href}/attempts`), {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=20' },
    body: JSON.stringify({ presentation: 'qr' }),
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  return JSON.parse(await answerOf(answer)) as Parameters<typeof codeOf>[0];
}

/** @throws Error if it is refused. */
async function answerOf(answer: Response): Promise<string> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`a link answered ${answer.status}: ${text}`);
  return text;
}
