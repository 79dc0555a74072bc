import { isId, paymentId, type PlatformId } from '@hutong/domain-events';
import {
  Body,
  Controller,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
  type RawBodyRequest,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { isAnswered } from '../payment/attempt.js';
import { TakesPostHeaders } from '../platform-api/header-docs.adapter.js';
import { patienceOf } from '../platform-api/patience.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import {
  bodyRefusals,
  headerRefusals,
  repeatRefusals,
  unknownPayment,
} from '../platform-api/refusals.js';
import { RepeatableRequests } from '../platform-api/repeatable.adapter.js';
import { PayerSeals } from '../payer/payer-seals.adapter.js';
import { attemptIn, attemptView } from '../see-payment/payment-view.js';
import { AttemptView } from '../see-payment/payment-view.wire.js';
import type { Patience } from '../see-payment/payment-waiters.adapter.js';
import { SeenPayments } from '../see-payment/seen-payments.adapter.js';
import { LinkMaker } from '../share-link/link-maker.adapter.js';
import { chosenRefusals } from '../share-link/link-refusals.js';
import { Payments, type Choosing } from '../store/payment.repository.js';
import type { Repeatable } from '../store/idempotency.repository.js';
import { AttemptBody, chosenMethod } from './attempt.wire.js';

const refusals = { ...chosenRefusals, ...repeatRefusals, ...unknownPayment };
const ROUTE = 'POST /payments/:paymentId/attempts';

type Answered = Readonly<{ status: number; view: AttemptView }>;

@ApiTags('payments')
@Controller('payments')
@UseGuards(PlatformGuard)
export class SelectMethodController {
  constructor(
    private readonly payments: Payments,
    private readonly seen: SeenPayments,
    private readonly links: LinkMaker,
    private readonly seals: PayerSeals,
    private readonly repeatables: RepeatableRequests,
  ) {}

  /** Answers once there is something to show the payer or nothing to wait for, or when the wait is over. */
  @Post(':paymentId/attempts')
  @RequireScope('payments:write')
  @ApiOperation({ summary: 'Choose a method of an offer, and wait for what to show the payer' })
  @TakesPostHeaders()
  @ApiCreatedResponse({ type: AttemptView })
  @AnswersProblems(refusals, headerRefusals, bodyRefusals)
  async choose(
    @Platform() platform: PlatformId,
    @Param('paymentId') id: string,
    @Body() body: AttemptBody,
    @Req() request: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AttemptView> {
    if (!isId('paymentId', id)) throw refusalProblem(refusals, { code: 'payment_unknown' });
    const method = chosenMethod(body);
    const sealed = await this.seals.sealed(method, body.payer ?? {});
    if (!sealed.ok) throw refusalProblem(refusals, sealed.refusal);
    const choosing: Choosing = {
      paymentId: paymentId(id),
      platform,
      offer: body.offer,
      method,
      paidByAnother: false,
      returnUrl: body.returnUrl,
      sealedPayer: sealed.value,
    };
    const repeatable = this.repeatables.read(request, platform, ROUTE);
    const { status, view } =
      method.presentation === 'link'
        ? await this.shared(choosing, repeatable)
        : await this.chosen(choosing, repeatable, patienceOf(request, response));
    response.status(status);
    return view;
  }

  private async chosen(
    choosing: Choosing,
    repeatable: Repeatable | undefined,
    patience: Patience,
  ): Promise<Answered> {
    const made = await this.payments.choose(choosing, repeatable);
    if (!made.ok) throw refusalProblem(refusals, made.refusal);
    const { status, attemptId } = made.value;
    const { payment } = await this.seen.once(
      choosing,
      (seen) => isAnswered(attemptIn(seen.payment, attemptId)),
      patience,
    );
    return { status, view: attemptView(attemptIn(payment, attemptId)) };
  }

  /** A link is answered at once: nobody else is asked, since nothing of it is at a provider. */
  private async shared(choosing: Choosing, repeatable: Repeatable | undefined): Promise<Answered> {
    const made = await this.links.make(choosing, repeatable);
    if (!made.ok) throw refusalProblem(refusals, made.refusal);
    return made.value;
  }
}
