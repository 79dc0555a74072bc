import {
  Accounts,
  SealingKeys,
  startGateway,
  type RunningGateway,
  type Surroundings,
} from '@hutong/gateway';
import { Module, type DynamicModule } from '@nestjs/common';
import { WechatAdapter } from './wechat.adapter.js';
import { PlatformKeys } from './wechat.certificates.client.js';
import { WechatClient } from './wechat.client.js';
import { readWechatAccount } from './wechat.account.config.js';
import type { WechatConfig } from './wechat.config.js';
import { WechatHttp } from './wechat.http.client.js';
import { WechatNotificationController } from './wechat.notification.controller.js';

@Module({ controllers: [WechatNotificationController] })
export class WechatModule {
  static with(gateway: DynamicModule): DynamicModule {
    return { module: WechatModule, imports: [gateway] };
  }
}

/** Starts one instance of the gateway in its role. @throws Error naming what of the accounts is bad. */
export async function startWechat(
  config: WechatConfig,
  around: Surroundings,
): Promise<RunningGateway> {
  const { api, accountsDir, sealingKeysDir } = config;
  const { clock, logger } = around;
  const sealing =
    sealingKeysDir === undefined ? undefined : await SealingKeys.open('wechat', sealingKeysDir);
  const accounts = await Accounts.open(accountsDir, readWechatAccount, logger);
  const http = new WechatHttp(api, clock);
  const keys = new PlatformKeys(http, accounts, clock, logger);
  const wechat = new WechatAdapter(new WechatClient(http, keys, clock), accounts, keys, clock);
  return startGateway({
    provider: 'wechat',
    config,
    adapter: wechat,
    closing: wechat,
    refunding: wechat,
    keys,
    ...(sealing !== undefined && { sealing }),
    accounts,
    callTimeoutMs: api.timeoutMs,
    module: (gateway) => WechatModule.with(gateway),
    around,
  });
}
