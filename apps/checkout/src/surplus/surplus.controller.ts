import { isId, isProvider, paymentId, providerRef } from '@hutong/domain-events';
import { Caller, RequireScope, TokenGuard, type AccessToken } from '@hutong/http';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  UseGuards,
  type RawBodyRequest,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { TakesIdempotencyKey } from '../platform-api/header-docs.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import {
  bodyRefusals,
  headerRefusals,
  repeatRefusals,
  retryRefusals,
} from '../platform-api/refusals.js';
import { RepeatableRequests } from '../platform-api/repeatable.adapter.js';
import { surplusView } from '../see-payment/payment-view.js';
import { placeFrom, placeText } from './stuck-place.js';
import { StuckSurplus, type SurplusOf } from './stuck-surplus.repository.js';
import { RetryBody, StuckSurplusQuery, StuckSurplusView, SurplusOfView } from './surplus.wire.js';

const refusals = { ...retryRefusals, ...repeatRefusals };
const ROUTE = 'POST /surplus/:paymentId/:provider/:providerRef/refunds';
const USUAL_PAGE = '50';

@ApiTags('operators')
@Controller('surplus')
@UseGuards(TokenGuard)
export class SurplusController {
  constructor(
    private readonly stuck: StuckSurplus,
    private readonly repeatables: RepeatableRequests,
  ) {}

  @Get()
  @RequireScope('checkout:read')
  @ApiOperation({ summary: 'Surplus that a person has to look at' })
  @ApiOkResponse({ type: StuckSurplusView })
  @AnswersProblems()
  async list(@Query() { after, limit = USUAL_PAGE }: StuckSurplusQuery): Promise<StuckSurplusView> {
    const from = after === undefined ? undefined : placeFrom(after);
    const { stuck, next } = await this.stuck.list({ after: from, limit: Number(limit) });
    return { stuck: stuck.map(viewOf), ...(next && { next: placeText(next) }) };
  }

  @Post(':paymentId/:provider/:providerRef/refunds')
  @HttpCode(202)
  @RequireScope('checkout:write')
  @ApiOperation({ summary: 'Have stuck surplus tried once more, under a new refund id' })
  @TakesIdempotencyKey()
  @ApiAcceptedResponse({ type: SurplusOfView })
  @AnswersProblems(refusals, headerRefusals, bodyRefusals)
  async retry(
    @Param('paymentId') id: string,
    @Param('provider') provider: string,
    @Param('providerRef') ref: string,
    @Body() { reason }: RetryBody,
    @Caller() { name: operator }: AccessToken,
    @Req() request: RawBodyRequest<Request>,
  ): Promise<SurplusOfView> {
    if (!isId('paymentId', id) || !isProvider(provider) || !isId('providerRef', ref)) {
      throw refusalProblem(refusals, { code: 'surplus_unknown' });
    }
    const named = { paymentId: paymentId(id), money: { provider, providerRef: providerRef(ref) } };
    const repeatable = this.repeatables.read(request, `operator:${operator}`, ROUTE);
    const made = await this.stuck.retry({ ...named, operator, reason }, repeatable);
    if (!made.ok) throw refusalProblem(refusals, made.refusal);
    const found = await this.stuck.find(named.paymentId, named.money);
    if (found === undefined) throw new Error('surplus is gone');
    return viewOf(found);
  }
}

const viewOf = ({ paymentId: id, platform, surplus }: SurplusOf): SurplusOfView => ({
  paymentId: id,
  platform,
  ...surplusView(surplus),
});
