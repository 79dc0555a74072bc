import type { PlatformId } from '@hutong/domain-events';
import { Body, Controller, Post, Req, Res, UseGuards, type RawBodyRequest } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { PayerKeys } from '../payer/payer-keys.adapter.js';
import { TakesPostHeaders } from '../platform-api/header-docs.adapter.js';
import { patienceOf } from '../platform-api/patience.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import {
  bodyRefusals,
  headerRefusals,
  repeatRefusals,
  requestRefusals,
} from '../platform-api/refusals.js';
import { RepeatableRequests } from '../platform-api/repeatable.adapter.js';
import { paymentView } from '../see-payment/payment-view.js';
import { PaymentView } from '../see-payment/payment-view.wire.js';
import { SeenPayments } from '../see-payment/seen-payments.adapter.js';
import { Payments } from '../store/payment.repository.js';
import { BusinessTime } from './business-time.adapter.js';
import { orderFrom, PaymentBody } from './request-payment.wire.js';

const refusals = { ...requestRefusals, ...repeatRefusals };

@ApiTags('payments')
@Controller('payments')
@UseGuards(PlatformGuard)
export class RequestPaymentController {
  constructor(
    private readonly payments: Payments,
    private readonly seen: SeenPayments,
    private readonly payerKeys: PayerKeys,
    private readonly businessTime: BusinessTime,
    private readonly repeatables: RepeatableRequests,
  ) {}

  /** Answers once routing has, or when the wait is over: the payment is stored in any case. */
  @Post()
  @RequireScope('payments:write')
  @ApiOperation({ summary: 'Ask to be paid for one order, and wait for the offer' })
  @TakesPostHeaders()
  @ApiHeader({ name: 'X-Business-Time', required: false, description: 'Only in the story.' })
  @ApiCreatedResponse({ type: PaymentView })
  @AnswersProblems(refusals, headerRefusals, bodyRefusals)
  async request(
    @Platform() platform: PlatformId,
    @Body() body: PaymentBody,
    @Req() request: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PaymentView> {
    const asking = {
      platform,
      payerKey: this.payerKeys.of(platform, body.payer.userId),
      businessTime: this.businessTime.read(request.header('x-business-time')),
    };
    const repeatable = this.repeatables.read(request, platform, 'POST /payments');
    const made = await this.payments.request(orderFrom(body), asking, repeatable);
    if (!made.ok) throw refusalProblem(refusals, made.refusal);
    const { status, paymentId } = made.value;
    const { version, ...shown } = await this.seen.once(
      { platform, paymentId },
      (seen) => seen.payment.status !== 'requested',
      patienceOf(request, response),
    );
    response.status(status).setHeader('location', `/payments/${paymentId}`);
    response.setHeader('etag', `"${version}"`);
    return paymentView(shown);
  }
}
