import type { PlatformId } from '@hutong/domain-events';
import { Controller, Get, Headers, Param, Query, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { problem } from '@hutong/http';
import { KeyId, Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { patient } from '../platform-api/patience.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { unknownPayment } from '../platform-api/refusals.js';
import { paymentView } from './payment-view.js';
import { PaymentView } from './payment-view.wire.js';
import { SeenPayments } from './seen-payments.adapter.js';
import { knownBy, waitSeconds, WaitQuery } from './wait-query.wire.js';

const tooMany = {
  too_many_waits: { status: 429, title: 'As many of the key wait as may: see Retry-After' },
} as const;

@ApiTags('payments')
@Controller('payments')
@UseGuards(PlatformGuard)
export class SeePaymentController {
  constructor(private readonly seen: SeenPayments) {}

  /**
   * With `wait`, answers as soon as the payment is another than the caller knows. Of one key so many may
   * wait at once; one more is refused where it would have to wait, since an answer that comes at once
   * would look like a change, and its caller ask again at once.
   */
  @Get(':paymentId')
  @RequireScope('payments:read')
  @ApiOperation({ summary: 'See a payment, now or as soon as it changes' })
  @ApiBearerAuth()
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description:
      'The `ETag` that the caller knows, or several of them. Without it, `wait` starts from what there ' +
      'is now.',
  })
  @ApiOkResponse({ type: PaymentView, headers: { ETag: { schema: { type: 'string' } } } })
  @ApiResponse({ status: 304, description: 'Nothing has changed.' })
  @AnswersProblems(unknownPayment, tooMany)
  async see(
    @Platform() platform: PlatformId,
    @KeyId() key: string,
    @Param('paymentId') paymentId: string,
    @Query() query: WaitQuery,
    @Headers('if-none-match') tags: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PaymentView | undefined> {
    const isKnown = knownBy(tags);
    const refused = () => {
      response.setHeader('retry-after', '1');
      throw problem({ code: 'too_many_waits', ...tooMany.too_many_waits });
    };
    let from: number | undefined;
    const { version, ...shown } = await this.seen.once(
      { platform, paymentId },
      (seen) => !(isKnown?.(seen.version) ?? seen.version === (from ??= seen.version)),
      patient(waitSeconds(query), response, { who: { key }, refused }),
    );
    response.setHeader('etag', `"${version}"`);
    if (isKnown?.(version) !== true) return paymentView(shown);
    response.status(304);
    return undefined;
  }
}
