import { Notifications } from '@hutong/gateway';
import { Controller, Header, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import type { Request, Response } from 'express';

/** Where Alipay tells of orders. It sends again until the answer is exactly this word. */
const KEPT = 'success';
const REFUSED = 'fail';

@Controller('notifications')
export class AlipayNotificationController {
  constructor(private readonly notifications: Notifications) {}

  @Post(':account')
  @HttpCode(200)
  @Header('Content-Type', 'text/plain; charset=utf-8')
  async receive(
    @Param('account') account: string,
    @Headers() headers: Record<string, string>,
    @Req() { rawBody }: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<typeof KEPT | typeof REFUSED> {
    const body = rawBody ?? new Uint8Array();
    const receipt = await this.notifications.receive({ account, headers, body });
    if (receipt.kind === 'kept') return KEPT;
    response.status(401);
    return REFUSED;
  }
}
