import { Notifications } from '@hutong/gateway';
import { Controller, Header, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import type { Request, Response } from 'express';

/** Where UnionPay tells of what succeeded. It looks at the status alone: 200, or it sends again. */
@Controller('notifications')
export class UnionpayNotificationController {
  constructor(private readonly notifications: Notifications) {}

  @Post(':account')
  @HttpCode(200)
  @Header('Content-Type', 'text/plain; charset=utf-8')
  async receive(
    @Param('account') account: string,
    @Headers() headers: Record<string, string>,
    @Req() { rawBody }: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<'ok' | 'refused'> {
    const body = rawBody ?? new Uint8Array();
    const receipt = await this.notifications.receive({ account, headers, body });
    if (receipt.kind === 'kept') return 'ok';
    response.status(401);
    return 'refused';
  }
}
