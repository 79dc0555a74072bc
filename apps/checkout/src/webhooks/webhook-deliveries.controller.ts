import type { PlatformId } from '@hutong/domain-events';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { parseInstant } from '../platform-api/instant.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import { bodyRefusals } from '../platform-api/refusals.js';
import { deliveryView } from './endpoint-view.js';
import { WebhookDeliveries } from './webhook-deliveries.repository.js';
import { WebhookEndpoints, type Endpoint } from './webhook-endpoints.repository.js';
import {
  DeliveriesQuery,
  DeliveriesView,
  ReplayBody,
  ReplayView,
} from './webhook-endpoints.wire.js';
import { replayRefusals, unknownEndpoint } from './webhook-refusals.js';

const USUAL_PAGE = '50';

@ApiTags('webhooks')
@ApiBearerAuth()
@Controller('webhook-endpoints/:endpointId')
@UseGuards(PlatformGuard)
export class WebhookDeliveriesController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly deliveries: WebhookDeliveries,
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
    await this.own(platform, endpointId);
    const page = Number(limit);
    const found = await this.deliveries.list(endpointId, { ...query, limit: page + 1 });
    const shown = found.slice(0, page);
    const next = found.length > page ? shown.at(-1)?.webhookId : undefined;
    return { deliveries: shown.map(deliveryView), ...(next !== undefined && { next }) };
  }

  /** The same webhooks under the same ids. Repeated, it sends again what has been sent meanwhile. */
  @Post('replays')
  @HttpCode(202)
  @RequireScope('webhooks:write')
  @ApiOperation({ summary: 'Send what was told in a range of time once more' })
  @ApiAcceptedResponse({ type: ReplayView })
  @AnswersProblems(replayRefusals, bodyRefusals)
  async replay(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
    @Body() body: ReplayBody,
  ): Promise<ReplayView> {
    const { disabledAt } = await this.own(platform, endpointId);
    if (disabledAt !== undefined)
      throw refusalProblem(replayRefusals, { code: 'endpoint_disabled' });
    const [from, to] = [parseInstant(body.from), parseInstant(body.to)];
    if (from === undefined || to === undefined || from >= to) {
      throw refusalProblem(replayRefusals, { code: 'replay_range_invalid' });
    }
    const { queued, continueFrom } = await this.deliveries.replay(endpointId, { from, to });
    return { queued, ...(continueFrom && { continueFrom: continueFrom.toISOString() }) };
  }

  private async own(platform: PlatformId, endpointId: string): Promise<Endpoint> {
    const found = await this.endpoints.find(platform, endpointId);
    if (found === undefined) throw refusalProblem(unknownEndpoint, { code: 'endpoint_unknown' });
    return found;
  }
}
