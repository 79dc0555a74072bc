import type { Clock } from '@hutong/config';
import { Controller, Get, Inject, Param, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { GuestProblems } from '../platform-api/problem-docs.adapter.js';
import { refusalProblem } from '../platform-api/refusal-problem.adapter.js';
import { GuestGuard, Guests } from './guests.adapter.js';
import { linkPage, PAGE_POLICY } from './link-page.js';
import { unknownLink } from './link-refusals.js';
import { sharedView } from './share-link-view.js';
import { SharedPaymentView } from './share-link.wire.js';
import { ShareLinks } from './share-links.repository.js';

export const GUEST_CLOCK = Symbol('clock of guests');

@ApiTags('shared links')
@Controller('pay')
@UseGuards(GuestGuard)
export class OpenLinkController {
  constructor(
    private readonly links: ShareLinks,
    private readonly guests: Guests,
    @Inject(GUEST_CLOCK) private readonly clock: Clock,
  ) {}

  /** Reads and shows, and nothing else: crawlers and chats open links before people do. */
  @Get(':token')
  @ApiOperation({ summary: 'See what a shared link asks for; opening it changes nothing' })
  @ApiExtraModels(SharedPaymentView)
  @ApiOkResponse({
    description: 'A page for browsers, JSON for everybody else, by `Accept`.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(SharedPaymentView) } },
      'text/html': { schema: { type: 'string' } },
    },
  })
  @GuestProblems(unknownLink)
  async open(
    @Param('token') token: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SharedPaymentView | string> {
    response.setHeader('x-robots-tag', 'noindex, nofollow');
    response.setHeader('cache-control', 'no-store');
    response.vary('accept');
    const shared = await this.links.find(token);
    if (shared === undefined) {
      this.guests.guessed(request);
      throw refusalProblem(unknownLink, { code: 'link_unknown' });
    }
    const now = this.clock.now();
    if (request.accepts(['json', 'html']) !== 'html') return sharedView(shared, now);
    response.type('html').setHeader('content-security-policy', PAGE_POLICY);
    return linkPage({ ...shared, token }, now);
  }
}
