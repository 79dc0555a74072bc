import { isId, isProvider, paymentId, providerRef } from '@hutong/domain-events';
import { Caller, RequireScope, TokenGuard, type AccessToken } from '@hutong/http';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Req,
  UseGuards,
  type RawBodyRequest,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { TakesIdempotencyKey } from '../platform-api/header-docs.adapter.js';
import { TakesNothing } from '../platform-api/nothing-said.adapter.js';
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
import { StuckSurplus, type SurplusOf } from './stuck-surplus.repository.js';
import { RetryBody, StuckSurplusView, SurplusOfView } from './surplus.wire.js';

const refusals = { ...retryRefusals, ...repeatRefusals };
const ROUTE = 'POST /surplus/:paymentId/:provider/:providerRef/refunds';
const SHOWN_AT_ONCE = 100;

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
  @TakesNothing()
  @ApiOperation({ summary: 'Surplus that a person has to look at' })
  @ApiOkResponse({ type: StuckSurplusView })
  @AnswersProblems()
  async list(): Promise<StuckSurplusView> {
    return { stuck: (await this.stuck.list(SHOWN_AT_ONCE)).map(viewOf) };
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
