import { Body, Controller, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { PayerSeals } from '../payer/payer-seals.adapter.js';
import type { Attempt } from '../payment/attempt.js';
import { TakesPrefer } from '../platform-api/header-docs.adapter.js';
import { GuestProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import { bodyRefusals } from '../platform-api/refusals.js';
import { attemptIn } from '../see-payment/payment-view.js';
import { AttemptView } from '../see-payment/payment-view.wire.js';
import type { Patience } from '../see-payment/payment-waiters.adapter.js';
import { SeenPayments } from '../see-payment/seen-payments.adapter.js';
import { addressOf, GuestGuard, guestPatienceOf, Guests } from './guests.adapter.js';
import { pressRefusals } from './link-refusals.js';
import { isPressForm } from './press-form.adapter.js';
import { isPressAnswered, isWorthAnother } from './share-link.js';
import { guestView } from './share-link-view.js';
import { PressBody } from './share-link.wire.js';
import { ShareLinks, type GuestPress, type Shared } from './share-links.repository.js';

@ApiTags('shared links')
@Controller('pay')
@UseGuards(GuestGuard)
export class PressLinkController {
  constructor(
    private readonly links: ShareLinks,
    private readonly guests: Guests,
    private readonly seals: PayerSeals,
    private readonly seen: SeenPayments,
  ) {}

  /** Needs no idempotency key: while an attempt can be gone on with, pressing again answers with it. */
  @Post(':token/attempts')
  @ApiOperation({
    summary: 'Pay through a shared link: one attempt at a time',
    description:
      'Takes no `Idempotency-Key` and needs none. While an attempt through the link can be gone on with, ' +
      'every press answers with that one (200), whoever presses, however often, also at the same moment, ' +
      'and in whatever way they want to pay. Only once it has ended, or what it showed has run out, a ' +
      'press is a new attempt (201).',
  })
  @TakesPrefer()
  @ApiCreatedResponse({ type: AttemptView, description: 'A new attempt.' })
  @ApiOkResponse({ type: AttemptView, description: 'The one that is still open.' })
  @GuestProblems(pressRefusals, bodyRefusals)
  async press(
    @Param('token') token: string,
    @Body() body: PressBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AttemptView | undefined> {
    const shared = await this.links.find(token);
    if (shared === undefined) {
      this.guests.guessed(request);
      throw refusalProblem(pressRefusals, { code: 'link_unknown' });
    }
    const wish = await this.wishOf(shared, body, addressOf(request));
    const patience = guestPatienceOf(request, response);
    const { status, attempt } = await this.pressed(token, shared, { wish, patience });
    if (!isPressForm(request)) {
      response.status(status);
      return guestView(attempt);
    }
    response.status(303).setHeader('location', `../${encodeURIComponent(token)}`);
    return undefined;
  }

  /** Presses; once more where routing refused an offer that had run out, and made a new one. */
  private async pressed(
    token: string,
    shared: Shared,
    { wish, patience }: Readonly<{ wish: GuestPress; patience: Patience }>,
    isSecond = false,
  ): Promise<Readonly<{ status: number; attempt: Attempt }>> {
    const made = await this.links.press(token, wish);
    if (!made.ok) throw refusalProblem(pressRefusals, made.refusal);
    const { status, attemptId: id } = made.value;
    const { link, payment } = shared;
    const { payment: after } = await this.seen.once(
      { platform: payment.platform, paymentId: payment.id },
      (seen) => isPressAnswered(seen.payment, attemptIn(seen.payment, id)),
      patience,
    );
    const attempt = attemptIn(after, id);
    const again = !isSecond && isWorthAnother({ before: payment, after }, link, attempt);
    return again ? this.pressed(token, shared, { wish, patience }, true) : { status, attempt };
  }

  private async wishOf(
    { link }: Shared,
    { presentation, openid }: PressBody,
    clientIp: string | undefined,
  ): Promise<GuestPress> {
    const sealed = await this.seals.sealed({ ...link.method, presentation }, { openid, clientIp });
    if (!sealed.ok) throw refusalProblem(pressRefusals, sealed.refusal);
    return { presentation, sealedPayer: sealed.value };
  }
}
