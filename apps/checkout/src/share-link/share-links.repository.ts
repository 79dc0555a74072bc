import type { Clock, Secret } from '@hutong/config';
import { CHECKOUT_PAYMENTS, mintAttemptId, paymentId, type AttemptId } from '@hutong/domain-events';
import { ok, refuse, type Result } from '@hutong/result';
import { randomBytes } from 'node:crypto';
import type { ChoiceRefusal } from '../payment/choose.js';
import { methodSelected } from '../select-method/method-selected.js';
import type { CheckoutDatabase } from '../store/database.repository.js';
import { once, type Repeatable, type RepeatRefusal } from '../store/idempotency.repository.js';
import type { Made } from '../store/made-rows.repository.js';
import type { Choosing, UnknownPayment } from '../store/payment.repository.js';
import { findLinks, insertLink, linkByToken, savePress } from '../store/link-rows.repository.js';
import { findPayment, lockPayment } from '../store/saved-payment.repository.js';
import type { Payment } from '../payment/payment.js';
import type { Steps } from '../store/steps.repository.js';
import { linkHashOf, linkTokenOf } from './link-token.signature.js';
import { press, share, type LinkRefusal, type Press, type ShareLink } from './share-link.js';

export type UnknownLink = Readonly<{ code: 'link_unknown' }>;
export type NoLinks = Readonly<{ code: 'links_unavailable' }>;

/** A link with what it is to pay. */
export type Shared = Readonly<{ link: ShareLink; payment: Payment }>;

/** What a guest wants to pay by, and what the gateway needs of them. */
export type GuestPress = Pick<Press, 'presentation'> &
  Readonly<{ sealedPayer?: string | undefined }>;

export type ShareLinksParts = Readonly<{
  db: CheckoutDatabase;
  clock: Clock;
  steps: Steps;
  /** What tokens are derived with; without it no link is made, and those that exist still open. */
  key: Secret | undefined;
}>;

/** Shared links, each by the hash of its token. */
export class ShareLinks {
  constructor(private readonly parts: ShareLinksParts) {}

  /** One more link to a platform's payment, or the one that the same request made before. */
  async make(
    { paymentId: id, platform, offer, method }: Choosing,
    repeatable?: Repeatable,
  ): Promise<Result<Made, LinkRefusal | UnknownPayment | NoLinks | RepeatRefusal>> {
    const { key } = this.parts;
    if (key === undefined) return refuse({ code: 'links_unavailable' });
    return once<LinkRefusal | UnknownPayment>(this.parts, repeatable, async (tx, making) => {
      const payment = await lockPayment(tx, id, platform);
      if (payment === undefined) return refuse({ code: 'payment_unknown' });
      const existing = await findLinks(tx, id);
      const asked = { attemptId: mintAttemptId(making), offer, method, now: making.at };
      const shared = share(payment, asked, existing.length);
      if (!shared.ok) return shared;
      const link = shared.value;
      await insertLink(tx, link, linkHashOf(linkTokenOf(key, link.id)));
      await this.parts.steps.touched(tx, payment);
      return ok({ status: 201, paymentId: id, attemptId: link.id });
    });
  }

  /** @param token as a guest brought it. Writes nothing: crawlers open links. */
  async find(token: string): Promise<Shared | undefined> {
    const link = await linkByToken(this.parts.db, linkHashOf(token));
    return link && this.withPayment(link);
  }

  /**
   * A link by its own id, for the platform that made it, with its token. Absent where the key has been
   * replaced since: the token still opens, and can be shown no more.
   * @throws Error if there is no such link: links are never removed.
   */
  async shown(
    id: AttemptId | undefined,
  ): Promise<Shared & Readonly<{ token: string | undefined }>> {
    const { key, db } = this.parts;
    if (id === undefined) throw new Error('a request made no link');
    const { tokenSha256, paymentId: of } = await db.prisma.shareLink.findUniqueOrThrow({
      where: { linkId: id },
    });
    const token = key && linkTokenOf(key, id);
    const isIts = token !== undefined && linkHashOf(token) === tokenSha256;
    const links = await findLinks(db, paymentId(of));
    const link = links.find((one) => one.id === id);
    if (link === undefined) throw new Error('a link is gone');
    return { ...(await this.withPayment(link)), token: isIts ? token : undefined };
  }

  /** One more attempt through the link, or the one that is still open. */
  press(
    token: string,
    { presentation, sealedPayer }: GuestPress,
  ): Promise<Result<Made, ChoiceRefusal | UnknownLink>> {
    const { db, clock, steps } = this.parts;
    const making = { at: clock.now(), random: randomBytes(16) };
    return db.sql.transaction<Result<Made, ChoiceRefusal | UnknownLink>>(async (tx) => {
      const named = await linkByToken(tx, linkHashOf(token));
      if (named === undefined) return refuse({ code: 'link_unknown' });
      const id = named.paymentId;
      const before = await lockPayment(tx, id);
      if (before === undefined) throw new Error('a link without its payment');
      // Again, as the last one who had the lock left it.
      const link = (await linkByToken(tx, linkHashOf(token))) ?? named;
      const wish = { attemptId: mintAttemptId(making), presentation, now: making.at };
      const pressed = press(before, link, wish);
      if (!pressed.ok) return pressed;
      const { kind, attempt } = pressed.value;
      if (kind === 'open') return ok({ status: 200, paymentId: id, attemptId: attempt.id });
      const { payment } = pressed.value;
      await steps.save(tx, before, payment, making.at);
      const event = methodSelected(id, attempt, { sealedPayer });
      const { businessTime } = payment;
      const told = {
        topic: CHECKOUT_PAYMENTS,
        event,
        occurredAt: making.at,
        businessTime,
      } as const;
      await steps.announce(tx, told);
      await savePress(tx, link, attempt.id);
      return ok({ status: 201, paymentId: id, attemptId: attempt.id });
    });
  }

  private async withPayment(link: ShareLink): Promise<Shared> {
    const saved = await findPayment(this.parts.db, link.paymentId);
    if (saved === undefined) throw new Error('a link without its payment');
    return { link, payment: saved.payment };
  }
}
