import type { Instrument } from '@hutong/domain-events';
import { eventually } from '@hutong/testing';
import { agreedBooks, bookkeepersOf, type Books } from '../books.js';
import type { AttemptView, PaymentView } from '../checkout-views.js';
import { Merchant, type OrderAsked } from '../merchant.js';
import { metricOf } from '../metrics.js';
import { Operator, type DecisionsView } from '../operator.js';
import { Payer } from '../payer.js';
import type { Ring } from '../ring.js';
import type { RingService } from '../ring-services.js';
import { SandboxControl } from '../sandbox-control.js';

/** On the machine of whoever tells it, with everything else at work there. */
export const WITHIN_MS = 30_000;
/** In Beijing: days in the middle of WeChat Pay's pilot on Taobao, and after its full introduction. */
export const PILOT = new Date('2023-11-24T12:00:00+08:00');
export const FULL_INTRODUCTION = new Date('2024-09-15T12:00:00+08:00');
/** Whose merchants let UnionPay's and Alipay's apps pay at each other. */
const TAKES_OTHERS = ['taobao', 'corner_shop'];
export const QR = 'wechat/wechat_pay/qr';
export const LINK = 'wechat/wechat_pay/link';
export const APP = 'wechat/wechat_pay/app';

/** Who plays in the story, on a ring that tells it. */
export type Stage = Readonly<{
  merchant: Merchant;
  payer: Payer;
  /** Another person, whose WeChat is not the payer's. */
  friend: Payer;
  /** Whoever pays with this app. */
  phone: (wallet: Instrument) => Payer;
  /** A merchant on any platform. */
  shopOn: (platform: string) => Promise<Merchant>;
  operator: Operator;
  sandbox: SandboxControl;
  /** A user of the platform who is in the share of payers of the pilot, and one who is not. */
  insider: string;
  outsider: string;
  /** How much surplus is not back, as checkout's metric has it, once it is so. */
  surplusIs: (isSo: (open: number) => boolean) => Promise<number>;
  /** Everybody's books, once they agree. @throws Error if they do not in time. */
  books: () => Promise<Books>;
}>;

/** What became of one payment, and why it was offered what it was offered. */
export type Seen = Readonly<{ what: string; payment: PaymentView; decisions: DecisionsView }>;

/** @param ring started with `story`. */
export async function setStage(ring: Ring): Promise<Stage> {
  const at = (service: RingService): URL => {
    const [first] = ring.addressesOf(service);
    if (first === undefined) throw new Error(`no ${service} runs`);
    return first;
  };
  const merchant = new Merchant(at('checkout'), ring.apiKey);
  const shops = new Map([['taobao', Promise.resolve(merchant)]]);
  const shopOn = (platform: string): Promise<Merchant> => {
    const opened =
      shops.get(platform) ??
      ring.issueKey(platform).then((key) => new Merchant(at('checkout'), key));
    shops.set(platform, opened);
    return opened;
  };
  const operator = new Operator({ ledger: at('ledger'), routing: at('routing') }, ring.token);
  const sandbox = new SandboxControl(ring.sandbox);
  const bookkeepers = bookkeepersOf(ring, { sandbox, operator });
  for (const account of TAKES_OTHERS) {
    await sandbox.agreeAcross('alipay', account);
    await sandbox.agreeAcross('unionpay', account);
  }
  return {
    merchant,
    operator,
    sandbox,
    payer: new Payer(ring.sandbox),
    friend: new Payer(ring.sandbox, { openid: 'o-friend' }),
    phone: (wallet) => new Payer(ring.sandbox, { wallet }),
    shopOn,
    ...(await cast(merchant)),
    surplusIs: (isSo) => surplusIs(ring, isSo),
    books: () => agreedBooks(bookkeepers, WITHIN_MS),
  };
}

/** The gauge is read from the database every few seconds. @throws Error if it does not get there. */
async function surplusIs(ring: Ring, isSo: (open: number) => boolean): Promise<number> {
  const [checkout] = ring.instancesOf('checkout');
  if (checkout === undefined) throw new Error('no checkout runs');
  const looked = async () => ({ open: await metricOf(checkout, 'hutong_checkout_surplus_open') });
  const { open } = await eventually(
    async () => {
      const seen = await looked();
      return isSo(seen.open) && seen;
    },
    { withinMs: WITHIN_MS, what: 'the metric of open surplus' },
  );
  return open;
}

/** Half of all users are in the share, and which of them follows from a secret: so they are asked for. */
async function cast(merchant: Merchant): Promise<Pick<Stage, 'insider' | 'outsider'>> {
  let insider: string | undefined;
  let outsider: string | undefined;
  for (let n = 1; n <= MOST_AUDITIONS; n += 1) {
    const userId = `user-${n}`;
    const order = { orderReference: `audition-${n}`, minor: '100', userId, at: PILOT };
    const { offer } = await merchant.request(order);
    if (offer?.methods.some(({ method }) => method === QR)) insider ??= userId;
    else outsider ??= userId;
    if (insider !== undefined && outsider !== undefined) return { insider, outsider };
  }
  throw new Error(`of ${MOST_AUDITIONS} users all are on one side of the share`);
}

/** That all of them are on one side has a chance of one in 2⁶³. */
const MOST_AUDITIONS = 64;

/** A payment with an offer. @throws Error if there is none. */
export async function offered(
  merchant: Merchant,
  order: OrderAsked,
): Promise<Readonly<{ paymentId: string; offer: number; methods: readonly string[] }>> {
  const { paymentId, status, offer } = await merchant.request(order);
  if (offer === undefined) throw new Error(`no offer came, it is ${status}`);
  return { paymentId, offer: offer.number, methods: offer.methods.map(({ method }) => method) };
}

/** A payment whose payer is shown a code to scan. */
export async function shownACode(
  merchant: Merchant,
  order: OrderAsked,
): Promise<Readonly<{ paymentId: string; attemptId: string; code: string }>> {
  const { paymentId, offer } = await offered(merchant, order);
  const attempt = await merchant.choose(paymentId, offer, QR);
  return { paymentId, attemptId: attempt.attemptId, code: codeOf(attempt) };
}

/** @throws Error if there is nothing to scan. */
export function codeOf(attempt: AttemptView): string {
  const content = attempt.action?.content;
  if (content === undefined) throw new Error(`no code to scan came, it is ${attempt.status}`);
  return content;
}

/** How a payment stands, with what was decided about it. */
export async function look(
  { merchant, operator }: Stage,
  what: string,
  paymentId: string,
): Promise<Seen> {
  const [payment, decisions] = await Promise.all([
    merchant.see(paymentId),
    operator.decisionsOf(paymentId),
  ]);
  return { what, payment, decisions };
}
