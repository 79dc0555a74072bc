import type { PlatformId } from '@hutong/domain-events';
import { problem } from '@hutong/http';
import { Controller, Get, Headers, Param, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiKeys } from '../access/api-keys.repository.js';
import { KeyId, Platform, PlatformGuard, RequireScope } from '../access/platform-guard.adapter.js';
import { NO_WAIT } from '../platform-api/patience.adapter.js';
import { AnswersProblems } from '../platform-api/problem-docs.adapter.js';
import { unknownPayment } from '../platform-api/refusals.js';
import { paymentView } from '../see-payment/payment-view.js';
import { SeenPayments } from '../see-payment/seen-payments.adapter.js';
import type { SavedPayment } from '../store/saved-payment.repository.js';
import {
  comeBackAfter,
  EVENT_STREAM,
  HEARTBEAT,
  lastVersionIn,
  versionEvent,
} from './event-stream.js';
import { EventStreams, type OpenStream } from './event-streams.adapter.js';
import { isSettled } from './settled.js';

const COME_BACK_AFTER_MS = 1_000;
const tooMany = {
  too_many_streams: { status: 429, title: 'The key has as many event streams as it may' },
} as const;

@ApiTags('payments')
@ApiBearerAuth()
@Controller('payments')
@UseGuards(PlatformGuard)
export class WatchPaymentController {
  constructor(
    private readonly seen: SeenPayments,
    private readonly streams: EventStreams,
    private readonly keys: ApiKeys,
  ) {}

  /**
   * Each event is the payment as `GET` shows it: what it was between two events is not told. Its id is
   * the payment's version, so a client that comes again is told only what it does not know.
   */
  @Get(':paymentId/events')
  @RequireScope('payments:read')
  @ApiOperation({ summary: 'Watch a payment until nothing more happens by itself' })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The id of the last event that was seen.',
  })
  @ApiOkResponse({
    description:
      'Events `payment`, whose `id` is the version and whose `data` is a PaymentView in JSON.',
    content: { [EVENT_STREAM]: { schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 204, description: 'All was seen, and nothing more happens by itself.' })
  @AnswersProblems(unknownPayment, tooMany)
  async watch(
    @Platform() platform: PlatformId,
    @KeyId() keyId: string,
    @Param('paymentId') paymentId: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const payment = { platform, paymentId };
    const known = lastVersionIn(lastEventId);
    const first = await this.seen.once(payment, () => true, NO_WAIT);
    if (first.version === known && isSettled(first.payment)) {
      response.status(204).end(); // an EventSource that gets it does not come again
      return;
    }
    const giveBack = this.streams.placeFor(keyId);
    if (giveBack === undefined) {
      response.setHeader('retry-after', '1');
      throw problem({ code: 'too_many_streams', ...tooMany.too_many_streams });
    }
    response.writeHead(200, {
      'content-type': EVENT_STREAM,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write(comeBackAfter(COME_BACK_AFTER_MS));
    const next = (version: number | undefined, gone: AbortSignal) =>
      this.seen.once(payment, (seen) => seen.version !== version, {
        waitMs: this.streams.limits.heartbeatMs,
        gone,
      });
    await this.streams.serve(giveBack, response, (stream) =>
      this.feed(stream, { keyId, known, next }),
    );
  }

  /** Nothing is told to a key that was revoked since the stream began. */
  private async feed(
    { over, write }: OpenStream,
    from: Readonly<{
      keyId: string;
      known: number | undefined;
      next: (known: number | undefined, gone: AbortSignal) => Promise<SavedPayment>;
    }>,
  ): Promise<void> {
    let { known } = from;
    for (;;) {
      const { version, ...shown } = await from.next(known, over);
      if (over.aborted || !(await this.keys.isStillGood(from.keyId))) return;
      if (version === known) {
        await write(HEARTBEAT);
      } else {
        await write(versionEvent(version, paymentView(shown)));
        known = version;
      }
      if (isSettled(shown.payment)) return;
    }
  }
}
