import { Controller, Get, Header, Inject, UseGuards } from '@nestjs/common';
import { Authority } from '../tls/authority.adapter.js';
import {
  credentialsOf,
  type WechatAccount,
  type WechatCredentials,
} from '../wechat/wechat-accounts.adapter.js';
import { LoopbackOnly } from './loopback-only.adapter.js';

export const WECHAT_ACCOUNTS = Symbol('the merchants of WeChat');

/** What an operator would fetch from the providers' merchant portals. */
@Controller('credentials')
@UseGuards(LoopbackOnly)
export class CredentialsController {
  constructor(
    @Inject(WECHAT_ACCOUNTS) private readonly accounts: readonly WechatAccount[],
    private readonly authority: Authority,
  ) {}

  /** What a client that comes through the proxy puts into its trust store. */
  @Get('ca.pem')
  @Header('content-type', 'application/x-pem-file')
  authorityPem(): string {
    return this.authority.pem;
  }

  @Get('wechat')
  @Header('cache-control', 'no-store')
  wechat(): readonly WechatCredentials[] {
    return this.accounts.map(credentialsOf);
  }
}
