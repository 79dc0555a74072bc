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
  choiceRefusals,
  headerRefusals,
  repeatRefusals,
  unknownPayment,
} from '../platform-api/refusals.js';
import { repeatableFrom } from '../platform-api/repeatable.adapter.js';
import { attemptIn, attemptView } from '../see-payment/payment-view.js';
import { AttemptView } from '../see-payment/payment-view.wire.js';
import { SeenPayments } from '../see-payment/seen-payments.adapter.js';
import { Payments } from '../store/payment.repository.js';
import { AttemptBody, chosenMethod } from './attempt.wire.js';

const refusals = { ...choiceRefusals, ...repeatRefusals, ...unknownPayment };
const ROUTE = 'POST /payments/:paymentId/attempts';

@ApiTags('payments')
@Controller('payments')
@UseGuards(PlatformGuard)
export class SelectMethodController {
  constructor(
    private readonly payments: Payments,
    private readonly seen: SeenPayments,
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
    const choosing = {
      paymentId: paymentId(id),
      platform,
      offer: body.offer,
      method: chosenMethod(body),
      paidByAnother: false,
      returnUrl: body.returnUrl,
    };
    const repeatable = repeatableFrom(request, platform, ROUTE);
    const made = await this.payments.choose(choosing, repeatable);
    if (!made.ok) throw refusalProblem(refusals, made.refusal);
    const { status, attemptId } = made.value;
    const { payment } = await this.seen.once(
      choosing,
      (seen) => isAnswered(attemptIn(seen.payment, attemptId)),
      patienceOf(request, response),
    );
    response.status(status);
    return attemptView(attemptIn(payment, attemptId));
  }
}
