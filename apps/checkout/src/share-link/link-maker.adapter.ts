import type { Clock } from '@hutong/config';
import { ok, type Result } from '@hutong/result';
import type { AttemptView } from '../see-payment/payment-view.wire.js';
import type { Repeatable, RepeatRefusal } from '../store/idempotency.repository.js';
import type { Choosing, UnknownPayment } from '../store/payment.repository.js';
import type { LinkRefusal } from './share-link.js';
import { linkView } from './share-link-view.js';
import type { NoLinks, ShareLinks } from './share-links.repository.js';

/** Links as platforms get them, under the address where guests reach this service. */
export class LinkMaker {
  constructor(
    private readonly links: ShareLinks,
    private readonly publicUrl: URL,
    private readonly clock: Clock,
  ) {}

  /** A new link as an answer shows it, or the one that the same request made before as it is now. */
  async make(
    choosing: Choosing,
    repeatable: Repeatable | undefined,
  ): Promise<
    Result<
      Readonly<{ status: number; view: AttemptView }>,
      LinkRefusal | UnknownPayment | NoLinks | RepeatRefusal
    >
  > {
    const made = await this.links.make(choosing, repeatable);
    if (!made.ok) return made;
    const { status, attemptId } = made.value;
    const { token, ...shared } = await this.links.shown(attemptId);
    const url = token === undefined ? undefined : linkUrl(this.publicUrl, token);
    return ok({ status, view: linkView(shared, url, this.clock.now()) });
  }
}

/** Below the public address, whatever path that has. */
function linkUrl(publicUrl: URL, token: string): URL {
  const base = publicUrl.href.endsWith('/') ? publicUrl.href : `${publicUrl.href}/`;
  return new URL(`pay/${token}`, base);
}
