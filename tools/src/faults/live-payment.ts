import { setTimeout as pause } from 'node:timers/promises';
import { PROVIDERS, type Provider } from '@hutong/domain-events';
import { Refused, type AttemptView, type PaymentView } from '@hutong/world';
import { armOrder, unlessTooLate, type Cast } from './cast.js';
import type { Behaviour, PlannedPayment } from './plan/planned-payment.js';

/** What the shop was told, which has to be true at the end. */
export type Lived = Readonly<{
  index: number;
  paymentId: string;
  orderReference: string;
  /** Fen of every refund that was accepted. */
  refunds: readonly Readonly<{ refundId: string; minor: number }>[];
  /** Attempts that a payer was told by the provider to have paid. */
  paid: readonly string[];
}>;

const SHOWN_WITHIN_MS = 100_000;
const SETTLED_WITHIN_MS = 150_000;
const PAID = ['paid', 'partly_refunded', 'refunded'];
const OVER = [...PAID, 'closed', 'not_offered'];
const MOST_TRIES = 3;
const MOST_EXTRA_FEN = 50;

/** Somebody's order, from asking to be paid to what was given back of it; undefined if it came too late. */
export async function livePayment(
  cast: Cast,
  plan: PlannedPayment,
  seed: number,
): Promise<Lived | undefined> {
  const orderReference = `s${seed}-${plan.index}`;
  const paymentId = await askedFor(cast, plan, orderReference);
  if (paymentId === undefined) return undefined;
  cast.counts.add('payments asked for');
  const life = new Life(cast, plan, paymentId);
  await life.goThrough();
  cast.counts.add(`behaviour: ${plan.behaviour}`);
  return { index: plan.index, paymentId, orderReference, refunds: life.refunds, paid: life.paid };
}

/** The same request is repeated for so long that its own deadline may pass: then it was never made. */
async function askedFor(
  { shop, counts }: Cast,
  plan: PlannedPayment,
  orderReference: string,
): Promise<string | undefined> {
  try {
    const { paymentId } = await shop.request({
      orderReference,
      merchantId: plan.merchant,
      amount: { currency: 'CNY', minor: `${plan.minor}` },
      description: 'Longjing tea, 250 g',
      channel: plan.channel,
      payer: { userId: plan.user, hasBoundCard: 'no', hasBalance: 'no' },
      expiresAt: new Date(Date.now() + plan.lifeMs).toISOString(),
    });
    return paymentId;
  } catch (fault) {
    if (!(fault instanceof Refused) || fault.code !== 'expires_too_soon') throw fault;
    counts.add('orders that were over before they were taken');
    return undefined;
  }
}

/** What one payment's people do. Whatever is too late is left: what counts is what the books say then. */
class Life {
  readonly refunds: Readonly<{ refundId: string; minor: number }>[] = [];
  readonly paid: string[] = [];

  constructor(
    private readonly cast: Cast,
    private readonly plan: PlannedPayment,
    private readonly paymentId: string,
  ) {}

  goThrough(): Promise<void> {
    return this.ways[this.plan.behaviour]();
  }

  private readonly ways: Readonly<Record<Behaviour, () => Promise<void>>> = {
    never_chooses: async () => void (await this.offered()),
    walks_away: async () => void (await this.first()),
    shop_closes: () => this.chooseAndClose(),
    paid_after_closing: () => this.chooseAndClose(),
    pays_while_closing: async () => {
      const shown = await this.first();
      await Promise.all([this.close(), this.pay(shown)]);
    },
    pays_late: async () => {
      const shown = await this.first();
      await this.cast.shop.seeWhen(this.paymentId, isOver, SETTLED_WITHIN_MS);
      await this.payLate(shown);
    },
    pays: async () => {
      await this.pay(await this.first());
      await this.giveBack();
    },
    declined_then_pays: async () => {
      const shown = await this.first();
      await this.decline(shown);
      await this.pay(shown);
      await this.giveBack();
    },
    changes_mind: async () => {
      await this.first();
      await this.pay(await this.second());
      await this.giveBack();
    },
    pays_twice: async () => {
      const shown = [await this.first(), await this.second()];
      await Promise.all(shown.map((one) => this.pay(one)));
      await this.giveBack();
    },
    pays_too_much: async () => {
      await this.pay(await this.first(), 1 + (this.plan.index % MOST_EXTRA_FEN));
      await this.pay(await this.second());
      await this.giveBack();
    },
  };

  private readonly first = () => this.choose(this.plan.providers[0]);
  private readonly second = () => this.choose(this.plan.providers[1]);

  private async chooseAndClose(): Promise<void> {
    await this.first();
    await this.think();
    await this.close();
  }

  private async close(): Promise<void> {
    await unlessTooLate(() => this.cast.shop.close(this.paymentId));
  }

  /** The payment with an offer; undefined if it has come to an end before. */
  private async offered(): Promise<PaymentView | undefined> {
    const isDecided = ({ status, offer }: PaymentView) =>
      offer !== undefined || OVER.includes(status);
    const seen = await this.cast.shop.seeWhen(this.paymentId, isDecided, SHOWN_WITHIN_MS);
    return seen?.offer === undefined ? undefined : seen;
  }

  /** An attempt whose payer is shown something; undefined if there is none to be had any more. */
  private async choose(wanted: Provider): Promise<Shown | undefined> {
    const order = [wanted, ...PROVIDERS.filter((provider) => provider !== wanted)];
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const seen = await this.offered();
      if (seen?.offer === undefined || OVER.includes(seen.status)) return undefined;
      const { number, methods } = seen.offer;
      const method = order
        .slice(tries % order.length)
        .concat(order)
        .map((provider) => this.methodOf(provider, methods))
        .find((found) => found !== undefined);
      if (method === undefined) return undefined;
      const shown = await this.shownBy(number, method);
      if (shown === 'over') return undefined;
      if (shown !== undefined) return shown;
    }
    return undefined;
  }

  private methodOf(provider: Provider, offered: readonly { method: string }[]) {
    const own = offered.map(({ method }) => method).filter((method) => OWN[provider]?.test(method));
    return own[Math.floor(this.plan.methodAt * own.length)];
  }

  /** Undefined if another may be chosen, `over` if nothing can be any more. */
  private async shownBy(offer: number, method: string): Promise<Shown | 'over' | undefined> {
    const { shop, counts } = this.cast;
    const attempt = await this.chosen(offer, method);
    if (typeof attempt === 'string') return attempt === 'again' ? undefined : 'over';
    const provider = providerIn(method);
    counts.add(`attempts: ${provider}`);
    const { attemptId } = attempt;
    for (const fault of this.plan.faults) {
      if (provider === this.plan.providers[0]) {
        await armOrder(this.cast, provider, attemptId, fault);
      }
    }
    const own = ({ attempts }: PaymentView) => attempts.find((one) => one.attemptId === attemptId);
    const isKnown = (seen: PaymentView) =>
      own(seen)?.action !== undefined || !OPEN.includes(own(seen)?.status ?? '');
    const seen =
      attempt.action === undefined
        ? await shop.seeWhen(this.paymentId, isKnown, SHOWN_WITHIN_MS)
        : undefined;
    const action = attempt.action ?? (seen && own(seen)?.action);
    if (action !== undefined) return { provider, attemptId, action };
    counts.add('attempts that were shown to nobody');
    return undefined;
  }

  private async chosen(offer: number, method: string): Promise<AttemptView | 'again' | 'over'> {
    try {
      return await this.cast.shop.choose(this.paymentId, offer, method);
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.status >= 500) throw fault;
      this.cast.counts.add(`choices refused: ${fault.code}`);
      return fault.code === 'offer_superseded' ? 'again' : 'over';
    }
  }

  private async pay(shown: Shown | undefined, extraFen?: number): Promise<void> {
    if (shown === undefined) return;
    const { payer, sandbox, counts } = this.cast;
    const { provider, attemptId, action } = shown;
    await this.think();
    const done = await this.atTheProvider(() =>
      extraFen === undefined
        ? payer.pay(action)
        : sandbox.at(provider).pay(attemptId, { extraFen }),
    );
    if (done) this.paid.push(attemptId);
    counts.add(done ? `payers paid: ${provider}` : 'payers came too late');
  }

  private async payLate(shown: Shown | undefined): Promise<void> {
    if (shown === undefined) return;
    const { sandbox, counts } = this.cast;
    const { provider, attemptId } = shown;
    const done = await this.atTheProvider(() =>
      sandbox.at(provider).pay(attemptId, { late: true }),
    );
    if (done) this.paid.push(attemptId);
    counts.add(done ? `payers paid late: ${provider}` : 'payers came too late');
  }

  private async decline(shown: Shown | undefined): Promise<void> {
    if (shown === undefined) return;
    await this.atTheProvider(() => this.cast.sandbox.at(shown.provider).decline(shown.attemptId));
  }

  /** A gateway's page on the way there may be down for a moment: who wants to pay tries again. */
  private async atTheProvider(act: () => Promise<void>): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await unlessTooLate(act);
      } catch (fault) {
        if (tries === PAYERS_TRIES) {
          this.cast.counts.add('payers gave up');
          return false;
        }
        this.cast.counts.add(`payers tried again`);
        this.cast.diary.order(`payer of ${this.paymentId}: ${String(fault)}`);
        await pause(1_000, undefined, { signal: this.cast.signal });
      }
    }
  }

  /** What the merchant gives back, one part after another, once it is paid. */
  private async giveBack(): Promise<void> {
    const { shop, counts } = this.cast;
    const { refunds, minor } = this.plan;
    if (refunds.length === 0) return;
    const seen = await shop.seeWhen(this.paymentId, isOver, SETTLED_WITHIN_MS);
    if (seen === undefined || !PAID.includes(seen.status)) return;
    let percent = 0;
    let given = 0;
    for (const part of refunds) {
      percent += part;
      const amount = Math.floor((minor * percent) / 100) - given;
      given += amount;
      if (amount === 0) continue;
      const { refundId } = await shop.refund(this.paymentId, amount);
      this.refunds.push({ refundId, minor: amount });
      counts.add('refunds asked for by merchants');
    }
  }

  private async think(): Promise<void> {
    await pause(this.plan.thinkMs, undefined, { signal: this.cast.signal });
  }
}

type Shown = Readonly<{
  provider: Provider;
  attemptId: string;
  action: NonNullable<AttemptView['action']>;
}>;

const isOver = ({ status }: PaymentView): boolean => OVER.includes(status);

const PAYERS_TRIES = 30;
/** What somebody can pay by with the provider's own app. */
const OWN: Readonly<Partial<Record<Provider, RegExp>>> = {
  wechat: /^wechat\/wechat_pay\/(qr|app)$/,
  alipay: /^alipay\/alipay\/(qr|redirect|app)$/,
  unionpay: /^unionpay\/cloud_quickpass\/(qr|redirect|app)$/,
};
const OPEN = ['selected', 'accepted', 'unknown'];

/** @throws Error if it is nobody's. */
function providerIn(method: string): Provider {
  const found = PROVIDERS.find((provider) => method.startsWith(`${provider}/`));
  if (found === undefined) throw new Error(`${method} is of no provider`);
  return found;
}
