import type { PlatformId } from '@hutong/domain-events';
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
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { TakesIdempotencyKey } from '../platform-api/header-docs.adapter.js';
import { parseInstant } from '../platform-api/instant.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { orProblem, refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import { bodyRefusals, headerRefusals, repeatRefusals } from '../platform-api/refusals.js';
import { RepeatableRequests } from '../platform-api/repeatable.adapter.js';
import { deliveryView } from './endpoint-view.js';
import { WebhookDeliveries } from './webhook-deliveries.repository.js';
import { WebhookEndpoints } from './webhook-endpoints.repository.js';
import {
  DeliveriesQuery,
  DeliveriesView,
  ReplayBody,
  ReplayView,
} from './webhook-endpoints.wire.js';
import { replayRefusals, unknownEndpoint } from './webhook-refusals.js';

const USUAL_PAGE = '50';
const ROUTE = 'POST /webhook-endpoints/:endpointId/replays';
const refusals = { ...replayRefusals, ...repeatRefusals };

@ApiTags('webhooks')
@ApiBearerAuth()
@Controller('webhook-endpoints/:endpointId')
@UseGuards(PlatformGuard)
export class WebhookDeliveriesController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly deliveries: WebhookDeliveries,
    private readonly repeatables: RepeatableRequests,
  ) {}

  @Get('deliveries')
  @RequireScope('webhooks:read')
  @ApiOperation({ summary: 'See what an endpoint was sent, and what it is still to be sent' })
  @ApiOkResponse({ type: DeliveriesView })
  @AnswersProblems(unknownEndpoint)
  async list(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
    @Query() { limit = USUAL_PAGE, ...query }: DeliveriesQuery,
  ): Promise<DeliveriesView> {
    orProblem(await this.endpoints.find(platform, endpointId), unknownEndpoint);
    const page = Number(limit);
    const listed = await this.deliveries.list(endpointId, { ...query, limit: page + 1 });
    const shown = listed.slice(0, page);
    const next = listed.length > page ? shown.at(-1)?.webhookId : undefined;
    return { deliveries: shown.map(deliveryView), ...(next !== undefined && { next }) };
  }

  /** The same webhooks under the same ids. Asked anew, it sends again what has been sent meanwhile. */
  @Post('replays')
  @HttpCode(202)
  @RequireScope('webhooks:write')
  @ApiOperation({ summary: 'Send what was told in a range of time once more' })
  @TakesIdempotencyKey()
  @ApiAcceptedResponse({ type: ReplayView })
  @AnswersProblems(refusals, headerRefusals, bodyRefusals)
  async replay(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
    @Body() body: ReplayBody,
    @Req() request: RawBodyRequest<Request>,
  ): Promise<ReplayView> {
    const repeatable = this.repeatables.read(request, platform, ROUTE);
    const [from, to] = [parseInstant(body.from), parseInstant(body.to)];
    if (from === undefined || to === undefined || from >= to) {
      throw refusalProblem(refusals, { code: 'replay_range_invalid' });
    }
    const replay = { platform, endpointId, from, to };
    const made = orProblem(await this.deliveries.replay(replay, repeatable), refusals);
    const { queued, continueFrom } = made;
    return { queued, ...(continueFrom && { continueFrom: continueFrom.toISOString() }) };
  }
}
