import { Notifications } from '@hutong/gateway';
import { Controller, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import type { Request, Response } from 'express';

type Refusal = Readonly<{ code: 'FAIL'; message: string }>;

/** Where WeChat tells of payments. It looks at the status alone, and sends again what is not 200 or 204. */
@Controller('notifications')
export class WechatNotificationController {
  constructor(private readonly notifications: Notifications) {}

  @Post(':account')
  @HttpCode(204)
  async receive(
    @Param('account') account: string,
    @Headers() headers: Record<string, string>,
    @Req() { rawBody }: RawBodyRequest<Request>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Refusal | undefined> {
    const body = rawBody ?? new Uint8Array();
    const receipt = await this.notifications.receive({ account, headers, body });
    if (receipt.kind === 'kept') return undefined;
    response.status(401);
    return { code: 'FAIL', message: receipt.reason };
  }
}
