import { isId, paymentId, type PlatformId } from '@hutong/domain-events';
import { toMoneyWire } from '@hutong/money';
import { Body, Controller, Param, Post, Req, UseGuards, type RawBodyRequest } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { TakesIdempotencyKey } from '../platform-api/header-docs.adapter.js';
import { NO_WAIT } from '../platform-api/patience.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import {
  bodyRefusals,
  headerRefusals,
  refundRefusals,
  repeatRefusals,
  unknownPayment,
} from '../platform-api/refusals.js';
import { RepeatableRequests } from '../platform-api/repeatable.adapter.js';
import { refundIn, refundView } from '../see-payment/payment-view.js';
import { RefundView } from '../see-payment/payment-view.wire.js';
import { SeenPayments } from '../see-payment/seen-payments.adapter.js';
import { Payments } from '../store/payment.repository.js';
import { refundAmount, RefundBody } from './refund.wire.js';

const refusals = { ...refundRefusals, ...repeatRefusals, ...unknownPayment };
const ROUTE = 'POST /payments/:paymentId/refunds';

@ApiTags('payments')
@Controller('payments')
@UseGuards(PlatformGuard)
export class RequestRefundController {
  constructor(
    private readonly payments: Payments,
    private readonly seen: SeenPayments,
    private readonly repeatables: RepeatableRequests,
  ) {}

  /** Answers once it is stored: what the provider says of it is seen at the payment. */
  @Post(':paymentId/refunds')
  @RequireScope('payments:write')
  @ApiOperation({
    summary: 'Give a payment back, in parts or whole',
    description:
      'As often as there is something left: what was paid less what has gone back or is on its way.',
  })
  @TakesIdempotencyKey()
  @ApiCreatedResponse({ type: RefundView })
  @AnswersProblems(refusals, headerRefusals, bodyRefusals)
  async refund(
    @Platform() platform: PlatformId,
    @Param('paymentId') id: string,
    @Body() body: RefundBody,
    @Req() request: RawBodyRequest<Request>,
  ): Promise<RefundView> {
    if (!isId('paymentId', id)) throw refusalProblem(refusals, { code: 'payment_unknown' });
    const named = { platform, paymentId: paymentId(id) };
    const wish = { ...named, amount: refundAmount(body), why: body.reason };
    const made = await this.payments.refund(wish, this.repeatables.read(request, platform, ROUTE));
    if (!made.ok) {
      const { refusal } = made;
      const left = 'left' in refusal ? { left: toMoneyWire(refusal.left) } : {};
      throw refusalProblem(refusals, { ...refusal, ...left });
    }
    const { payment } = await this.seen.once(named, () => true, NO_WAIT);
    return refundView(refundIn(payment, made.value.refundId));
  }
}
