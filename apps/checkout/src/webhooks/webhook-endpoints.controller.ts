import type { PlatformId } from '@hutong/domain-events';
import { Body, Controller, Get, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import { bodyRefusals } from '../platform-api/refusals.js';
import { EndpointAddresses } from './endpoint-addresses.adapter.js';
import { parseEndpointUrl } from './endpoint-url.js';
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

@ApiTags('webhooks')
@ApiBearerAuth()
@ApiExtraModels(WebhookView)
@Controller('webhook-endpoints')
@UseGuards(PlatformGuard)
export class WebhookEndpointsController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly addresses: EndpointAddresses,
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
  @ApiCreatedResponse({ type: EndpointSecretView })
  @AnswersProblems(registerRefusals, bodyRefusals)
  async register(
    @Platform() platform: PlatformId,
    @Body() body: EndpointBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EndpointSecretView> {
    const url = parseEndpointUrl(body.url, this.addresses.development);
    if (!url.ok) throw refusalProblem(registerRefusals, url.refusal);
    if (await this.addresses.leadsInside(url.value)) {
      throw refusalProblem(registerRefusals, { code: 'endpoint_address_not_public' });
    }
    const made = await this.endpoints.register(platform, url.value);
    if (!made.ok) throw refusalProblem(registerRefusals, made.refusal);
    response.setHeader('location', `/webhook-endpoints/${made.value.endpointId}`);
    return endpointSecretView(made.value);
  }

  @Get()
  @RequireScope('webhooks:read')
  @ApiOperation({ summary: 'See where webhooks are sent' })
  @ApiOkResponse({ type: EndpointsView })
  @AnswersProblems()
  async list(@Platform() platform: PlatformId): Promise<EndpointsView> {
    return { endpoints: (await this.endpoints.list(platform)).map(endpointView) };
  }

  @Get(':endpointId')
  @RequireScope('webhooks:read')
  @ApiOperation({ summary: 'See one endpoint' })
  @ApiOkResponse({ type: EndpointView })
  @AnswersProblems(unknownEndpoint)
  async see(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
  ): Promise<EndpointView> {
    const found = await this.endpoints.find(platform, endpointId);
    if (found === undefined) throw refusalProblem(unknownEndpoint, { code: 'endpoint_unknown' });
    return endpointView(found);
  }

  /** For whoever lost the answer that had it; takes the right to write, since it may forge. */
  @Get(':endpointId/secret')
  @RequireScope('webhooks:write')
  @ApiOperation({ summary: "See an endpoint's secret" })
  @ApiOkResponse({ type: EndpointSecretView })
  @AnswersProblems(revealRefusals)
  async reveal(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
  ): Promise<EndpointSecretView> {
    const shown = await this.endpoints.reveal(platform, endpointId);
    if (!shown.ok) throw refusalProblem(revealRefusals, shown.refusal);
    return endpointSecretView(shown.value);
  }

  /** For a day both sign. Repeated within it, nothing changes: that would cut the first one short. */
  @Post(':endpointId/secret')
  @RequireScope('webhooks:write')
  @ApiOperation({ summary: 'Replace the secret; the one before signs beside it for a day' })
  @ApiCreatedResponse({ type: EndpointSecretView })
  @AnswersProblems(rotateRefusals, bodyRefusals)
  async rotate(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
  ): Promise<EndpointSecretView> {
    const rotated = await this.endpoints.rotate(platform, endpointId);
    if (!rotated.ok) throw refusalProblem(rotateRefusals, rotated.refusal);
    return endpointSecretView(rotated.value);
  }

  @Post(':endpointId/disable')
  @HttpCode(200)
  @RequireScope('webhooks:write')
  @ApiOperation({ summary: 'Send nothing more there, for good' })
  @ApiOkResponse({ type: EndpointView })
  @AnswersProblems(unknownEndpoint, bodyRefusals)
  async disable(
    @Platform() platform: PlatformId,
    @Param('endpointId') endpointId: string,
  ): Promise<EndpointView> {
    const disabled = await this.endpoints.disable(platform, endpointId);
    if (disabled === undefined) throw refusalProblem(unknownEndpoint, { code: 'endpoint_unknown' });
    return endpointView(disabled);
  }
}
