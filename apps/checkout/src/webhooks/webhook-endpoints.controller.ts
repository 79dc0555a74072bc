import type { PlatformId } from '@hutong/domain-events';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
  type RawBodyRequest,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { TakesIdempotencyKey } from '../platform-api/header-docs.adapter.js';
import { TakesNothing } from '../platform-api/nothing-said.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { orProblem } from '../platform-api/refusal-problem.adapter.js';
import { bodyRefusals, headerRefusals, repeatRefusals } from '../platform-api/refusals.js';
import { RepeatableRequests } from '../platform-api/repeatable.adapter.js';
import { EndpointAddresses } from './endpoint-addresses.adapter.js';
import { endpointSecretView, endpointView } from './endpoint-view.js';
import { WebhookEndpoints } from './webhook-endpoints.repository.js';
import { WebhookView } from './webhook-body.wire.js';
import {
  EndpointBody,
  EndpointSecretView,
  EndpointsView,
  EndpointView,
} from './webhook-endpoints.wire.js';
import {
  registerRefusals,
  revealRefusals,
  rotateRefusals,
  unknownEndpoint,
} from './webhook-refusals.js';

const ROUTES = {
  register: 'POST /webhook-endpoints',
  rotate: 'POST /webhook-endpoints/:endpointId/secret',
  disable: 'POST /webhook-endpoints/:endpointId/disable',
};
const registering = { ...registerRefusals, ...repeatRefusals };
const rotating = { ...rotateRefusals, ...repeatRefusals };
const disabling = { ...unknownEndpoint, ...repeatRefusals };

@ApiTags('webhooks')
@ApiBearerAuth()
@ApiExtraModels(WebhookView)
@Controller('webhook-endpoints')
@UseGuards(PlatformGuard)
export class WebhookEndpointsController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly addresses: EndpointAddresses,
    private readonly repeatables: RepeatableRequests,
  ) {}

  /** Where the name leads is looked at before anything is stored, and again on every connection. */
  @Post()
  @RequireScope('webhooks:write')
  @ApiOperation({
    summary: 'Have webhooks of all payments sent to an address',
    description:
      'Each is a POST whose body is a WebhookView, signed as Standard Webhooks are. Any 2xx takes it; ' +
      'anything else, redirects included, is tried again for 30 days under the same `webhook-id`.',
  })
  @TakesIdempotencyKey()
  @ApiCreatedResponse({ type: EndpointSecretView })
  @AnswersProblems(registering, headerRefusals, bodyRefusals)
  async register(
    @Platform() platform: PlatformId,
    @Body() body: EndpointBody,
    @Req() request: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EndpointSecretView> {
    const repeatable = this.repeatables.read(request, platform, ROUTES.register);
    const address = await this.addresses.admit(body.url);
    const made = await this.endpoints.register(platform, address, repeatable);
    const { status, endpointId } = orProblem(made, registering);
    response.status(status).setHeader('location', `/webhook-endpoints/${endpointId}`);
    return this.withSecret(platform, endpointId);
  }

  @Get()
  @RequireScope('webhooks:read')
  @TakesNothing()
  @ApiOperation({ summary: 'See where webhooks are sent' })
  @ApiOkResponse({ type: EndpointsView })
  @AnswersProblems()
  async list(@Platform() platform: PlatformId): Promise<EndpointsView> {
    return { endpoints: (await this.endpoints.list(platform)).map(endpointView) };
  }

  @Get(':endpointId')
  @RequireScope('webhooks:read')
  @TakesNothing()
  @ApiOperation({ summary: 'See one endpoint' })
  @ApiOkResponse({ type: EndpointView })
  @AnswersProblems(unknownEndpoint)
  async see(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
  ): Promise<EndpointView> {
    return endpointView(
      orProblem(await this.endpoints.find(platform, endpointId), unknownEndpoint),
    );
  }

  /** For whoever lost the answer that had it; takes the right to write, since it may forge. */
  @Get(':endpointId/secret')
  @RequireScope('webhooks:write')
  @TakesNothing()
  @ApiOperation({ summary: "See an endpoint's secret" })
  @ApiOkResponse({ type: EndpointSecretView })
  @AnswersProblems(revealRefusals)
  async reveal(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
  ): Promise<EndpointSecretView> {
    return this.withSecret(platform, endpointId);
  }

  /** For a day both sign. Asked anew within it, nothing changes: that would cut the first one short. */
  @Post(':endpointId/secret')
  @RequireScope('webhooks:write')
  @TakesNothing()
  @ApiOperation({ summary: 'Replace the secret; the one before signs beside it for a day' })
  @TakesIdempotencyKey()
  @ApiCreatedResponse({ type: EndpointSecretView })
  @AnswersProblems(rotating, headerRefusals, bodyRefusals)
  async rotate(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
    @Req() request: RawBodyRequest<Request>,
  ): Promise<EndpointSecretView> {
    const repeatable = this.repeatables.read(request, platform, ROUTES.rotate);
    orProblem(await this.endpoints.rotate(platform, endpointId, repeatable), rotating);
    return this.withSecret(platform, endpointId);
  }

  @Post(':endpointId/disable')
  @HttpCode(200)
  @RequireScope('webhooks:write')
  @TakesNothing()
  @ApiOperation({ summary: 'Send nothing more there, for good' })
  @TakesIdempotencyKey()
  @ApiOkResponse({ type: EndpointView })
  @AnswersProblems(disabling, headerRefusals, bodyRefusals)
  async disable(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
    @Req() request: RawBodyRequest<Request>,
  ): Promise<EndpointView> {
    const repeatable = this.repeatables.read(request, platform, ROUTES.disable);
    orProblem(await this.endpoints.disable(platform, endpointId, repeatable), disabling);
    return this.see(platform, endpointId);
  }

  /** As it is now: a repeated request is shown the newest secret too, which is the one that signs. */
  private async withSecret(platform: PlatformId, endpointId: string): Promise<EndpointSecretView> {
    const shown = await this.endpoints.reveal(platform, endpointId);
    return endpointSecretView(orProblem(shown, revealRefusals));
  }
}
