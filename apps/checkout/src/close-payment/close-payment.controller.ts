import { isId, paymentId, type PlatformId } from '@hutong/domain-events';
import {
  Controller,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
  type RawBodyRequest,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { TakesIdempotencyKey } from '../platform-api/header-docs.adapter.js';
import { TakesNothing } from '../platform-api/nothing-said.adapter.js';
import { NO_WAIT } from '../platform-api/patience.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import {
  bodyRefusals,
  closeRefusals,
  headerRefusals,
  repeatRefusals,
  unknownPayment,
} from '../platform-api/refusals.js';
import { RepeatableRequests } from '../platform-api/repeatable.adapter.js';
import { paymentView } from '../see-payment/payment-view.js';
import { PaymentView } from '../see-payment/payment-view.wire.js';
import { SeenPayments } from '../see-payment/seen-payments.adapter.js';
import { Payments } from '../store/payment.repository.js';

const refusals = { ...closeRefusals, ...repeatRefusals, ...unknownPayment };
const ROUTE = 'POST /payments/:paymentId/close';

@ApiTags('payments')
@Controller('payments')
@UseGuards(PlatformGuard)
export class ClosePaymentController {
  constructor(
    private readonly payments: Payments,
    private readonly seen: SeenPayments,
    private readonly repeatables: RepeatableRequests,
  ) {}

  /** Answers at once: the providers' word may take long, and may be that it was paid. */
  @Post(':paymentId/close')
  @HttpCode(202)
  @RequireScope('payments:write')
  @TakesNothing()
  @ApiOperation({
    summary: 'Close a payment that is not to be paid any more',
    description: 'It may still end paid: until it is `closed`, the first success wins.',
  })
  @TakesIdempotencyKey()
  @ApiAcceptedResponse({ type: PaymentView })
  @AnswersProblems(refusals, headerRefusals, bodyRefusals)
  async close(
    @Platform() platform: PlatformId,
    @Param('paymentId') id: string,
    @Req() request: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PaymentView> {
    if (!isId('paymentId', id)) throw refusalProblem(refusals, { code: 'payment_unknown' });
    const named = { platform, paymentId: paymentId(id) };
    const made = await this.payments.close(named, this.repeatables.read(request, platform, ROUTE));
    if (!made.ok) throw refusalProblem(refusals, made.refusal);
    const { version, ...shown } = await this.seen.once(named, () => true, NO_WAIT);
    response.setHeader('etag', `"${version}"`);
    return paymentView(shown);
  }
}
